import accountGetContactSignUpNotification from './account.getContactSignUpNotification.ts'
import accountSetContactSignUpNotification from './account.setContactSignUpNotification.ts'
import contactsAcceptContact from './contacts.acceptContact.ts'
import contactsAddContact from './contacts.addContact.ts'
import contactsBlock from './contacts.block.ts'
import contactsDeleteByPhones from './contacts.deleteByPhones.ts'
import contactsDeleteContacts from './contacts.deleteContacts.ts'
import contactsEditCloseFriends from './contacts.editCloseFriends.ts'
import contactsGetBlocked from './contacts.getBlocked.ts'
import contactsGetContactIDs from './contacts.getContactIDs.ts'
import contactsGetContacts from './contacts.getContacts.ts'
import contactsGetLocated from './contacts.getLocated.ts'
import contactsGetSaved from './contacts.getSaved.ts'
import contactsGetStatuses from './contacts.getStatuses.ts'
import contactsGetTopPeers from './contacts.getTopPeers.ts'
import contactsImportContacts from './contacts.importContacts.ts'
import contactsResetSaved from './contacts.resetSaved.ts'
import contactsResetTopPeerRating from './contacts.resetTopPeerRating.ts'
import contactsSearch from './contacts.search.ts'
import contactsSetBlocked from './contacts.setBlocked.ts'
import contactsToggleTopPeers from './contacts.toggleTopPeers.ts'
import contactsUnblock from './contacts.unblock.ts'
import contactsUpdateContactNote from './contacts.updateContactNote.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountGetContactSignUpNotification,
  accountSetContactSignUpNotification,
  contactsAcceptContact,
  contactsAddContact,
  contactsBlock,
  contactsDeleteByPhones,
  contactsDeleteContacts,
  contactsEditCloseFriends,
  contactsGetBlocked,
  contactsGetContactIDs,
  contactsGetContacts,
  contactsGetLocated,
  contactsGetSaved,
  contactsGetStatuses,
  contactsGetTopPeers,
  contactsImportContacts,
  contactsResetSaved,
  contactsResetTopPeerRating,
  contactsSearch,
  contactsSetBlocked,
  contactsToggleTopPeers,
  contactsUnblock,
  contactsUpdateContactNote,
]
