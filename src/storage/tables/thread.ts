import type { Generated } from 'kysely'

/** What there is of a topic wherever it is. */
export interface TopicColumns {
  id: number
  /** The account that opened it. */
  creator: number
  date: number
  title: string
  /** The title in lower case. */
  found_by: string
  /** The title was made up by the client: a bot is to find a better one. */
  title_missing: Generated<number>
  icon_color: number
  /** Document of a custom emoji. */
  icon_emoji: string | null
  /** Place among the pinned ones, 0 for not pinned; higher is further up. */
  pinned: Generated<number>
  top_message: number
  top_date: number
  /** How many there are in it; of a forum's general topic nothing is counted. */
  messages: Generated<number>
  deleted: Generated<number>
}

/** A topic of a forum. Its id is that of the message that opened it, 1 for the general topic. */
export interface ForumTopicTable extends TopicColumns {
  channel_id: number
  /** Marked id of whom that shows as. */
  from_id: number
  closed: Generated<number>
  hidden: Generated<number>
  /** Up to here somebody else has read what was written. */
  read_to: Generated<number>
}

/** How far an account is in a thread or topic of a supergroup, and what it is writing there. */
export interface ThreadStateTable {
  owner: number
  /** Marked id of the supergroup. */
  peer: number
  thread: number
  read_inbox: Generated<number>
  read_outbox: Generated<number>
  /** TL DraftMessage. */
  draft: Uint8Array | null
  draft_date: Generated<number>
}

/** Forums that an account looks at as if they had no topics. */
export interface ForumAsMessagesTable {
  owner: number
  peer: number
}

/** A channel's post in its discussion group. */
export interface DiscussionTable {
  /** Marked id of the channel. */
  owner: number
  post: number
  /** Marked id of the group. */
  group_peer: number
  copy: number
  /** The copy that comments answer: of an album the first one's. */
  root: number
}

declare module './index.ts' {
  interface Tables {
    forum_topic: ForumTopicTable
    thread_state: ThreadStateTable
    forum_as_messages: ForumAsMessagesTable
    discussion: DiscussionTable
  }
}
