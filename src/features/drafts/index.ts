import messagesClearAllDrafts from './messages.clearAllDrafts.ts'
import messagesGetAllDrafts from './messages.getAllDrafts.ts'
import messagesSaveDraft from './messages.saveDraft.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [messagesClearAllDrafts, messagesGetAllDrafts, messagesSaveDraft]
