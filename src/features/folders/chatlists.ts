import type { Selectable } from 'kysely'
import { access, namedPeer, type PeerRef } from '../../domain/access.ts'
import { adminRights, hasRight, isIn, isKicked } from '../../domain/channel-rights.ts'
import { channelMember, channelRow } from '../../domain/channel-rows.ts'
import { viewChannels } from '../../domain/channels.ts'
import { isAdmin } from '../../domain/chat-rights.ts'
import { chatRow, GONE, memberRow, ROLE } from '../../domain/chat-rows.ts'
import { viewChat } from '../../domain/chats.ts'
import { complete } from '../../domain/complete.ts'
import { type Filter, filterRows } from '../../domain/dialog-filters.ts'
import { bareId, kindOf, toPeer } from '../../domain/peers.ts'
import { limitFor, ownLimit } from '../../domain/premium-limits.ts'
import { activeUsernames } from '../../domain/usernames.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type { Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { ownFilter } from './filters.ts'

/** Folders that are shared by links. https://core.telegram.org/api/folders#shared-folders */
export type ChatlistInvite = Selectable<Tables['chatlist_invite']>
export type ChatlistJoined = Selectable<Tables['chatlist_joined']>

/** Where links to folders lead. https://core.telegram.org/api/links#chat-folder-links */
const BASE = 'https://t.me/addlist/'
/** Longest name of a link. */
export const TITLE = 32

export const idsIn = (json: string): number[] => JSON.parse(json) as number[]

/** A shared folder of the caller: FILTER_ID_INVALID, FILTER_NOT_SUPPORTED for an ordinary one. */
export async function ownChatlist(ctx: Ctx, input: tl.InputChatlist): Promise<tl.dialogFilterChatlist> {
  const filter = await ownFilter(ctx, input.filterId)
  if (filter._ !== 'dialogFilterChatlist') throw new RpcError('FILTER_NOT_SUPPORTED')
  return filter
}

/** By which link a folder of the caller came; undefined for one that is theirs. */
export function joinedRow(ctx: Ctx, filterId: number): Promise<ChatlistJoined | undefined> {
  return ctx.db
    .selectFrom('chatlist_joined')
    .selectAll()
    .where('owner', '=', ctx.userId)
    .where('filter_id', '=', filterId)
    .executeTakeFirst()
}

/** A link as its address or its slug names it. */
export async function inviteBySlug(ctx: Ctx, slug: string): Promise<ChatlistInvite | undefined> {
  const bare = slug.replace(/^.*addlist(?:\/|\?slug=)/, '')
  return ctx.db.selectFrom('chatlist_invite').selectAll().where('slug', '=', bare).executeTakeFirst()
}

/** A link to one's own folder: INVITE_SLUG_EMPTY, INVITE_SLUG_EXPIRED. */
export async function ownInvite(
  ctx: Ctx,
  filterId: number,
  slug: string,
  empty: 'INVITE_SLUG_EMPTY' | 'INVITE_SLUG_INVALID',
): Promise<ChatlistInvite> {
  if (slug === '') throw new RpcError(empty)
  const row = await inviteBySlug(ctx, slug)
  if (row?.owner !== ctx.userId || row.filter_id !== filterId) throw new RpcError('INVITE_SLUG_EXPIRED')
  return row
}

export function viewInvite(row: ChatlistInvite): tl.exportedChatlistInvite {
  const { title } = row
  return { _: 'exportedChatlistInvite', title, url: BASE + row.slug, peers: idsIn(row.peers).map(toPeer) }
}

/** Marked ids of what was put into a folder. */
export function peersOf(ctx: Ctx, filter: Filter): number[] {
  return [...filter.pinnedPeers, ...filter.includePeers].map((peer) => namedPeer(ctx, peer))
}

/**
 * What of a folder the caller may share: groups and channels that are public, or into which they may invite.
 * PEERS_LIST_EMPTY, CHANNEL_INVALID for what is not in the folder, CHAT_ADMIN_REQUIRED.
 */
export async function shareable(ctx: Ctx, filter: Filter, inputs: readonly tl.InputPeer[]): Promise<number[]> {
  if (inputs.length === 0) throw new RpcError('PEERS_LIST_EMPTY')
  if (inputs.length > (await limitFor(ctx, 'folderPeers', inputs.length))) throw new RpcError('LIMIT_INVALID')
  const inside = new Set(peersOf(ctx, filter))
  const peers = new Set<number>()
  for (const input of inputs) {
    const peer = await access.peer(ctx, input)
    if (peer.kind === 'user' || !inside.has(peer.peer)) throw new RpcError('CHANNEL_INVALID')
    if (!(await mayShare(ctx, peer))) throw new RpcError('CHAT_ADMIN_REQUIRED')
    peers.add(peer.peer)
  }
  return [...peers]
}

async function mayShare(ctx: Ctx, peer: PeerRef): Promise<boolean> {
  if (peer.kind === 'user') return false
  if (peer.kind === 'chat') return isAdmin(peer)
  return hasRight(peer, 'inviteUsers') || (await activeUsernames(ctx, peer.peer)).length > 0
}

/** What a link leads the caller to: what is still there, still shared by who may, and not closed to them. */
export async function leadsTo(ctx: Ctx, invite: ChatlistInvite): Promise<number[]> {
  const open: number[] = []
  for (const peer of idsIn(invite.peers)) if (await isOpen(ctx, peer, invite.owner)) open.push(peer)
  return open
}

async function isOpen(ctx: Ctx, peer: number, sharer: number): Promise<boolean> {
  const id = bareId(peer)
  if (kindOf(peer) === 'chat') {
    const row = await chatRow(ctx, id)
    if (!row || row.deactivated === 1) return false
    const own = await memberRow(ctx, id, ctx.userId)
    if (own?.gone === GONE.removed) return false
    const by = await memberRow(ctx, id, sharer)
    return own?.gone === GONE.in || (by?.gone === GONE.in && by.role >= ROLE.admin)
  }
  const row = await channelRow(ctx, id)
  if (!row || row.deleted === 1) return false
  const own = await channelMember(ctx, id, ctx.userId)
  if (isKicked(ctx, own)) return false
  if (isIn(own) || (await activeUsernames(ctx, peer)).length > 0) return true
  const by = await channelMember(ctx, id, sharer)
  return isIn(by) && adminRights(row, by)?.inviteUsers === true
}

/** Whether the caller is in a group or channel. */
export async function isThere(ctx: Ctx, peer: number): Promise<boolean> {
  const id = bareId(peer)
  if (kindOf(peer) === 'chat') return (await memberRow(ctx, id, ctx.userId))?.gone === GONE.in
  return isIn(await channelMember(ctx, id, ctx.userId))
}

/** What a folder that came by a link lacks of what the link leads to now; nothing once the link is gone. */
export async function missingIn(ctx: Ctx, filter: Filter, joined: ChatlistJoined): Promise<number[]> {
  const invite = await inviteBySlug(ctx, joined.slug)
  if (!invite) return []
  const inside = new Set(peersOf(ctx, filter))
  return (await leadsTo(ctx, invite)).filter((peer) => !inside.has(peer))
}

/** The caller's folder to which a link has led before, or which is what it shares. */
export async function folderOf(ctx: Ctx, invite: ChatlistInvite): Promise<Filter | undefined> {
  if (invite.owner === ctx.userId) return ownFilter(ctx, invite.filter_id)
  const row = await ctx.db
    .selectFrom('chatlist_joined')
    .select('filter_id')
    .where('owner', '=', ctx.userId)
    .where('slug', '=', invite.slug)
    .executeTakeFirst()
  return row && ownFilter(ctx, row.filter_id)
}

/** CHATLISTS_TOO_MUCH when the caller has as many shared folders as there may be. */
export async function mayShareOneMore(ctx: Ctx): Promise<void> {
  const filters = (await filterRows(ctx, ctx.userId)).map((row) => readObject(row.tl) as tl.DialogFilter)
  const shared = filters.filter((filter) => filter._ === 'dialogFilterChatlist')
  if (shared.length >= (await ownLimit(ctx, 'chatlistsJoined'))) throw new RpcError('CHATLISTS_TOO_MUCH')
}

/** An answer with its peers: whoever was invited sees groups and channels that they are not in. */
export async function completeInvited<T extends { users: tl.User[]; chats: tl.Chat[] }>(
  ctx: Ctx,
  answer: T,
  peers: readonly number[],
): Promise<T> {
  await complete(ctx, answer)
  const channels = new Set(peers.filter((peer) => kindOf(peer) === 'channel').map(bareId))
  const chats = new Set(peers.filter((peer) => kindOf(peer) === 'chat').map(bareId))
  for (const [i, chat] of answer.chats.entries()) {
    if (chat._ === 'channelForbidden' && channels.has(chat.id)) {
      answer.chats[i] = (await viewChannels(ctx, [chat.id], channels))[0]!
    } else if (chat._ === 'chatForbidden' && chats.has(chat.id)) {
      answer.chats[i] = await viewChat(ctx, (await chatRow(ctx, chat.id))!, true)
    }
  }
  return answer
}
