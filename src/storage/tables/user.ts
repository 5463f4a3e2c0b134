import type { Generated } from 'kysely'

/** An account: a person's or a bot's. Owner of its box under the same id. */
export interface UserTable {
  id: number
  /** Digits only; null for bots and deleted accounts. */
  phone: string | null
  first_name: string
  last_name: Generated<string>
  about: Generated<string>
  /** The editable username, as its owner wrote it; all active ones are in table `username`. */
  username: string | null
  bot: Generated<number>
  deleted: Generated<number>
  banned: Generated<number>
  support: Generated<number>
  premium: Generated<number>
  verified: Generated<number>
  /** Current profile photo, shown photo for people who may not see it. */
  photo_id: number | null
  fallback_photo_id: number | null
  /** Online until then while in the future; last seen when in the past. 0: never. */
  online_until: Generated<number>
  birth_day: number | null
  birth_month: number | null
  birth_year: number | null
  /** TL PeerColor and EmojiStatus. */
  color: Uint8Array | null
  profile_color: Uint8Array | null
  emoji_status: Uint8Array | null
  personal_channel: number | null
  /** GlobalPrivacySettings as TL. */
  global_privacy: Uint8Array | null
  sensitive: Generated<number>
  /** Default TTL of new chats in seconds, 0 none. */
  history_ttl: Generated<number>
  /** Days without use after which the account is deleted. */
  account_ttl: Generated<number>
  /** Days after which unused authorizations end. */
  authorization_ttl: Generated<number>
  /** Bots: the hash of the token's secret half. */
  bot_token: string | null
  /** Bots: its private chats have topics, and people may open and delete them there. */
  bot_forum: Generated<number>
  bot_forum_users: Generated<number>
  /** The tab that a profile opens with: the end of a ProfileTab's name, `Media`. */
  main_tab: string | null
  created_at: number
}

/** Every username in use, whoever has it; compared in lower case. */
export interface UsernameTable {
  name: string
  /** Marked id of the account or channel. */
  owner: number
  /** As its owner wrote it. */
  shown: string
  active: number
  editable: number
  position: number
}

declare module './index.ts' {
  interface Tables {
    user: UserTable
    username: UsernameTable
  }
}
