import type { Generated } from 'kysely'

/** Messages that the native anti-spam system of a supergroup has deleted. */
export interface AntispamVerdictTable {
  channel_id: number
  message_id: number
  user_id: number
  /** `link`, `forward`, `mentions` or `flood`. */
  reason: string
  date: number
  /** An administrator has said that it was no spam. */
  wrong: Generated<number>
  /** TL Message: what was deleted, as long as it may come back. */
  kept: Generated<Uint8Array | null>
}

declare module './index.ts' {
  interface Tables {
    antispam_verdict: AntispamVerdictTable
  }
}
