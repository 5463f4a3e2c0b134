import chatlistsCheckChatlistInvite from './chatlists.checkChatlistInvite.ts'
import chatlistsGetExportedInvites from './chatlists.getExportedInvites.ts'
import foldersEditPeerFolders from './folders.editPeerFolders.ts'
import messagesGetDialogFilters from './messages.getDialogFilters.ts'
import messagesGetSuggestedDialogFilters from './messages.getSuggestedDialogFilters.ts'
import messagesToggleDialogFilterTags from './messages.toggleDialogFilterTags.ts'
import messagesUpdateDialogFilter from './messages.updateDialogFilter.ts'
import messagesUpdateDialogFiltersOrder from './messages.updateDialogFiltersOrder.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  chatlistsCheckChatlistInvite,
  chatlistsGetExportedInvites,
  foldersEditPeerFolders,
  messagesGetDialogFilters,
  messagesGetSuggestedDialogFilters,
  messagesToggleDialogFilterTags,
  messagesUpdateDialogFilter,
  messagesUpdateDialogFiltersOrder,
]
