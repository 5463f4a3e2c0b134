import accountGetReactionsNotifySettings from './account.getReactionsNotifySettings.ts'
import accountSetReactionsNotifySettings from './account.setReactionsNotifySettings.ts'
import messagesClearRecentReactions from './messages.clearRecentReactions.ts'
import messagesDeleteParticipantReaction from './messages.deleteParticipantReaction.ts'
import messagesDeleteParticipantReactions from './messages.deleteParticipantReactions.ts'
import messagesGetAvailableReactions from './messages.getAvailableReactions.ts'
import messagesGetMessageReactionsList from './messages.getMessageReactionsList.ts'
import messagesGetMessagesReactions from './messages.getMessagesReactions.ts'
import messagesGetRecentReactions from './messages.getRecentReactions.ts'
import messagesGetTopReactions from './messages.getTopReactions.ts'
import messagesGetUnreadReactions from './messages.getUnreadReactions.ts'
import messagesReadReactions from './messages.readReactions.ts'
import messagesReportReaction from './messages.reportReaction.ts'
import messagesSendReaction from './messages.sendReaction.ts'
import messagesSetChatAvailableReactions from './messages.setChatAvailableReactions.ts'
import messagesSetDefaultReaction from './messages.setDefaultReaction.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountGetReactionsNotifySettings,
  accountSetReactionsNotifySettings,
  messagesClearRecentReactions,
  messagesDeleteParticipantReaction,
  messagesDeleteParticipantReactions,
  messagesGetAvailableReactions,
  messagesGetMessageReactionsList,
  messagesGetMessagesReactions,
  messagesGetRecentReactions,
  messagesGetTopReactions,
  messagesGetUnreadReactions,
  messagesReadReactions,
  messagesReportReaction,
  messagesSendReaction,
  messagesSetChatAvailableReactions,
  messagesSetDefaultReaction,
]
