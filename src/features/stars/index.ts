import accountToggleNoPaidMessagesException from './account.toggleNoPaidMessagesException.ts'
import channelsUpdatePaidMessagesPrice from './channels.updatePaidMessagesPrice.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [accountToggleNoPaidMessagesException, channelsUpdatePaidMessagesPrice]
