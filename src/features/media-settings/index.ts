import accountDeleteAutoSaveExceptions from './account.deleteAutoSaveExceptions.ts'
import accountGetAutoDownloadSettings from './account.getAutoDownloadSettings.ts'
import accountGetAutoSaveSettings from './account.getAutoSaveSettings.ts'
import accountSaveAutoDownloadSettings from './account.saveAutoDownloadSettings.ts'
import accountSaveAutoSaveSettings from './account.saveAutoSaveSettings.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountDeleteAutoSaveExceptions,
  accountGetAutoDownloadSettings,
  accountGetAutoSaveSettings,
  accountSaveAutoDownloadSettings,
  accountSaveAutoSaveSettings,
]
