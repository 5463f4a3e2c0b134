import type { Generated } from 'kysely'

/** A basic group. */
export interface ChatTable {
  /** Positive id as in TL; its marked id is the negative of it. */
  id: number
  title: string
  about: Generated<string>
  creator: number
  photo_id: number | null
  date: number
  /** Bumped with every change of the members. */
  version: number
  /** TL ChatBannedRights: what members may not do. */
  default_banned: Uint8Array | null
  noforwards: Generated<number>
  deactivated: Generated<number>
  /** The supergroup it became. */
  migrated_to: number | null
  ttl: Generated<number>
  /** Members now. */
  count: number
  /** TL ChatReactions, null for all. */
  reactions: Uint8Array | null
  /** How many different reactions a message may have; null for as many as anywhere. */
  reactions_limit: number | null
}

/** Members of basic groups, and those who were. */
export interface ChatMemberTable {
  chat_id: number
  user_id: number
  inviter: number
  date: number
  /** 0 member, 1 admin, 2 creator. */
  role: Generated<number>
  rank: string | null
  /** 0 in, 1 left by themselves, 2 removed: may not be seen, only known. */
  gone: Generated<number>
}

declare module './index.ts' {
  interface Tables {
    chat: ChatTable
    chat_member: ChatMemberTable
  }
}
