import type { Generated } from 'kysely'

/**
 * A message as its owner has it. Private chats and basic groups: one copy per account, each with the account's own
 * ids; copies of one message share `origin`. Channels: one copy, owned by the channel.
 */
export interface MessageTable {
  owner: number
  id: number
  /** Marked id of the dialog. */
  peer: number
  /** Marked id of the author. */
  from_id: number
  /** The same number in every copy of one message. */
  origin: number
  out: number
  date: number
  edit_date: number | null
  edit_hide: number
  text: string
  /** TL textWithEntities without its text. */
  entities: Uint8Array | null
  /** TL MessageMedia, or RichMessage, with photos and documents in it, without access hashes or file references. */
  media: Uint8Array | null
  /** Bits of MediaKind, for search filters. */
  media_kind: number
  /** TL MessageAction: makes it a service message. */
  action: Uint8Array | null
  /** TL MessageReplyHeader. */
  reply: Uint8Array | null
  /** This owner's id of the message replied to. */
  reply_to: number | null
  /**
   * Supergroups: the message that its thread began with. In forums the topic, 1 for the general one; elsewhere what was
   * replied to first of all. The message that opened a topic has its own id.
   */
  thread: number | null
  /** How many there are in the thread that begins here; null for none. Posts of channels with a discussion group: 0. */
  replies: Generated<number | null>
  /** TL MessageFwdHeader. */
  fwd: Uint8Array | null
  /** Saved messages: the dialog it was saved from. */
  saved_peer: number | null
  via_bot: number | null
  markup: Uint8Array | null
  grouped_id: string | null
  random_id: string | null
  mentioned: number
  media_unread: number
  silent: number
  pinned: number
  noforwards: number
  invert_media: number
  effect: string | null
  /** Seconds it lives from its date on; null for ever. */
  ttl: number | null
  views: number | null
  forwards: number | null
  post_author: string | null
  from_scheduled: number
  /** Somebody has reacted: reactions are looked up for these alone. */
  reacted: Generated<number>
  /** Bits of UNSEEN: what happened to the author's message that the author has not seen. */
  unseen: Generated<number>
  /** Channels: the account that said it, also where it shows as the channel's own. Null in accounts' copies. */
  sender: number | null
  /** Supergroups: how many boosts of it were its author's then. */
  from_boosts: Generated<number>
}

/** A dialog in an account's list. */
export interface DialogTable {
  owner: number
  peer: number
  top_message: Generated<number>
  /** Date of the top message (or of the dialog's start): the order of the list. */
  top_date: Generated<number>
  read_inbox: Generated<number>
  read_outbox: Generated<number>
  unread: Generated<number>
  unread_mentions: Generated<number>
  /** Own messages with reactions, and own polls with votes, that the owner has not seen. */
  unread_reactions: Generated<number>
  unread_votes: Generated<number>
  unread_mark: Generated<number>
  /** Place among the pinned ones, 0 for not pinned; higher is further up. */
  pinned: Generated<number>
  folder: Generated<number>
  /** TL DraftMessage. */
  draft: Uint8Array | null
  draft_date: Generated<number>
  ttl: Generated<number>
  /** Left the list (history deleted), kept for its read marks. */
  hidden: Generated<number>
  /** The bar of PeerSettings was dismissed. */
  bar_hidden: Generated<number>
  /** The account keeps the other side from forwarding and saving. */
  noforwards: Generated<number>
  /** How many messages the owner has in it. */
  messages: Generated<number>
}

/** When an account read how far in a dialog, by its own ids: read receipts. Kept for some days. */
export interface ReadMarkTable {
  owner: number
  peer: number
  max_id: number
  date: number
}

/** How far an account's messages are in the full-text index. No row: nobody has searched yet. */
export interface MessageIndexedTable {
  owner: number
  max_id: number
}

/** Up to which message an account's clients have said that they need no notifications. */
export interface ReceivedTable {
  owner: number
  max_id: number
}

declare module './index.ts' {
  interface Tables {
    message: MessageTable
    dialog: DialogTable
    read_mark: ReadMarkTable
    message_indexed: MessageIndexedTable
    received: ReceivedTable
  }
}
