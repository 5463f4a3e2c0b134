/** A link of this server that an account has opened. */
export interface RecentLinkTable {
  owner: number
  /** What follows the name of the site: a username as it is written, or `+` and the hash of an invitation. */
  path: string
  date: number
}

declare module './index.ts' {
  interface Tables {
    recent_link: RecentLinkTable
  }
}
