import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { type ChannelRow, STATE } from './channel-rows.ts'
import { ROLE } from './chat-rows.ts'
import { accessHash } from './hashes.ts'
import { bareId, channelPeer } from './peers.ts'
import { shownPhotos, viewChatPhoto } from './shown-photos.ts'

export type CommunityRow = Selectable<Tables['community']>
export type CommunityPeerRow = Selectable<Tables['community_peer']>
export type CommunityMemberRow = Selectable<Tables['community_member']>

/** Chats of one community. https://core.telegram.org/api/config */
export const COMMUNITY_PEERS = 100
/** What its administrators can be given. */
export const COMMUNITY_RIGHTS = ['changeInfo', 'banUsers', 'addAdmins', 'other', 'manageLinkedPeers'] as const
export type CommunityRight = (typeof COMMUNITY_RIGHTS)[number]

const byId = query<{ id: number }>({ table: 'community', byId: true })((db, p) =>
  db.selectFrom('community').selectAll().where('id', '=', p.id),
)
const member = query<{ community: number; user: number }>({ table: 'community_member' })((db, p) =>
  db.selectFrom('community_member').selectAll().where('community', '=', p.community).where('user_id', '=', p.user),
)
const linked = query<{ community: number }>({ table: 'community_peer' })((db, p) =>
  db
    .selectFrom('community_peer')
    .selectAll()
    .where('community', '=', p.community)
    .orderBy('date')
    .orderBy('peer', 'desc'),
)
/** One chat of a community that somebody is in. */
const inAny = query<{ community: number; user: number }>()((db, p) =>
  db
    .selectFrom('channel as c')
    .innerJoin('channel_member as m', 'm.channel_id', 'c.id')
    .select(['c.id', 'm.date'])
    .where('c.community', '=', p.community)
    .where('m.user_id', '=', p.user)
    .where('m.state', '=', STATE.in)
    .orderBy('m.date')
    .limit(1),
)

/** A community that the caller has named, and what it knows of them. */
export interface CommunityRef {
  readonly id: number
  readonly row: CommunityRow
  readonly member: CommunityMemberRow | undefined
}

export async function communityRow(ctx: Ctx, id: number): Promise<CommunityRow | undefined> {
  const [row] = await ctx.run(byId, { id })
  return row
}

async function refOf(ctx: Ctx, row: CommunityRow): Promise<CommunityRef> {
  const [own] = ctx.viewer ? await ctx.run(member, { community: row.id, user: ctx.viewer }) : []
  return { id: row.id, row, member: own }
}

/** Communities by their ids, but those that are no more, and what they know of the caller. */
export async function communityRefs(ctx: Ctx, ids: readonly number[]): Promise<CommunityRef[]> {
  const refs: CommunityRef[] = []
  for (const id of ids) {
    const row = await communityRow(ctx, id)
    if (row && row.deleted === 0) refs.push(await refOf(ctx, row))
  }
  return refs
}

/** A community named as InputChannel, where it is one; clients name them like channels. */
export async function communityNamed(ctx: Ctx, input: tl.InputChannel): Promise<CommunityRef | undefined> {
  if (input._ !== 'inputChannel' || input.accessHash !== accessHash(ctx, 'channel', input.channelId)) return undefined
  const row = await communityRow(ctx, input.channelId)
  return row && row.deleted === 0 ? refOf(ctx, row) : undefined
}

/** A community named as InputPeer, where it is one. */
export async function communityPeerNamed(ctx: Ctx, input: tl.InputPeer): Promise<CommunityRef | undefined> {
  return input._ === 'inputPeerChannel' ? communityNamed(ctx, { ...input, _: 'inputChannel' }) : undefined
}

/** A community named as InputChannel; CHANNEL_INVALID for none, CHANNEL_PRIVATE for who was banned from it. */
export async function community(ctx: Ctx, input: tl.InputChannel): Promise<CommunityRef> {
  const found = await communityNamed(ctx, input)
  if (!found) throw new RpcError('CHANNEL_INVALID')
  if (found.member?.banned === 1) throw new RpcError('CHANNEL_PRIVATE')
  return found
}

/** Keeps a community as it is to the end of the transaction. */
export async function lockCommunity(tx: Tx, id: number): Promise<CommunityRef> {
  const row = await tx.trx
    .updateTable('community')
    .set((eb) => ({ date: eb.ref('date') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row || row.deleted === 1) throw new RpcError('CHANNEL_INVALID')
  return refOf(tx, row)
}

/** An administrator's rights; the creator's are all of them. */
export function communityRights(ref: CommunityRef, user: number): tl.chatAdminRights | undefined {
  if (ref.row.creator === user) {
    const all: tl.chatAdminRights = { _: 'chatAdminRights' }
    for (const right of COMMUNITY_RIGHTS) all[right] = true
    return all
  }
  return ref.member?.admin_rights ? (readObject(ref.member.admin_rights) as tl.chatAdminRights) : undefined
}

/** CHAT_ADMIN_REQUIRED for who lacks that right in a community. */
export function mustInCommunity(ctx: Ctx, ref: CommunityRef, right: CommunityRight): void {
  if (communityRights(ref, ctx.userId)?.[right] !== true) throw new RpcError('CHAT_ADMIN_REQUIRED')
}

export function linkedPeers(ctx: Ctx, id: number): Promise<CommunityPeerRow[]> {
  return ctx.run(linked, { community: id })
}

/** When the caller came into a community: with the first of its chats; undefined for who is in none, nor leads it. */
async function joinedAt(ctx: Ctx, ref: CommunityRef): Promise<number | undefined> {
  if (!ctx.viewer || ref.member?.banned === 1) return undefined
  const [first] = await ctx.run(inAny, { community: ref.id, user: ctx.viewer })
  if (first) return first.date
  return communityRights(ref, ctx.viewer) ? ref.row.date : undefined
}

export async function isInCommunity(ctx: Ctx, ref: CommunityRef): Promise<boolean> {
  return (await joinedAt(ctx, ref)) !== undefined
}

/** What everybody there may not do: link their chats without being let. */
export function communityDefaults(row: CommunityRow): tl.chatBannedRights {
  return { _: 'chatBannedRights', manageLinkedPeers: row.open_links === 0 || undefined, untilDate: 0x7fffffff }
}

/** https://core.telegram.org/constructor/community */
async function viewCommunity(ctx: Ctx, row: CommunityRow): Promise<tl.Chat> {
  const { id, title } = row
  const hash = accessHash(ctx, 'channel', id)
  const ref = await refOf(ctx, row)
  if (row.deleted === 1 || ref.member?.banned === 1) return { _: 'communityForbidden', id, accessHash: hash, title }
  const joined = await joinedAt(ctx, ref)
  return {
    _: 'community',
    creator: row.creator === ctx.viewer || undefined,
    left: joined === undefined || undefined,
    collapsedInDialogs: ref.member?.collapsed === 1 || undefined,
    id,
    accessHash: hash,
    title,
    photo: viewChatPhoto(ctx, row.photo_id ? (await shownPhotos(ctx, [row.photo_id])).get(row.photo_id) : undefined),
    date: joined ?? row.date,
    adminRights: ctx.viewer ? communityRights(ref, ctx.viewer) : undefined,
    defaultBannedRights: communityDefaults(row),
  }
}

/** The communities among ids that are no channels'. */
export async function viewCommunities(ctx: Ctx, ids: readonly number[]): Promise<Map<number, tl.Chat>> {
  const views = new Map<number, tl.Chat>()
  for (const id of ids) {
    const row = await communityRow(ctx, id)
    if (row) views.set(id, await viewCommunity(ctx, row))
  }
  return views
}

/** Tells whoever is in a community's chats that it has changed, and who did that. */
export async function tellCommunity(tx: Tx, id: number): Promise<tl.Update> {
  const update: tl.Update = { _: 'updateChannel', channelId: id }
  const boxes = [...(await linkedPeers(tx, id)).map(({ peer }) => peer), tx.userId]
  await tx.publishAll(boxes.map((box) => [box, { kind: 'update', update }]))
  return update
}

/** Changes what a community knows of somebody. */
export async function setCommunityMember(
  tx: Tx,
  id: number,
  user: number,
  given: Partial<Pick<CommunityMemberRow, 'admin_rights' | 'banned' | 'collapsed' | 'pinned'>>,
): Promise<void> {
  const set = given.collapsed === undefined ? { ...given, changed_by: tx.userId, changed_at: tx.now } : given
  await tx.trx
    .insertInto('community_member')
    .values({ community: id, user_id: user, ...set })
    .onConflict((c) => c.columns(['community', 'user_id']).doUpdateSet(set))
    .execute()
  await tx.publish(user, { kind: 'update', update: { _: 'updateChannel', channelId: id } })
}

/** A community's linked channels that somebody is in, and those they have made. */
export async function joinedChats(ctx: Ctx, id: number, user: number): Promise<{ id: number; creator: number }[]> {
  return ctx.db
    .selectFrom('channel as c')
    .innerJoin('channel_member as m', 'm.channel_id', 'c.id')
    .select(['c.id', 'c.creator'])
    .where('c.community', '=', id)
    .where('c.deleted', '=', 0)
    .where('m.user_id', '=', user)
    .where('m.state', '=', STATE.in)
    .orderBy('c.id')
    .execute()
}

/** The communities somebody is in: by a chat of theirs, or because they lead them. */
export async function joinedCommunities(ctx: Ctx, user: number): Promise<number[]> {
  const byChat = await ctx.db
    .selectFrom('channel as c')
    .innerJoin('channel_member as m', 'm.channel_id', 'c.id')
    .select('c.community')
    .distinct()
    .where('m.user_id', '=', user)
    .where('m.state', '=', STATE.in)
    .where('c.community', 'is not', null)
    .execute()
  const leads = await ctx.db
    .selectFrom('community as k')
    .leftJoin('community_member as m', (j) => j.onRef('m.community', '=', 'k.id').on('m.user_id', '=', user))
    .select('k.id')
    .where('k.deleted', '=', 0)
    .where((eb) => eb.or([eb('k.creator', '=', user), eb('m.admin_rights', 'is not', null)]))
    .execute()
  const banned = await ctx.db
    .selectFrom('community_member')
    .select('community')
    .where('user_id', '=', user)
    .where('banned', '=', 1)
    .execute()
  const out = new Set(banned.map((row) => row.community))
  const ids = new Set([...byChat.map((row) => row.community!), ...leads.map((row) => row.id)])
  return [...ids].filter((id) => !out.has(id)).sort((a, b) => a - b)
}

/** Bare ids of the channels linked to a community. */
export async function linkedChannels(ctx: Ctx, id: number): Promise<number[]> {
  return (await linkedPeers(ctx, id)).map((row) => bareId(row.peer))
}

/** The caller's own channels and supergroups that belong to no community. */
export async function linkable(ctx: Ctx): Promise<number[]> {
  const rows = await ctx.db
    .selectFrom('channel as c')
    .innerJoin('channel_member as m', 'm.channel_id', 'c.id')
    .select('c.id')
    .where('m.user_id', '=', ctx.userId)
    .where('m.state', '=', STATE.in)
    .where('m.role', '=', ROLE.creator)
    .where('c.deleted', '=', 0)
    .where('c.monoforum', '=', 0)
    .where('c.community', 'is', null)
    .orderBy('c.id')
    .execute()
  return rows.map((row) => row.id)
}

/**
 * Which of some channels the viewer, who is in none of them, is shown by their community: whoever is in that may join
 * the chats that it shows.
 */
export async function shownByCommunity(
  ctx: Ctx,
  channels: readonly Pick<ChannelRow, 'id' | 'community'>[],
): Promise<Set<number>> {
  const shown = new Set<number>()
  for (const [id, own] of Map.groupBy(channels, (row) => row.community)) {
    const row = id === null || !ctx.viewer ? undefined : await communityRow(ctx, id)
    if (!row || row.deleted === 1 || !(await isInCommunity(ctx, await refOf(ctx, row)))) continue
    const visible = new Set((await linkedPeers(ctx, row.id)).filter((one) => one.visible === 1).map((one) => one.peer))
    for (const channel of own) if (visible.has(channelPeer(channel.id))) shown.add(channel.id)
  }
  return shown
}
