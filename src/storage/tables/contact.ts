import type { Generated } from 'kysely'

/** Whom an account knows, under which name; a row per (account, other). */
export interface ContactTable {
  owner: number
  user_id: number
  first_name: string
  last_name: string
  /** Phone as the owner saved it. */
  phone: string
  note: Uint8Array | null
  close_friend: Generated<number>
  /** A photo the owner chose for this contact. */
  photo_id: number | null
  created_at: number
}

/** Blocked peers. `stories` is the separate list of those who may not see stories. */
export interface BlockTable {
  owner: number
  peer: number
  stories: number
  date: number
}

/** Privacy rules, a row per (account, key name as in TL, `phoneNumber`). No row: the default. */
export interface PrivacyTable {
  owner: number
  key: string
  /** JSON: {all|contacts|none..., allow: number[], deny: number[], allowChats, denyChats ...}. */
  rules: string
}

declare module './index.ts' {
  interface Tables {
    contact: ContactTable
    block: BlockTable
    privacy: PrivacyTable
  }
}
