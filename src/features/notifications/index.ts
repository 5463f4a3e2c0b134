import accountGetNotifyExceptions from './account.getNotifyExceptions.ts'
import accountGetNotifySettings from './account.getNotifySettings.ts'
import accountGetSavedRingtones from './account.getSavedRingtones.ts'
import accountRegisterDevice from './account.registerDevice.ts'
import accountResetNotifySettings from './account.resetNotifySettings.ts'
import accountSaveRingtone from './account.saveRingtone.ts'
import accountUnregisterDevice from './account.unregisterDevice.ts'
import accountUpdateDeviceLocked from './account.updateDeviceLocked.ts'
import accountUpdateNotifySettings from './account.updateNotifySettings.ts'
import accountUploadRingtone from './account.uploadRingtone.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountGetNotifyExceptions,
  accountGetNotifySettings,
  accountGetSavedRingtones,
  accountRegisterDevice,
  accountResetNotifySettings,
  accountSaveRingtone,
  accountUnregisterDevice,
  accountUpdateDeviceLocked,
  accountUpdateNotifySettings,
  accountUploadRingtone,
]
