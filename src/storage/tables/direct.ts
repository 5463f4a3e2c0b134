import type { Generated } from 'kysely'

/** The direct messages between a channel and one person, in the channel's monoforum. */
export interface DirectTopicTable {
  /** The monoforum's id. */
  channel_id: number
  /** Marked id of who writes to the channel. */
  peer: number
  top_message: Generated<number>
  top_date: Generated<number>
  /** Messages there are in it. */
  messages: Generated<number>
  /** How far the other side has read what the channel answered. */
  read_outbox: Generated<number>
  /** They write for free, whatever the price. */
  free: Generated<number>
}

/** How far an administrator has read what somebody wrote to their channel. */
export interface DirectReadTable {
  channel_id: number
  user_id: number
  peer: number
  read_inbox: Generated<number>
  unread_mark: Generated<number>
}

/** A message of a monoforum that is suggested as a post of the channel. */
export interface SuggestedPostTable {
  channel_id: number
  message_id: number
  /** TL SuggestedPost. */
  tl: Uint8Array
}

/** What an account has looked for among public posts: for a day the same words cost it nothing. */
export interface PostSearchTable {
  owner: number
  date: number
  query: string
}

declare module './index.ts' {
  interface Tables {
    direct_topic: DirectTopicTable
    direct_read: DirectReadTable
    suggested_post: SuggestedPostTable
    post_search: PostSearchTable
  }
}
