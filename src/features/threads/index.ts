import contactsBlockFromReplies from './contacts.blockFromReplies.ts'
import messagesGetDiscussionMessage from './messages.getDiscussionMessage.ts'
import messagesGetReplies from './messages.getReplies.ts'
import messagesReadDiscussion from './messages.readDiscussion.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  contactsBlockFromReplies,
  messagesGetDiscussionMessage,
  messagesGetReplies,
  messagesReadDiscussion,
]
