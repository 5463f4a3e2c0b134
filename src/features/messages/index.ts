import { expireMessage } from '../../domain/expire.ts'
import { indexOn } from '../../domain/search-index.ts'
import type { JobRunner } from '../../rpc/jobs.ts'
import channelsCheckSearchPostsFlood from './channels.checkSearchPostsFlood.ts'
import channelsGetSendAs from './channels.getSendAs.ts'
import channelsSearchPosts from './channels.searchPosts.ts'
import messagesDeleteHistory from './messages.deleteHistory.ts'
import messagesDeleteMessages from './messages.deleteMessages.ts'
import messagesEditMessage from './messages.editMessage.ts'
import messagesForwardMessages from './messages.forwardMessages.ts'
import messagesGetAvailableEffects from './messages.getAvailableEffects.ts'
import messagesGetHistory from './messages.getHistory.ts'
import messagesGetMessageEditData from './messages.getMessageEditData.ts'
import messagesGetMessages from './messages.getMessages.ts'
import messagesGetMessagesViews from './messages.getMessagesViews.ts'
import messagesGetOutboxReadDate from './messages.getOutboxReadDate.ts'
import messagesGetPersonalChannelHistory from './messages.getPersonalChannelHistory.ts'
import messagesGetRecentLocations from './messages.getRecentLocations.ts'
import messagesGetRichMessage from './messages.getRichMessage.ts'
import messagesGetSearchCounters from './messages.getSearchCounters.ts'
import messagesGetSearchResultsCalendar from './messages.getSearchResultsCalendar.ts'
import messagesGetSearchResultsPositions from './messages.getSearchResultsPositions.ts'
import messagesGetUnreadMentions from './messages.getUnreadMentions.ts'
import messagesReadHistory from './messages.readHistory.ts'
import messagesReadMentions from './messages.readMentions.ts'
import messagesReadMessageContents from './messages.readMessageContents.ts'
import messagesReceivedMessages from './messages.receivedMessages.ts'
import messagesReportMusicListen from './messages.reportMusicListen.ts'
import messagesReportReadMetrics from './messages.reportReadMetrics.ts'
import messagesSaveDefaultSendAs from './messages.saveDefaultSendAs.ts'
import messagesSearch from './messages.search.ts'
import messagesSearchGlobal from './messages.searchGlobal.ts'
import messagesSearchSentMedia from './messages.searchSentMedia.ts'
import messagesSendMedia from './messages.sendMedia.ts'
import messagesSendMessage from './messages.sendMessage.ts'
import messagesSendMultiMedia from './messages.sendMultiMedia.ts'
import messagesToggleNoForwards from './messages.toggleNoForwards.ts'
import messagesUnpinAllMessages from './messages.unpinAllMessages.ts'
import messagesUpdatePinnedMessage from './messages.updatePinnedMessage.ts'
import { burnMedia } from './read-contents.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  channelsCheckSearchPostsFlood,
  channelsGetSendAs,
  channelsSearchPosts,
  messagesDeleteHistory,
  messagesDeleteMessages,
  messagesEditMessage,
  messagesForwardMessages,
  messagesGetAvailableEffects,
  messagesGetHistory,
  messagesGetMessageEditData,
  messagesGetMessages,
  messagesGetMessagesViews,
  messagesGetOutboxReadDate,
  messagesGetPersonalChannelHistory,
  messagesGetRecentLocations,
  messagesGetRichMessage,
  messagesGetSearchCounters,
  messagesGetSearchResultsCalendar,
  messagesGetSearchResultsPositions,
  messagesGetUnreadMentions,
  messagesReadHistory,
  messagesReadMentions,
  messagesReadMessageContents,
  messagesReceivedMessages,
  messagesReportMusicListen,
  messagesReportReadMetrics,
  messagesSaveDefaultSendAs,
  messagesSearch,
  messagesSearchGlobal,
  messagesSearchSentMedia,
  messagesSendMedia,
  messagesSendMessage,
  messagesSendMultiMedia,
  messagesToggleNoForwards,
  messagesUnpinAllMessages,
  messagesUpdatePinnedMessage,
]

interface Copies {
  peer: number
  origin: number
}

export const jobs: Record<string, JobRunner> = {
  'messages.burn': (ctx, job) => burnMedia(ctx, job.owner, job.data as Copies),
  'messages.expire': (ctx, job) => expireMessage(ctx, job.owner, job.data as Copies),
  'messages.index': (ctx, job) => indexOn(ctx, job.owner),
}
