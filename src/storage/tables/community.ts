import type { Generated } from 'kysely'

/** A community: channels and groups under one name. Its id is one of the channels' ids. */
export interface CommunityTable {
  id: number
  title: string
  about: Generated<string>
  creator: number
  date: number
  /** Whoever is in it and owns a chat may link it without being asked for. */
  open_links: Generated<number>
  deleted: Generated<number>
  photo_id: Generated<number | null>
}

/** What is linked to a community: a channel or supergroup is linked to one at most. */
export interface CommunityPeerTable {
  community: number
  /** Marked id. */
  peer: number
  /** Shown to everybody, not to its administrators alone. */
  visible: number
  date: number
}

/** Chats whose owners want them to be linked, until an administrator of the community decides. */
export interface CommunityRequestTable {
  community: number
  peer: number
  visible: number
  requested_by: number
  date: number
}

/** Who administers a community, was banned from it, or has it folded up among their dialogs. */
export interface CommunityMemberTable {
  community: number
  user_id: number
  /** TL ChatAdminRights of an administrator. */
  admin_rights: Uint8Array | null
  banned: Generated<number>
  collapsed: Generated<number>
  /** The rank among the pinned dialogs of who has it folded up: the highest stands first; 0 for not pinned. */
  pinned: Generated<number>
  /** Who made them an administrator, or banned them, and when. */
  changed_by: Generated<number>
  changed_at: Generated<number>
}

declare module './index.ts' {
  interface Tables {
    community: CommunityTable
    community_peer: CommunityPeerTable
    community_request: CommunityRequestTable
    community_member: CommunityMemberTable
  }
}
