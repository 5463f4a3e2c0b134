/** A link by which others get a folder of its owner. */
export interface ChatlistInviteTable {
  owner: number
  slug: string
  filter_id: number
  title: string
  date: number
  /** Marked ids of what is shared, JSON. */
  peers: string
}

/** A folder that came by another's link. */
export interface ChatlistJoinedTable {
  owner: number
  filter_id: number
  slug: string
  /** Marked ids that were new and that its owner does not want to be told of again, JSON. */
  hidden: string
  /** Marked ids that its owner came into with the folder, JSON. */
  joined: string
}

declare module './index.ts' {
  interface Tables {
    chatlist_invite: ChatlistInviteTable
    chatlist_joined: ChatlistJoinedTable
  }
}
