import type { Generated } from 'kysely'

/** A link by which people come into a group or channel. */
export interface ChatInviteTable {
  /** Marked id of the group or channel. */
  peer: number
  hash: string
  admin: number
  title: string | null
  date: number
  /** When it was changed last, 0 for never. */
  edited: Generated<number>
  /** 0: never. */
  expires: Generated<number>
  /** How many may come by it, 0 for any number; how many have. */
  usage_limit: Generated<number>
  used: Generated<number>
  request_needed: Generated<number>
  permanent: Generated<number>
  revoked: Generated<number>
}

/** Who came by a link, or asked to. */
export interface ChatInviteUserTable {
  peer: number
  user_id: number
  /** '' for who asked without a link. */
  hash: string
  date: number
  /** 1 while they wait to be let in. */
  requested: Generated<number>
  about: string | null
  approved_by: number | null
  /** They came with a folder that was shared. */
  via_chatlist: Generated<number>
}

declare module './index.ts' {
  interface Tables {
    chat_invite: ChatInviteTable
    chat_invite_user: ChatInviteUserTable
  }
}
