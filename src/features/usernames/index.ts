import accountCheckUsername from './account.checkUsername.ts'
import accountReorderUsernames from './account.reorderUsernames.ts'
import accountToggleUsername from './account.toggleUsername.ts'
import accountUpdateUsername from './account.updateUsername.ts'
import contactsResolveUsername from './contacts.resolveUsername.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountCheckUsername,
  accountReorderUsernames,
  accountToggleUsername,
  accountUpdateUsername,
  contactsResolveUsername,
]
