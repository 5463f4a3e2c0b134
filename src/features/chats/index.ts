import channelsConvertToGigagroup from './channels.convertToGigagroup.ts'
import channelsSetEmojiStickers from './channels.setEmojiStickers.ts'
import messagesAddChatUser from './messages.addChatUser.ts'
import messagesCreateChat from './messages.createChat.ts'
import messagesDeleteChat from './messages.deleteChat.ts'
import messagesDeleteChatUser from './messages.deleteChatUser.ts'
import messagesEditChatAbout from './messages.editChatAbout.ts'
import messagesEditChatAdmin from './messages.editChatAdmin.ts'
import messagesEditChatCreator from './messages.editChatCreator.ts'
import messagesEditChatDefaultBannedRights from './messages.editChatDefaultBannedRights.ts'
import messagesEditChatParticipantRank from './messages.editChatParticipantRank.ts'
import messagesEditChatPhoto from './messages.editChatPhoto.ts'
import messagesEditChatTitle from './messages.editChatTitle.ts'
import messagesGetChats from './messages.getChats.ts'
import messagesGetCommonChats from './messages.getCommonChats.ts'
import messagesGetFullChat from './messages.getFullChat.ts'
import messagesGetFutureChatCreatorAfterLeave from './messages.getFutureChatCreatorAfterLeave.ts'
import messagesGetMessageReadParticipants from './messages.getMessageReadParticipants.ts'
import messagesMigrateChat from './messages.migrateChat.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  channelsConvertToGigagroup,
  channelsSetEmojiStickers,
  messagesAddChatUser,
  messagesCreateChat,
  messagesDeleteChat,
  messagesDeleteChatUser,
  messagesEditChatAbout,
  messagesEditChatAdmin,
  messagesEditChatCreator,
  messagesEditChatDefaultBannedRights,
  messagesEditChatParticipantRank,
  messagesEditChatPhoto,
  messagesEditChatTitle,
  messagesGetChats,
  messagesGetCommonChats,
  messagesGetFullChat,
  messagesGetFutureChatCreatorAfterLeave,
  messagesGetMessageReadParticipants,
  messagesMigrateChat,
]
