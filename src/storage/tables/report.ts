/** What accounts have reported, for the operator to look at (`chappe reports`). The same report again replaces it. */
export interface ReportTable {
  reporter: number
  /** REPORT kinds in domain/reports.ts. */
  kind: string
  /** The chat, or the account. */
  peer: number
  /** The option or reason that was chosen. */
  reason: string
  /** Ids of messages, or of a photo or a secret chat, with commas between. */
  ids: string
  comment: string
  /** What the first of the messages says, since it may be gone when the operator looks. */
  excerpt: string
  date: number
}

declare module './index.ts' {
  interface Tables {
    report: ReportTable
  }
}
