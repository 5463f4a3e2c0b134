/** How long a channel's post was looked at, in all, as its readers' clients report it. */
export interface ReadMetricTable {
  /** Marked id of the channel. */
  owner: number
  message_id: number
  views: number
  /** Time on the screen, and of it with the reader at the device; milliseconds. */
  shown_ms: number
  active_ms: number
  /** Sum over the views of how much of the post was seen, in thousandths. */
  seen: number
}

/** How long a piece of music was listened to, in all, seconds. */
export interface MusicListenTable {
  document_id: number
  listens: number
  seconds: number
}

declare module './index.ts' {
  interface Tables {
    read_metric: ReadMetricTable
    music_listen: MusicListenTable
  }
}
