/** How often something happened in a channel within an hour. */
export interface ChannelStatTable {
  channel_id: number
  /** The message it happened to, 0 for the channel as a whole. */
  message_id: number
  /** `join`, `leave`, `view`, `share`, `react`, `mute`, `unmute`. */
  metric: string
  /** Where from, or with what: depends on the metric. */
  key: string
  /** The hour's beginning, unix seconds. */
  hour: number
  count: number
}

/** Who read in a channel on a day, so that they are counted once. */
export interface ChannelVisitTable {
  channel_id: number
  /** The day's beginning in UTC, unix seconds. */
  day: number
  user_id: number
  /** The language of the client. */
  lang: string
}

/** Where a channel's post was forwarded to, channels and supergroups alone. */
export interface ForwardPlaceTable {
  channel_id: number
  message_id: number
  date: number
  /** Marked id of the other channel, and the message there. */
  peer: number
  forward_id: number
}

declare module './index.ts' {
  interface Tables {
    channel_stat: ChannelStatTable
    channel_visit: ChannelVisitTable
    forward_place: ForwardPlaceTable
  }
}
