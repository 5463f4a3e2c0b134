import type { Generated } from 'kysely'

/**
 * A topic in the private chat of a person and a bot, as one of the two has it: its id is that of the owner's own copy
 * of the message that opened it.
 */
export interface BotTopicTable {
  owner: number
  /** The other one. */
  peer: number
  id: number
  /** The same number on both sides: that of the message that opened it. */
  origin: number
  /** The account that opened it. */
  creator: number
  date: number
  title: string
  /** The title in lower case. */
  found_by: string
  /** The title was made up by the client: the bot is to find a better one. */
  title_missing: Generated<number>
  icon_color: number
  /** Document of a custom emoji. */
  icon_emoji: string | null
  /** Place among the pinned ones, 0 for not pinned; higher is further up. */
  pinned: Generated<number>
  top_message: number
  top_date: number
  /** How many the owner has in it, with the one that opened it. */
  messages: Generated<number>
  deleted: Generated<number>
}

declare module './index.ts' {
  interface Tables {
    bot_topic: BotTopicTable
  }
}
