import messagesDeleteFactCheck from './messages.deleteFactCheck.ts'
import messagesEditFactCheck from './messages.editFactCheck.ts'
import messagesGetFactCheck from './messages.getFactCheck.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [messagesDeleteFactCheck, messagesEditFactCheck, messagesGetFactCheck]
