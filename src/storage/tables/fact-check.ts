/** Accounts that the operator lets check facts, and for which country: two letters, empty for all. */
export interface FactCheckerTable {
  user_id: number
  country: string
}

/** What was found out about a channel's post. */
export interface FactCheckTable {
  /** Marked id of the channel. */
  channel: number
  message_id: number
  /** Two letters of the country it is shown in, empty for all. */
  country: string
  /** TL TextWithEntities. */
  text: Uint8Array
  /** Changes with the text. Decimal. */
  hash: string
  user_id: number
  date: number
}

declare module './index.ts' {
  interface Tables {
    fact_check: FactCheckTable
    fact_checker: FactCheckerTable
  }
}
