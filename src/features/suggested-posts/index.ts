import messagesToggleSuggestedPostApproval from './messages.toggleSuggestedPostApproval.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [messagesToggleSuggestedPostApproval]
