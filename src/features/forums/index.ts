import channelsToggleForum from './channels.toggleForum.ts'
import channelsToggleViewForumAsMessages from './channels.toggleViewForumAsMessages.ts'
import messagesCreateForumTopic from './messages.createForumTopic.ts'
import messagesDeleteTopicHistory from './messages.deleteTopicHistory.ts'
import messagesEditForumTopic from './messages.editForumTopic.ts'
import messagesGetForumTopics from './messages.getForumTopics.ts'
import messagesGetForumTopicsByID from './messages.getForumTopicsByID.ts'
import messagesReorderPinnedForumTopics from './messages.reorderPinnedForumTopics.ts'
import messagesUpdatePinnedForumTopic from './messages.updatePinnedForumTopic.ts'

/** The methods of this folder, in the order of their names. The channels.* names of older layers lead to them, too. */
export const methods = [
  channelsToggleForum,
  channelsToggleViewForumAsMessages,
  messagesCreateForumTopic,
  messagesDeleteTopicHistory,
  messagesEditForumTopic,
  messagesGetForumTopics,
  messagesGetForumTopicsByID,
  messagesReorderPinnedForumTopics,
  messagesUpdatePinnedForumTopic,
]
