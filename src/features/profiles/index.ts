import accountGetDefaultBackgroundEmojis from './account.getDefaultBackgroundEmojis.ts'
import accountGetSavedMusicIds from './account.getSavedMusicIds.ts'
import accountSaveMusic from './account.saveMusic.ts'
import accountSetMainProfileTab from './account.setMainProfileTab.ts'
import accountUpdateBirthday from './account.updateBirthday.ts'
import accountUpdateColor from './account.updateColor.ts'
import accountUpdatePersonalChannel from './account.updatePersonalChannel.ts'
import accountUpdateProfile from './account.updateProfile.ts'
import accountUpdateStatus from './account.updateStatus.ts'
import channelsSetMainProfileTab from './channels.setMainProfileTab.ts'
import channelsUpdateColor from './channels.updateColor.ts'
import contactsGetBirthdays from './contacts.getBirthdays.ts'
import helpGetPeerColors from './help.getPeerColors.ts'
import helpGetPeerProfileColors from './help.getPeerProfileColors.ts'
import photosDeletePhotos from './photos.deletePhotos.ts'
import photosGetUserPhotos from './photos.getUserPhotos.ts'
import photosUpdateProfilePhoto from './photos.updateProfilePhoto.ts'
import photosUploadContactProfilePhoto from './photos.uploadContactProfilePhoto.ts'
import photosUploadProfilePhoto from './photos.uploadProfilePhoto.ts'
import usersGetSavedMusic from './users.getSavedMusic.ts'
import usersGetSavedMusicByID from './users.getSavedMusicByID.ts'
import usersSuggestBirthday from './users.suggestBirthday.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountGetDefaultBackgroundEmojis,
  accountGetSavedMusicIds,
  accountSaveMusic,
  accountSetMainProfileTab,
  accountUpdateBirthday,
  accountUpdateColor,
  accountUpdatePersonalChannel,
  accountUpdateProfile,
  accountUpdateStatus,
  channelsSetMainProfileTab,
  channelsUpdateColor,
  contactsGetBirthdays,
  helpGetPeerColors,
  helpGetPeerProfileColors,
  photosDeletePhotos,
  photosGetUserPhotos,
  photosUpdateProfilePhoto,
  photosUploadContactProfilePhoto,
  photosUploadProfilePhoto,
  usersGetSavedMusic,
  usersGetSavedMusicByID,
  usersSuggestBirthday,
]
