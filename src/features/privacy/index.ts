import accountGetContentSettings from './account.getContentSettings.ts'
import accountGetGlobalPrivacySettings from './account.getGlobalPrivacySettings.ts'
import accountGetPrivacy from './account.getPrivacy.ts'
import accountSetContentSettings from './account.setContentSettings.ts'
import accountSetGlobalPrivacySettings from './account.setGlobalPrivacySettings.ts'
import accountSetPrivacy from './account.setPrivacy.ts'
import messagesGetDefaultHistoryTTL from './messages.getDefaultHistoryTTL.ts'
import messagesSetDefaultHistoryTTL from './messages.setDefaultHistoryTTL.ts'
import usersGetRequirementsToContact from './users.getRequirementsToContact.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountGetContentSettings,
  accountGetGlobalPrivacySettings,
  accountGetPrivacy,
  accountSetContentSettings,
  accountSetGlobalPrivacySettings,
  accountSetPrivacy,
  messagesGetDefaultHistoryTTL,
  messagesSetDefaultHistoryTTL,
  usersGetRequirementsToContact,
]
