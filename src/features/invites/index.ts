import channelsToggleJoinRequest from './channels.toggleJoinRequest.ts'
import channelsToggleJoinToSend from './channels.toggleJoinToSend.ts'
import messagesCheckChatInvite from './messages.checkChatInvite.ts'
import messagesDeleteExportedChatInvite from './messages.deleteExportedChatInvite.ts'
import messagesDeleteRevokedExportedChatInvites from './messages.deleteRevokedExportedChatInvites.ts'
import messagesEditExportedChatInvite from './messages.editExportedChatInvite.ts'
import messagesExportChatInvite from './messages.exportChatInvite.ts'
import messagesGetAdminsWithInvites from './messages.getAdminsWithInvites.ts'
import messagesGetChatInviteImporters from './messages.getChatInviteImporters.ts'
import messagesGetExportedChatInvite from './messages.getExportedChatInvite.ts'
import messagesGetExportedChatInvites from './messages.getExportedChatInvites.ts'
import messagesHideAllChatJoinRequests from './messages.hideAllChatJoinRequests.ts'
import messagesHideChatJoinRequest from './messages.hideChatJoinRequest.ts'
import messagesImportChatInvite from './messages.importChatInvite.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  channelsToggleJoinRequest,
  channelsToggleJoinToSend,
  messagesCheckChatInvite,
  messagesDeleteExportedChatInvite,
  messagesDeleteRevokedExportedChatInvites,
  messagesEditExportedChatInvite,
  messagesExportChatInvite,
  messagesGetAdminsWithInvites,
  messagesGetChatInviteImporters,
  messagesGetExportedChatInvite,
  messagesGetExportedChatInvites,
  messagesHideAllChatJoinRequests,
  messagesHideChatJoinRequest,
  messagesImportChatInvite,
]
