import type { Generated } from 'kysely'

/** A message that waits to be sent, in its author's queue of that dialog. Columns as in `message`. */
export interface ScheduledMessageTable {
  owner: number
  peer: number
  /** Of the queue's own sequence. */
  id: number
  /** When it is to be sent; 0x7ffffffe: when the other side comes online. */
  date: number
  edit_date: number | null
  text: string
  entities: Uint8Array | null
  media: Uint8Array | null
  reply: Uint8Array | null
  reply_to: number | null
  /** The message replied to is in a chat that only the author has. */
  reply_alone: Generated<number>
  fwd: Uint8Array | null
  saved_peer: number | null
  via_bot: number | null
  markup: Uint8Array | null
  grouped_id: string | null
  random_id: string | null
  /** JSON: accounts named in the text. */
  mentions: string | null
  silent: number
  noforwards: number
  invert_media: number
  effect: string | null
  ttl: number | null
  post_author: string | null
  /** Seconds after which it is sent again; null for once. */
  repeat_period: number | null
  /** In whose name it will be said (marked id); null for the usual. */
  send_as: number | null
  /** Channels: the administrator whose message it is, in the channel's queue. Null where that is the owner. */
  author: number | null
}

/** The last id handed out in a queue, so that none is used twice. Locked by whoever changes the queue. */
export interface ScheduledQueueTable {
  owner: number
  peer: number
  last_id: number
}

declare module './index.ts' {
  interface Tables {
    scheduled_message: ScheduledMessageTable
    scheduled_queue: ScheduledQueueTable
  }
}
