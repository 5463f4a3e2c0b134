import contactsExportContactToken from './contacts.exportContactToken.ts'
import contactsImportContactToken from './contacts.importContactToken.ts'
import helpGetDeepLinkInfo from './help.getDeepLinkInfo.ts'
import helpGetRecentMeUrls from './help.getRecentMeUrls.ts'
import messagesStartBot from './messages.startBot.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  contactsExportContactToken,
  contactsImportContactToken,
  helpGetDeepLinkInfo,
  helpGetRecentMeUrls,
  messagesStartBot,
]
