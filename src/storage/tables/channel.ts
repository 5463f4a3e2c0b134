import type { Generated } from 'kysely'

/** A channel or supergroup. Owner of its box and of its messages under its marked id. */
export interface ChannelTable {
  /** Positive id as in TL. */
  id: number
  title: string
  about: Generated<string>
  creator: number
  /** Supergroups have 1, broadcast channels 0. */
  megagroup: number
  gigagroup: Generated<number>
  forum: Generated<number>
  /** Forums: clients show the topics as tabs. */
  forum_tabs: Generated<number>
  /** Messages up to here may be from times when it was no forum: all of them that are in no topic are general. */
  forum_since: Generated<number>
  date: number
  photo_id: number | null
  /** TL ChatBannedRights: what members may not do. */
  default_banned: Uint8Array | null
  /** Seconds between two messages of one member. */
  slowmode: Generated<number>
  /** The discussion group of a channel, the channel of a discussion group. */
  linked: number | null
  signatures: Generated<number>
  signature_profiles: Generated<number>
  noforwards: Generated<number>
  join_to_send: Generated<number>
  join_request: Generated<number>
  hidden_prehistory: Generated<number>
  participants_hidden: Generated<number>
  /** Spam is looked for in what members say. */
  antispam: Generated<number>
  /** Posts show translated to whoever has that on. */
  autotranslation: Generated<number>
  /** No sponsored messages are shown in it. */
  no_sponsored: Generated<number>
  /** The community that it is linked to. */
  community: number | null
  ttl: Generated<number>
  /** TL ChannelLocation. */
  location: Uint8Array | null
  /** TL ChatReactions, null for all. */
  reactions: Uint8Array | null
  /** How many different reactions a message may have; null for as many as anywhere. */
  reactions_limit: number | null
  /** The basic group it was. */
  migrated_from: number | null
  /** Counters: people in it, administrators among them, removed ones, restricted ones. */
  members: Generated<number>
  admins: Generated<number>
  kicked: Generated<number>
  banned: Generated<number>
  top_message: Generated<number>
  top_date: Generated<number>
  /** Messages there are. */
  messages: Generated<number>
  /** Up to here somebody else has read what was written. */
  read_to: Generated<number>
  /** Messages up to here are gone for everybody. */
  cleared_to: Generated<number>
  /** Bumped with every change of members or rights. */
  version: Generated<number>
  deleted: Generated<number>
  /** Supergroups: the sets of stickers and of custom emoji that their members are offered. */
  sticker_set: number | null
  emoji_set: number | null
  /** How many boosts it has. */
  boosts: Generated<number>
  /** Supergroups: whose so many boosts are, slow mode and everybody's restrictions do not hold; 0 for nobody. */
  boosts_unrestrict: Generated<number>
  /** TL PeerColor. */
  color: Uint8Array | null
  profile_color: Uint8Array | null
  /** The tab that its profile opens with: the end of a ProfileTab's name, `Media`. */
  main_tab: string | null
  /** Stars that a message costs: a member's in a supergroup, anybody's in a channel's direct messages. */
  paid_stars: Generated<number>
  /** Channels: they take direct messages. */
  direct_messages: Generated<number>
  /** Supergroups: they hold the direct messages of the channel they are linked to. */
  monoforum: Generated<number>
  /** The monoforum of a channel, the channel of a monoforum. */
  monoforum_link: number | null
}

/** Who is, was, or may not be in a channel. */
export interface ChannelMemberTable {
  channel_id: number
  user_id: number
  inviter: number
  date: number
  /** 0 in, 1 left by themselves, 2 removed and kept out. */
  state: Generated<number>
  /** 0 member, 1 admin, 2 creator. */
  role: Generated<number>
  /** TL ChatAdminRights of an administrator. */
  admin_rights: Uint8Array | null
  rank: string | null
  promoted_by: number | null
  /** TL ChatBannedRights of who is restricted or removed. */
  banned_rights: Uint8Array | null
  /** When that ends, 0 never. */
  banned_until: Generated<number>
  kicked_by: number | null
  banned_date: Generated<number>
  /** Messages up to here are not for them. */
  min_id: Generated<number>
  /** When they last said something, for slow mode. */
  last_sent: Generated<number>
  via_request: Generated<number>
  /** How many of its boosts are theirs. */
  boosts: Generated<number>
  /** In whose name they speak (marked id) when they do not say. */
  send_as: number | null
  /** Who was invited may look into it until then, without coming in. */
  peek_until: Generated<number>
}

/** What administrators and members did, for the recent actions. */
export interface ChannelEventTable {
  channel_id: number
  id: number
  date: number
  user_id: number
  /** The field of ChannelAdminLogEventsFilter that finds it. */
  kind: string
  /** TL ChannelAdminLogEventAction. */
  action: Uint8Array
  /** What it is searched by, in lower case. */
  text: string
}

/** Messages of a channel that name a member, or answer them. */
export interface ChannelMentionTable {
  channel_id: number
  user_id: number
  message_id: number
  seen: Generated<number>
}

/** Posts that somebody has seen, so that a view counts once; voice messages that somebody has listened to. */
export interface ChannelSeenTable {
  channel_id: number
  message_id: number
  user_id: number
  /** `view` or `heard`. */
  what: string
}

declare module './index.ts' {
  interface Tables {
    channel: ChannelTable
    channel_member: ChannelMemberTable
    channel_event: ChannelEventTable
    channel_mention: ChannelMentionTable
    channel_seen: ChannelSeenTable
  }
}
