import type { Generated } from 'kysely'

/** What a bot and one member of a group say to each other there, unseen by the others. */
export interface EphemeralMessageTable {
  /** Marked id of the group. */
  peer: number
  id: number
  /** Marked id of who says it: one of the two, or the group itself to who has just come in. */
  from_id: number
  receiver: number
  date: number
  text: string
  entities: Uint8Array | null
  /** TL MessageMedia and ReplyMarkup. */
  media: Uint8Array | null
  markup: Uint8Array | null
  /** Another one of these that it answers. */
  reply_to: number | null
  /** TL messageReplyHeader of an ordinary message that it answers, by its sender's number of that. */
  reply: Uint8Array | null
  /** The receiver's number of the same, null where they do not have it. */
  reply_receiver: number | null
  /** Forums: the topic it is said in, null for the general one. */
  topic: number | null
  invert_media: Generated<number>
  noforwards: Generated<number>
  /** Decimal; what its sender's client named it by. */
  random_id: string | null
}

/** What a group says to everybody who comes in. */
export interface WelcomeMessageTable {
  peer: number
  id: number
  date: number
  /** Grows with each edit. */
  version: Generated<number>
  text: string
  entities: Uint8Array | null
  media: Uint8Array | null
  markup: Uint8Array | null
  invert_media: Generated<number>
  noforwards: Generated<number>
}

/** A button of a bot's that somebody has pressed, until the bot has answered. */
export interface CallbackQueryTable {
  id: number
  bot: number
  user_id: number
  peer: number
  message_id: number
  date: number
  /** TL messages.BotCallbackAnswer. */
  answer: Uint8Array | null
}

declare module './index.ts' {
  interface Tables {
    ephemeral_message: EphemeralMessageTable
    welcome_message: WelcomeMessageTable
    callback_query: CallbackQueryTable
  }
}
