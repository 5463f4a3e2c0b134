import { sql } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { access, type ChannelRef, isPublic, ownChannel, type PeerRef } from './access.ts'
import { setMember } from './channel-members.ts'
import { hasRight, isAnonymous, isCreator } from './channel-rights.ts'
import { STATE } from './channel-rows.ts'
import { bareId, CHANNEL_BASE, channelPeer, kindOf } from './peers.ts'
import { activeUsernames } from './usernames.ts'
import { nameOf } from './voter.ts'

const created = query<{ user: number }>()((db, p) =>
  db
    .selectFrom('channel as c')
    .innerJoin('channel_member as m', (j) => j.onRef('m.channel_id', '=', 'c.id').on('m.user_id', '=', p.user))
    .innerJoin('username as n', (j) =>
      j.on('n.owner', '=', sql<number>`${sql.lit(CHANNEL_BASE)} - c.id`).on('n.active', '=', 1),
    )
    .select('c.id')
    .distinct()
    .where('m.state', '=', STATE.in)
    .where('c.creator', '=', p.user)
    .where('c.megagroup', '=', 0)
    .where('c.deleted', '=', 0)
    .orderBy('c.id'),
)
/** Somebody's channels that a group keeps out. */
const keptOut = query<{ group: number; user: number; now: number }>()((db, p) =>
  db
    .selectFrom('channel_member as k')
    .innerJoin('channel as c', 'c.id', sql<number>`${sql.lit(CHANNEL_BASE)} - k.user_id` as never)
    .select('k.user_id')
    .where('k.channel_id', '=', p.group)
    .where('k.user_id', '<', 0)
    .where('k.state', '=', STATE.kicked)
    .where('k.banned_rights', 'is not', null)
    .where((eb) => eb.or([eb('k.banned_until', '=', 0), eb('k.banned_until', '>', p.now)]))
    .where('c.creator', '=', p.user)
    .limit(1),
)

/** In whose name the caller usually speaks somewhere: an anonymous administrator in the group's. */
const usual = (ctx: Ctx, channel: ChannelRef): number => {
  // Those who answer direct messages do so for the channel.
  if (channel.row.monoforum === 1 && channel.topic === undefined) return channelPeer(channel.row.monoforum_link!)
  return isAnonymous(channel) ? channel.peer : ctx.userId
}

/** Channels that the caller has created and that can be found by a name, by their marked ids. */
export async function ownPublicChannels(ctx: Ctx): Promise<number[]> {
  return (await ctx.run(created, { user: ctx.userId })).map((row) => channelPeer(row.id))
}

/** Where one may speak in the name of a channel: supergroups with a name, and those where a channel is discussed. */
async function takesChannels(ctx: Ctx, channel: ChannelRef): Promise<boolean> {
  return channel.row.megagroup === 1 && (channel.row.linked !== null || (await isPublic(ctx, channel.row)))
}

async function isKeptOut(ctx: Ctx, channel: ChannelRef): Promise<boolean> {
  return (await ctx.run(keptOut, { group: channel.id, user: ctx.userId, now: ctx.now })).length > 0
}

/** The channel that is discussed in this group, where the caller posts in it. */
async function discussed(ctx: Ctx, channel: ChannelRef): Promise<number | undefined> {
  const { linked, megagroup } = channel.row
  if (linked === null || megagroup === 0) return undefined
  const other = await ownChannel(ctx, linked)
  return other.row.deleted === 0 && hasRight(other, 'postMessages') ? other.peer : undefined
}

/**
 * Peers (marked ids) in whose name the caller may speak here, the usual one first. Whose channel was removed from a
 * group speaks there as themselves alone. https://core.telegram.org/method/channels.getSendAs
 */
export async function sendAsPeers(ctx: Ctx, channel: ChannelRef): Promise<number[]> {
  if (channel.row.megagroup === 0) {
    const author = channel.row.signature_profiles === 1 && hasRight(channel, 'postMessages')
    return author ? [ctx.userId, channel.peer] : [channel.peer]
  }
  const peers = new Set([usual(ctx, channel)])
  if ((await takesChannels(ctx, channel)) && !(await isKeptOut(ctx, channel))) {
    const linked = await discussed(ctx, channel)
    if (linked !== undefined) peers.add(linked)
    for (const own of await ownPublicChannels(ctx)) peers.add(own)
  }
  return [...peers]
}

/** Whether the caller may speak here in the name of that peer; `kept out` when the group has removed one of theirs. */
async function maySpeakAs(ctx: Ctx, channel: ChannelRef, author: number): Promise<boolean | 'kept out'> {
  if (author === usual(ctx, channel)) return true
  if (channel.row.monoforum === 1) return false
  if (author === ctx.userId) return true
  if (kindOf(author) !== 'channel' || author === channel.peer || !(await takesChannels(ctx, channel))) return false
  if (author !== (await discussed(ctx, channel))) {
    const own = await ownChannel(ctx, bareId(author)).catch(() => undefined)
    if (!own || own.row.megagroup === 1 || own.row.deleted === 1 || own.row.creator !== ctx.userId) return false
    if ((await activeUsernames(ctx, author)).length === 0) return false
  }
  return (await isKeptOut(ctx, channel)) ? 'kept out' : true
}

/**
 * In whose name (marked id) the caller speaks somewhere, where that is not the usual: what a request says, else what
 * they have chosen there. SEND_AS_PEER_INVALID, USER_BANNED_IN_CHANNEL.
 */
export async function authorIn(ctx: Ctx, peer: PeerRef, input: tl.InputPeer | undefined): Promise<number | undefined> {
  if (peer.kind !== 'channel') {
    if (input && (await access.peer(ctx, input)).peer !== ctx.userId) throw new RpcError('SEND_AS_PEER_INVALID')
    return undefined
  }
  if (!input) return chosenAuthor(ctx, peer)
  const author = (await access.peer(ctx, input)).peer
  if (peer.row.megagroup === 0) {
    // A channel speaks for itself, and its signing authors for themselves, whatever a client says.
    if (author !== peer.peer && author !== ctx.userId) throw new RpcError('SEND_AS_PEER_INVALID')
    return undefined
  }
  const may = await maySpeakAs(ctx, peer, author)
  if (may === 'kept out') throw new RpcError('USER_BANNED_IN_CHANNEL')
  if (!may) throw new RpcError('SEND_AS_PEER_INVALID')
  return kindOf(author) === 'channel' && author !== usual(ctx, peer) ? author : undefined
}

/** The channel that the caller has chosen to speak as in a group, as long as they may. */
export async function chosenAuthor(ctx: Ctx, channel: ChannelRef): Promise<number | undefined> {
  const chosen = channel.member?.send_as ?? null
  if (chosen === null || channel.row.megagroup === 0) return undefined
  return (await maySpeakAs(ctx, channel, chosen)) === true && chosen !== ctx.userId ? chosen : undefined
}

/** Who the caller is among those who react and vote in a dialog (marked id). */
export async function voterIn(ctx: Ctx, peer: PeerRef): Promise<number> {
  if (peer.kind !== 'channel') return ctx.userId
  return (await chosenAuthor(ctx, peer)) ?? nameOf(peer.row, peer.member) ?? ctx.userId
}

/**
 * The same of who is about to react or vote. ANONYMOUS_REACTIONS_DISABLED for an anonymous administrator: of them all
 * the creator alone does so for the group.
 */
export async function actingVoter(ctx: Ctx, peer: PeerRef): Promise<number> {
  const voter = await voterIn(ctx, peer)
  const hidden = peer.kind === 'channel' && voter === ctx.userId && isAnonymous(peer)
  if (hidden && peer.row.monoforum === 0 && !isCreator(peer.member)) throw new RpcError('ANONYMOUS_REACTIONS_DISABLED')
  return voter
}

/** In whose name (marked id) the caller does something to a message that everybody can see who did it. */
export async function doerIn(ctx: Ctx, peer: PeerRef): Promise<number> {
  return peer.kind === 'channel' ? ((await chosenAuthor(ctx, peer)) ?? usual(ctx, peer)) : ctx.userId
}

/** Whether the caller may still speak in that name (marked id), which they could when they said so. */
export async function maySendAs(ctx: Ctx, peer: PeerRef, author: number): Promise<boolean> {
  return peer.kind === 'channel' && (await maySpeakAs(ctx, peer, author)) === true
}

/** Chooses in whose name the caller speaks in a group; SEND_AS_PEER_INVALID. */
export async function chooseAuthor(tx: Tx, channel: ChannelRef, author: number): Promise<void> {
  if ((await maySpeakAs(tx, channel, author)) !== true) throw new RpcError('SEND_AS_PEER_INVALID')
  const chosen = kindOf(author) === 'channel' && author !== channel.peer ? author : null
  if ((channel.member?.send_as ?? null) === chosen) return
  await setMember(tx, channel.id, tx.userId, { send_as: chosen })
}
