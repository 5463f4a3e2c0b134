import type { Generated } from 'kysely'

/**
 * A reaction to a message. `origin` is the same in every copy of the message, so all copies show the same reactions;
 * it stands for the owner here.
 */
export interface ReactionTable {
  origin: number
  /** Marked id of who reacted. */
  peer: number
  /** An emoji, or `custom:` and the id of its document. */
  reaction: string
  /** Its place among that person's reactions to the message. */
  n: number
  date: number
  big: Generated<number>
  /** The message's author has not seen it. */
  unread: Generated<number>
}

/** How many reacted how, kept so that a message with very many reactions costs no more than one with few. */
export interface ReactionCountTable {
  origin: number
  reaction: string
  count: number
  /** When the first of them came: the order of those with the same count. */
  date: number
}

/** How often, and when last, an account used a reaction. */
export interface ReactionUseTable {
  owner: number
  reaction: string
  uses: number
  /** Date of the last use that was to be remembered, 0 for none. */
  recent_ms: Generated<number>
}

/** What an account has set about reactions; no row: nothing. */
export interface ReactionSettingTable {
  owner: number
  /** The reaction of a double tap. */
  default_reaction: string | null
  /** TL ReactionsNotifySettings. */
  notify: Uint8Array | null
}

/** The name an account has given a tag of its saved messages. */
export interface SavedTagTable {
  owner: number
  reaction: string
  title: string
}

/** Reactions that somebody complained of. */
export interface ReactionReportTable {
  owner: number
  origin: number
  peer: number
  date: number
}

declare module './index.ts' {
  interface Tables {
    reaction: ReactionTable
    reaction_count: ReactionCountTable
    reaction_use: ReactionUseTable
    reaction_setting: ReactionSettingTable
    saved_tag: SavedTagTable
    reaction_report: ReactionReportTable
  }
}
