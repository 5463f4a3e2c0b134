import type { Generated } from 'kysely'

/** What the operator shows in channels, with bots and in searches. */
export interface AdTable {
  id: number
  title: string
  text: string
  /** TL vector of entities; null without. */
  entities: Uint8Array | null
  url: string
  button: string
  /** Marked id of the channel or bot it is for; null for what is elsewhere. */
  peer: number | null
  /** TL MessageMedia. */
  media: Uint8Array | null
  recommended: Generated<number>
  /** Shown over channels' videos instead of among their posts. */
  video: Generated<number>
  sponsor_info: string | null
  additional_info: string | null
  /** How often it is shown and followed at most; null for no end. */
  max_views: number | null
  max_clicks: number | null
  views: Generated<number>
  clicks: Generated<number>
  /** Of the clicks those on its picture or video, and those on a video that fills the screen. */
  media_clicks: Generated<number>
  fullscreen_clicks: Generated<number>
  reports: Generated<number>
  date: number
}

/** Where an ad is shown. */
export interface AdTargetTable {
  /** `channel:ID` or `bot:ID`, `channels` and `bots` for all of them, `search:WORD`. */
  target: string
  ad_id: number
}

/** What an account did with an ad. */
export interface AdSeenTable {
  owner: number
  ad_id: number
  viewed_at: Generated<number>
  clicked_at: Generated<number>
  reported: Generated<number>
}

/** Accounts with Premium that have ads shown, and accounts that have them hidden. */
export interface AdChoiceTable {
  owner: number
  shown: number
}

declare module './index.ts' {
  interface Tables {
    ad: AdTable
    ad_target: AdTargetTable
    ad_seen: AdSeenTable
    ad_choice: AdChoiceTable
  }
}
