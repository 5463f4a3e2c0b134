import type { Generated } from 'kysely'

/** A poll, whatever messages it is in: forwards share its votes. */
export interface PollTable {
  id: number
  creator: number
  date: number
  /** TL MessageMediaPoll with its correct answers and explanation, as only the server sees it. */
  tl: Uint8Array
  public: number
  /** The channel where it was posted first, by its marked id. */
  posted_in: number | null
  closed: Generated<number>
  close_date: number | null
  /** How many have voted. */
  voters: Generated<number>
  /** Grows with every change: the hash by which clients tell what they have. */
  version: Generated<number>
}

/** How many voted for an answer. */
export interface PollOptionTable {
  poll_id: number
  /** The option's bytes in hex. */
  option: string
  voters: number
}

/** Who voted, and when. */
export interface PollVoterTable {
  poll_id: number
  peer: number
  date: number
}

/** For what they voted. */
export interface PollChoiceTable {
  poll_id: number
  option: string
  peer: number
  date: number
}

/** The messages a poll is in: whoever has one of their copies is told of votes. */
export interface PollPlaceTable {
  poll_id: number
  origin: number
  /** Who sent it, and where to: how its copies are found. */
  owner: number
  peer: number
}

declare module './index.ts' {
  interface Tables {
    poll: PollTable
    poll_option: PollOptionTable
    poll_voter: PollVoterTable
    poll_choice: PollChoiceTable
    poll_place: PollPlaceTable
  }
}
