import { access } from '../../domain/access.ts'
import { communityPeerNamed, isInCommunity } from '../../domain/communities.ts'
import { ALL_CHATS, type Filter, filterRows, viewFilter } from '../../domain/dialog-filters.ts'
import { atRest } from '../../domain/message-view.ts'
import { channelPeer, toPeer } from '../../domain/peers.ts'
import { ownLimit } from '../../domain/premium-limits.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { lockBoxes } from '../../updates/log.ts'

export const FIRST_ID = 2
export const LAST_ID = 255
/** Longest title, in characters as people count them. */
const TITLE = 12
/** What a title written with custom emoji may take, in UTF-16 code units. */
const TITLE_UNITS = 256
const EMOTICON = 32
/** Tag colors go from 0 to 6; -1 is none. */
const COLORS = 7

/** FILTER_ID_INVALID for an id that no folder may have. */
export function checkFilterId(id: number): number {
  if (!(id >= FIRST_ID && id <= LAST_ID)) throw new RpcError('FILTER_ID_INVALID')
  return id
}

/** A folder of the caller; FILTER_ID_INVALID. */
export async function ownFilter(ctx: Ctx, id: number): Promise<Filter> {
  const filter = await folderById(ctx, checkFilterId(id))
  if (!filter) throw new RpcError('FILTER_ID_INVALID')
  return filter
}

async function folderById(ctx: Ctx, id: number): Promise<Filter | undefined> {
  const row = await ctx.db
    .selectFrom('dialog_filter')
    .select('tl')
    .where('owner', '=', ctx.userId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && (readObject(row.tl) as Filter)
}

/**
 * A client's folder as it is kept: peers checked and without access hashes, each in one list only.
 * FILTER_TITLE_EMPTY, FILTER_INCLUDE_EMPTY, MESSAGE_TOO_LONG for the title, PEER_ID_INVALID, LIMIT_INVALID.
 */
export async function checkFilter(ctx: Ctx, id: number, given: tl.DialogFilter): Promise<Filter> {
  if (given._ === 'dialogFilterDefault') throw new RpcError('FILTER_ID_INVALID')
  const folderPeers = await ownLimit(ctx, 'folderPeers')
  const pinnedDialogsInFolder = await ownLimit(ctx, 'pinnedDialogsInFolder')
  const shared = await sharedFolder(ctx, id)
  // Folders come to be shared when a link to them is made or followed, and never by an edit.
  if (given._ === 'dialogFilterChatlist' && !shared) throw new RpcError('FILTER_ID_INVALID')
  const kinds = given._ === 'dialogFilter' ? given : undefined
  const excluded = kinds?.excludePeers ?? []
  const seen = new Set<number>()
  const most = folderPeers * 2 + pinnedDialogsInFolder
  if (given.pinnedPeers.length + given.includePeers.length + excluded.length > most) {
    throw new RpcError('LIMIT_INVALID')
  }
  const pinnedPeers = await checkPeers(ctx, given.pinnedPeers, seen)
  const includePeers = await checkPeers(ctx, given.includePeers, seen)
  const excludePeers = await checkPeers(ctx, excluded, seen)
  const included = pinnedPeers.length + includePeers.length
  if (pinnedPeers.length > pinnedDialogsInFolder || included > folderPeers || excludePeers.length > folderPeers) {
    throw new RpcError('LIMIT_INVALID')
  }
  const { contacts, nonContacts, groups, broadcasts, bots, excludeMuted, excludeRead, excludeArchived } = kinds ?? {}
  const byKind = contacts || nonContacts || groups || broadcasts || bots
  if (included === 0 && !byKind) throw new RpcError('FILTER_INCLUDE_EMPTY')
  const { emoticon, color } = given
  const looks = {
    titleNoanimate: given.titleNoanimate,
    id,
    title: checkTitle(given.title),
    emoticon: emoticon && emoticon.length <= EMOTICON ? emoticon : undefined,
    color: color !== undefined && color >= 0 && color < COLORS ? color : undefined,
  }
  if (shared && (given._ === 'dialogFilterChatlist' || (await isStillShared(ctx, shared)))) {
    // What others are to join is named one by one.
    if (byKind || excludeMuted || excludeRead || excludeArchived || excludePeers.length > 0) {
      throw new RpcError('CHATLIST_EXCLUDE_INVALID')
    }
    return { _: 'dialogFilterChatlist', hasMyInvites: shared.hasMyInvites, ...looks, pinnedPeers, includePeers }
  }
  return {
    _: 'dialogFilter',
    ...{ contacts, nonContacts, groups, broadcasts, bots, excludeMuted, excludeRead, excludeArchived },
    ...looks,
    pinnedPeers,
    includePeers,
    excludePeers,
  }
}

/** A folder whose links are gone, and that came by nobody else's, can be made an ordinary one again. */
async function isStillShared(ctx: Ctx, filter: tl.dialogFilterChatlist): Promise<boolean> {
  if (filter.hasMyInvites) return true
  const came = ctx.db.selectFrom('chatlist_joined').select('slug').where('owner', '=', ctx.userId)
  return (await came.where('filter_id', '=', filter.id).executeTakeFirst()) !== undefined
}

/** A folder of the caller that is shared by links, of theirs or of another. */
async function sharedFolder(ctx: Ctx, id: number): Promise<tl.dialogFilterChatlist | undefined> {
  const filter = await folderById(ctx, id)
  return filter?._ === 'dialogFilterChatlist' ? filter : undefined
}

async function checkPeers(ctx: Ctx, inputs: readonly tl.InputPeer[], seen: Set<number>): Promise<tl.InputPeer[]> {
  const peers: tl.InputPeer[] = []
  for (const input of inputs) {
    const community = await communityPeerNamed(ctx, input)
    if (community && !(await isInCommunity(ctx, community))) throw new RpcError('PEER_ID_INVALID')
    const found = community ? { peer: channelPeer(community.id) } : await access.peer(ctx, input)
    if (seen.has(found.peer)) continue
    seen.add(found.peer)
    // Oneself too is kept by number: clients take no inputPeerSelf here.
    peers.push(keptPeer(found.peer))
  }
  return peers
}

/** A peer as folders keep it: without an access hash, which its viewer gets. */
export function keptPeer(marked: number): tl.InputPeer {
  const peer = toPeer(marked)
  if (peer._ === 'peerUser') return { _: 'inputPeerUser', userId: peer.userId, accessHash: 0n }
  if (peer._ === 'peerChannel') return { _: 'inputPeerChannel', channelId: peer.channelId, accessHash: 0n }
  return { _: 'inputPeerChat', chatId: peer.chatId }
}

function checkTitle(title: tl.TextWithEntities): tl.textWithEntities {
  const text = title.text.trim()
  if (text === '') throw new RpcError('FILTER_TITLE_EMPTY')
  if (text.length > TITLE_UNITS || [...new Intl.Segmenter().segment(text)].length > TITLE) {
    throw new RpcError('MESSAGE_TOO_LONG')
  }
  const moved = title.text.length - title.text.trimStart().length
  const entities: tl.MessageEntity[] = []
  for (const entity of title.entities) {
    // Nothing else shows in a title.
    if (entity._ !== 'messageEntityCustomEmoji') continue
    const { offset, length } = { offset: entity.offset - moved, length: entity.length }
    if (offset >= 0 && length > 0 && offset + length <= text.length) entities.push({ ...entity, offset })
  }
  return { _: 'textWithEntities', text, entities: entities.slice(0, TITLE) }
}

/** Keeps a folder, a new one at the end, and tells the other devices. LIMIT_INVALID when there are too many. */
export async function keepFilter(tx: Tx, filter: Filter): Promise<tl.updateDialogFilter> {
  const owner = tx.userId
  await lockBoxes(tx, [owner])
  const rows = await filterRows(tx, owner)
  const before = rows.find((row) => row.id === filter.id)
  if (!before && rows.filter((row) => row.id !== ALL_CHATS).length >= (await ownLimit(tx, 'folders'))) {
    throw new RpcError('LIMIT_INVALID')
  }
  // Tags are for Premium accounts: others keep the color that a folder has.
  const { premium } = await tx.trx
    .selectFrom('user')
    .select('premium')
    .where('id', '=', owner)
    .executeTakeFirstOrThrow()
  if (premium !== 1) filter.color = before && (readObject(before.tl) as Filter).color
  const bytes = atRest(filter)
  const position = before?.position ?? Math.max(0, ...rows.map((row) => row.position)) + 1
  await tx.trx
    .insertInto('dialog_filter')
    .values({ owner, id: filter.id, position, tl: bytes })
    .onConflict((c) => c.columns(['owner', 'id']).doUpdateSet({ tl: bytes }))
    .execute()
  const shown = viewFilter(tx, { tl: bytes })
  const update: tl.updateDialogFilter = { _: 'updateDialogFilter', id: filter.id, filter: shown }
  await tx.publish(owner, { kind: 'update', update })
  return update
}

/** Drops a folder and the links to it; its dialogs stay. */
export async function dropFilter(tx: Tx, id: number): Promise<tl.updateDialogFilter> {
  const owner = tx.userId
  const update: tl.updateDialogFilter = { _: 'updateDialogFilter', id }
  for (const table of ['chatlist_invite', 'chatlist_joined'] as const) {
    await tx.trx.deleteFrom(table).where('owner', '=', owner).where('filter_id', '=', id).execute()
  }
  const gone = await tx.trx
    .deleteFrom('dialog_filter')
    .where('owner', '=', owner)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  if (gone) await tx.publish(owner, { kind: 'update', update })
  return update
}

/** Puts folders in order; those not named stand behind the others. What does not exist is passed over. */
export async function orderFilters(tx: Tx, order: readonly number[]): Promise<void> {
  const owner = tx.userId
  await lockBoxes(tx, [owner])
  const before = (await filterRows(tx, owner)).map((row) => row.id)
  const named = [...new Set(order)].filter((id) => id === ALL_CHATS || before.includes(id))
  const now = [...named, ...before.filter((id) => !named.includes(id))]
  for (const [position, id] of now.entries()) {
    await tx.trx
      .insertInto('dialog_filter')
      .values({ owner, id, position, tl: atRest({ _: 'dialogFilterDefault' }) })
      .onConflict((c) => c.columns(['owner', 'id']).doUpdateSet({ position }))
      .execute()
  }
  await tx.publish(owner, { kind: 'update', update: { _: 'updateDialogFilterOrder', order: now } })
}
