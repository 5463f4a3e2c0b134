import chatlistsCheckChatlistInvite from './chatlists.checkChatlistInvite.ts'
import chatlistsDeleteExportedInvite from './chatlists.deleteExportedInvite.ts'
import chatlistsEditExportedInvite from './chatlists.editExportedInvite.ts'
import chatlistsExportChatlistInvite from './chatlists.exportChatlistInvite.ts'
import chatlistsGetChatlistUpdates from './chatlists.getChatlistUpdates.ts'
import chatlistsGetExportedInvites from './chatlists.getExportedInvites.ts'
import chatlistsGetLeaveChatlistSuggestions from './chatlists.getLeaveChatlistSuggestions.ts'
import chatlistsHideChatlistUpdates from './chatlists.hideChatlistUpdates.ts'
import chatlistsJoinChatlistInvite from './chatlists.joinChatlistInvite.ts'
import chatlistsJoinChatlistUpdates from './chatlists.joinChatlistUpdates.ts'
import chatlistsLeaveChatlist from './chatlists.leaveChatlist.ts'
import foldersEditPeerFolders from './folders.editPeerFolders.ts'
import messagesGetDialogFilters from './messages.getDialogFilters.ts'
import messagesGetSuggestedDialogFilters from './messages.getSuggestedDialogFilters.ts'
import messagesToggleDialogFilterTags from './messages.toggleDialogFilterTags.ts'
import messagesUpdateDialogFilter from './messages.updateDialogFilter.ts'
import messagesUpdateDialogFiltersOrder from './messages.updateDialogFiltersOrder.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  chatlistsCheckChatlistInvite,
  chatlistsDeleteExportedInvite,
  chatlistsEditExportedInvite,
  chatlistsExportChatlistInvite,
  chatlistsGetChatlistUpdates,
  chatlistsGetExportedInvites,
  chatlistsGetLeaveChatlistSuggestions,
  chatlistsHideChatlistUpdates,
  chatlistsJoinChatlistInvite,
  chatlistsJoinChatlistUpdates,
  chatlistsLeaveChatlist,
  foldersEditPeerFolders,
  messagesGetDialogFilters,
  messagesGetSuggestedDialogFilters,
  messagesToggleDialogFilterTags,
  messagesUpdateDialogFilter,
  messagesUpdateDialogFiltersOrder,
]
