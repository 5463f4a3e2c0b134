import accountCheckUsername from './account.checkUsername.ts'
import accountReorderUsernames from './account.reorderUsernames.ts'
import accountToggleUsername from './account.toggleUsername.ts'
import accountUpdateUsername from './account.updateUsername.ts'
import channelsCheckUsername from './channels.checkUsername.ts'
import channelsDeactivateAllUsernames from './channels.deactivateAllUsernames.ts'
import channelsReorderUsernames from './channels.reorderUsernames.ts'
import channelsToggleUsername from './channels.toggleUsername.ts'
import channelsUpdateUsername from './channels.updateUsername.ts'
import contactsResolveUsername from './contacts.resolveUsername.ts'
import fragmentGetCollectibleInfo from './fragment.getCollectibleInfo.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountCheckUsername,
  accountReorderUsernames,
  accountToggleUsername,
  accountUpdateUsername,
  channelsCheckUsername,
  channelsDeactivateAllUsernames,
  channelsReorderUsernames,
  channelsToggleUsername,
  channelsUpdateUsername,
  contactsResolveUsername,
  fragmentGetCollectibleInfo,
]
