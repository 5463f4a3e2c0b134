import type { TopicColumns } from './thread.ts'

/**
 * A topic in the private chat of a person and a bot, as one of the two has it: its id is that of the owner's own copy
 * of the message that opened it.
 */
export interface BotTopicTable extends TopicColumns {
  owner: number
  /** The other one. */
  peer: number
  /** The same number on both sides: that of the message that opened it. */
  origin: number
}

declare module './index.ts' {
  interface Tables {
    bot_topic: BotTopicTable
  }
}
