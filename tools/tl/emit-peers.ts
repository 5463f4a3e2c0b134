// Which fields of which constructors are ids of users, chats and channels. Names alone decide, so every name of an
// int53 is in one of these lists, reviewed by hand, and a new one stops the generator until somebody has.
import type { Combinator } from '../../src/tl/schema.ts'

const USER = 0
const CHAT = 1
const CHANNEL = 2

const USERS =
  'actor_id admin_id approved_by author_id auto_setting_from bot_id bot_manager_id business_bot_id contact_id ' +
  'exclude_users from_id guard_bot_id inviter_id kicked_by new_creator_id other_uids owner_id participant_id promoted_by ' +
  'provider_id receiver_id recent_requesters recent_viewers requested_by to_id top_bidders user_id user_id_hint users ' +
  'via_bot_id via_business_bot_id winners'
const CHATS = 'chat_id migrated_from_chat_id'
const CHANNELS =
  'broadcast_id channel_id channels community_id creator_chat_ids joined_chat_ids linked_chat_id linked_community_id ' +
  'linked_monoforum_id new_value personal_channel_id prev_value'
// Sizes and offsets; ids the reader of the object does not have to know a peer for.
const NEITHER =
  'file_max_size file_size_max offset size video_size_max max_id except_ids admin_disallowed_chat_id chats'
// Objects that are peers themselves say who they are; what mentions them is whoever holds them.
const OWN_ID: Record<string, number> = { userFull: USER, chatFull: CHAT, channelFull: CHANNEL, communityFull: CHANNEL }
/** Where a name says another thing than elsewhere. */
const NAMED_OTHERWISE: Record<string, number> = { 'recentMeUrlChat.chat_id': CHANNEL }
const PEER_TYPES = new Set(['User', 'Chat'])

const KIND = new Map<string, number | undefined>()
for (const n of USERS.split(' ')) KIND.set(n, USER)
for (const n of CHATS.split(' ')) KIND.set(n, CHAT)
for (const n of CHANNELS.split(' ')) KIND.set(n, CHANNEL)
for (const n of NEITHER.split(' ')) KIND.set(n, undefined)

/** The text of the table that src/tl/peers.ts walks by. */
export function emitPeers(newest: Combinator[], head: string): string {
  const types = newest.filter((c) => c.kind === 'type')
  const own = new Map<string, [string, number][]>()
  for (const c of types) {
    if (PEER_TYPES.has(c.result)) continue
    const ids: [string, number][] = []
    for (const a of c.args) {
      if (a.type !== 'int53') continue
      const kind = a.name === 'id' ? OWN_ID[c.name] : (NAMED_OTHERWISE[`${c.name}.${a.name}`] ?? KIND.get(a.name))
      if (kind !== undefined) ids.push([a.key, kind])
      else if (!KIND.has(a.name)) throw new Error(`${c.name}.${a.name}: say in emit-peers.ts what it is the id of`)
    }
    own.set(c.name, ids)
  }
  // Only fields whose types can come to a peer are walked.
  const reaches = new Set<string>()
  for (let grew = true; grew; ) {
    grew = false
    for (const c of types) {
      if (reaches.has(c.result) || PEER_TYPES.has(c.result)) continue
      if (own.get(c.name)!.length > 0 || c.args.some((a) => reaches.has(a.type))) grew = !!reaches.add(c.result)
    }
  }
  const rows: string[] = []
  for (const c of newest) {
    const ids = own.get(c.name) ?? []
    const walk = PEER_TYPES.has(c.result)
      ? []
      : c.args.filter((a) => reaches.has(a.type) || a.type === '!X').map((a) => a.key)
    if (ids.length + walk.length > 0) rows.push(`  ['${c.name}', ${JSON.stringify({ ids, walk })}],\n`)
  }
  return `${head}export const PEERS = new Map([\n${rows.join('')}])\n`
}
