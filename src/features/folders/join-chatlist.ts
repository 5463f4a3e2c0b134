import { access, namedPeer } from '../../domain/access.ts'
import { askToJoin, countIn, lastingInvite } from '../../domain/channel-invites.ts'
import { joinMyself, leaveMyself } from '../../domain/channel-join.ts'
import { lockChannel } from '../../domain/channel-members.ts'
import { channelRow } from '../../domain/channel-rows.ts'
import { intoGroup, outOfGroup } from '../../domain/chat-join.ts'
import { tellParticipants } from '../../domain/chat-members.ts'
import { type Filter, filterRows } from '../../domain/dialog-filters.ts'
import { bareId, channelPeer, kindOf } from '../../domain/peers.ts'
import { limitFor } from '../../domain/premium-limits.ts'
import { asUpdates, sentUpdates } from '../../domain/sent.ts'
import { lockUser } from '../../domain/user-rows.ts'
import { activeUsernames } from '../../domain/usernames.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { lockBoxes } from '../../updates/log.ts'
import { type ChatlistInvite, folderOf, idsIn, isThere, leadsTo, mayShareOneMore, peersOf } from './chatlists.ts'
import { FIRST_ID, keepFilter, keptPeer, LAST_ID } from './filters.ts'

/** What the caller chose of what a link leads to; FILTER_INCLUDE_EMPTY for nothing, PEER_ID_INVALID for what it does not. */
async function chosen(ctx: Ctx, open: readonly number[], inputs: readonly tl.InputPeer[]): Promise<number[]> {
  if (inputs.length > (await limitFor(ctx, 'folderPeers', inputs.length))) throw new RpcError('LIMIT_INVALID')
  const peers = new Set<number>()
  for (const input of inputs) {
    // They need not be in it to name it, but whoever names it was shown it.
    if (input._ === 'inputPeerChannel') await access.namedChannel(ctx, { ...input, _: 'inputChannel' })
    const peer = namedPeer(ctx, input)
    if (!open.includes(peer)) throw new RpcError('PEER_ID_INVALID')
    peers.add(peer)
  }
  if (peers.size === 0) throw new RpcError('FILTER_INCLUDE_EMPTY')
  return [...peers]
}

/**
 * The caller follows a link to a folder: comes into what they chose, and has the folder with that and with what of it
 * they were in before. Groups one has to ask for are asked; full ones are passed over.
 */
export async function followChatlist(
  tx: Tx,
  invite: ChatlistInvite,
  inputs: readonly tl.InputPeer[],
): Promise<tl.updates> {
  // Two devices that follow one link make one folder.
  await lockUser(tx, tx.userId)
  const open = await leadsTo(tx, invite)
  const wanted = await chosen(tx, open, inputs)
  const before = await folderOf(tx, invite)
  if (!before) await mayShareOneMore(tx)
  const updates: tl.Update[] = []
  const came: number[] = []
  // All channels before anybody's box, in one order for everybody, so that no two wait for each other.
  await lockBoxes(
    tx,
    wanted.filter((peer) => kindOf(peer) === 'channel'),
  )
  for (const peer of wanted.toSorted((a, b) => a - b)) {
    if (await isThere(tx, peer)) continue
    const told = await comeInto(tx, peer, invite.owner)
    if (!told) continue
    updates.push(...told)
    came.push(peer)
  }
  const inside = before ? peersOf(tx, before) : []
  const fresh: number[] = []
  for (const peer of open) {
    if (!inside.includes(peer) && (came.includes(peer) || (await isThere(tx, peer)))) fresh.push(peer)
  }
  const filter = await withPeers(tx, invite, before, fresh)
  const told = await keepFilter(tx, filter)
  if (invite.owner !== tx.userId) await noteJoined(tx, filter.id, invite.slug, came)
  return asUpdates(tx, [...updates, told])
}

async function withPeers(
  tx: Tx,
  invite: ChatlistInvite,
  before: Filter | undefined,
  peers: readonly number[],
): Promise<Filter> {
  const added = peers.map(keptPeer)
  if (before) return { ...before, includePeers: [...before.includePeers, ...added] }
  const used = new Set((await filterRows(tx, tx.userId)).map((row) => row.id))
  let id = FIRST_ID
  while (used.has(id)) id++
  if (id > LAST_ID) throw new RpcError('CHATLISTS_TOO_MUCH')
  const { title, titleNoanimate, emoticon } = await sharedFilter(tx, invite)
  return { _: 'dialogFilterChatlist', id, title, titleNoanimate, emoticon, pinnedPeers: [], includePeers: added }
}

/** The folder that a link shares, as its owner has it. INVITE_SLUG_EXPIRED when it is gone. */
export async function sharedFilter(ctx: Ctx, invite: ChatlistInvite): Promise<Filter> {
  const row = (await filterRows(ctx, invite.owner)).find((one) => one.id === invite.filter_id)
  if (!row) throw new RpcError('INVITE_SLUG_EXPIRED')
  return readObject(row.tl) as Filter
}

async function noteJoined(tx: Tx, filterId: number, slug: string, came: readonly number[]): Promise<void> {
  const key = { owner: tx.userId, filter_id: filterId }
  const before = await tx.trx
    .selectFrom('chatlist_joined')
    .select('joined')
    .where('owner', '=', key.owner)
    .where('filter_id', '=', filterId)
    .executeTakeFirst()
  const joined = JSON.stringify([...new Set([...idsIn(before?.joined ?? '[]'), ...came])])
  await tx.trx
    .insertInto('chatlist_joined')
    .values({ ...key, slug, hidden: '[]', joined })
    .onConflict((c) => c.columns(['owner', 'filter_id']).doUpdateSet({ joined, hidden: '[]' }))
    .execute()
}

/** Whoever shared the folder let them in as by their own link. */
async function countShared(tx: Tx, peer: number, sharedBy: number): Promise<void> {
  const invite = await lastingInvite(tx, peer, sharedBy)
  if (invite) await countIn(tx, invite, tx.userId, null, true)
}

/** Comes into one of them; undefined where they cannot come in now. */
async function comeInto(tx: Tx, peer: number, sharedBy: number): Promise<tl.Update[] | undefined> {
  const id = bareId(peer)
  try {
    if (kindOf(peer) === 'chat') {
      const action: tl.MessageAction = { _: 'messageActionChatJoinedByLink', inviterId: sharedBy }
      const { sent, update } = await intoGroup(tx, id, tx.userId, sharedBy, action)
      await countShared(tx, peer, sharedBy)
      return (await sentUpdates(tx, sent, [update])).updates
    }
    const row = await channelRow(tx, id)
    const isNamed = (await activeUsernames(tx, peer)).length > 0
    if (isNamed && row?.join_request === 1) {
      await askToJoin(tx, channelPeer(id), '')
      return undefined
    }
    const { updates } = await joinMyself(tx, id, isNamed ? {} : { sharedBy })
    if (!isNamed) await countShared(tx, peer, sharedBy)
    return updates
  } catch (error) {
    // It was filled up since, or whoever shared it cannot invite any more: the others are come into all the same.
    if (error instanceof RpcError && SKIPPED.has(error.type)) return undefined
    throw error
  }
}

/** What is refused before anything of that group or channel is written. */
const SKIPPED = new Set<string>(['USERS_TOO_MUCH', 'CHANNEL_PRIVATE', 'INVITE_HASH_EXPIRED', 'INVITE_REQUEST_SENT'])

/** Goes out of a group or channel by the folder that holds it. What one has made stays. */
export async function goOutOf(tx: Tx, peer: number): Promise<tl.Update[]> {
  const id = bareId(peer)
  if (!(await isThere(tx, peer))) return []
  if (kindOf(peer) === 'chat') {
    const sent = await outOfGroup(tx, await access.chat(tx, id), tx.userId)
    return (await sentUpdates(tx, [sent], [await tellParticipants(tx, id)])).updates
  }
  const sent = await leaveMyself(tx, await lockChannel(tx, id))
  return (await sentUpdates(tx, sent, [{ _: 'updateChannel', channelId: id }])).updates
}
