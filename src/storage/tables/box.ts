/** The update state of an account or a channel: the last place in its log, and the counters that clients know. */
export interface BoxTable {
  owner: number
  pos: number
  pts: number
  qts: number
  date: number
  /** The newest message id of this owner. */
  message_id: number
}

/** What happened to a box, in order: facts, rendered for each viewer when they are read. */
export interface LogTable {
  owner: number
  /** Counts every fact, with or without pts. */
  pos: number
  /** The box's pts after this fact. */
  pts: number
  pts_count: number
  qts: number
  date: number
  kind: string
  /** The message that the fact names, if it names one. */
  ref: number | null
  data: Uint8Array | null
}

declare module './index.ts' {
  interface Tables {
    box: BoxTable
    log: LogTable
  }
}
