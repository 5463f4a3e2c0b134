import accountToggleSponsoredMessages from './account.toggleSponsoredMessages.ts'
import channelsRestrictSponsoredMessages from './channels.restrictSponsoredMessages.ts'
import contactsGetSponsoredPeers from './contacts.getSponsoredPeers.ts'
import messagesClickSponsoredMessage from './messages.clickSponsoredMessage.ts'
import messagesGetSponsoredMessages from './messages.getSponsoredMessages.ts'
import messagesReportSponsoredMessage from './messages.reportSponsoredMessage.ts'
import messagesViewSponsoredMessage from './messages.viewSponsoredMessage.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountToggleSponsoredMessages,
  channelsRestrictSponsoredMessages,
  contactsGetSponsoredPeers,
  messagesClickSponsoredMessage,
  messagesGetSponsoredMessages,
  messagesReportSponsoredMessage,
  messagesViewSponsoredMessage,
]
