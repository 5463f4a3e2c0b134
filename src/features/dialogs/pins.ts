import { access } from '../../domain/access.ts'
import { community, isInCommunity } from '../../domain/communities.ts'
import { pinnedCommunities, rankOf, setCommunityRank } from '../../domain/community-dialogs.ts'
import { ARCHIVE_TOP, channelDialog, dialogList, FOLDER, listed, pinnedDialogs } from '../../domain/dialogs.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { bareId, channelPeer, kindOf, toPeer } from '../../domain/peers.ts'
import { ownLimit } from '../../domain/premium-limits.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'

/** An entry of the list: a dialog or a community by its marked id, or the archive. */
export type Entry = { kind: 'dialog' | 'community'; peer: number } | { kind: 'archive'; peer: 0 }

const ARCHIVE: Entry = { kind: 'archive', peer: 0 }

/** What a client names as an entry of the list: only what can be pinned. */
export async function accessEntry(ctx: Ctx, input: tl.InputDialogPeer): Promise<Entry> {
  switch (input._) {
    case 'inputDialogPeer':
      return { kind: 'dialog', peer: (await access.peer(ctx, input.peer)).peer }
    case 'inputDialogPeerFolder':
      if (input.folderId !== FOLDER.archive) throw new RpcError('PEER_ID_INVALID')
      return ARCHIVE
    case 'inputDialogPeerCommunity': {
      const ref = await community(ctx, input.community)
      // Only what is folded up stands in the list.
      if (ref.member?.collapsed !== 1 || !(await isInCommunity(ctx, ref))) throw new RpcError('PEER_HISTORY_EMPTY')
      return { kind: 'community', peer: channelPeer(ref.id) }
    }
  }
}

function viewEntry(entry: Entry): tl.DialogPeer {
  if (entry.kind === 'archive') return { _: 'dialogPeerFolder', folderId: FOLDER.archive }
  if (entry.kind === 'community') return { _: 'dialogPeerCommunity', communityId: bareId(entry.peer) }
  return { _: 'dialogPeer', peer: toPeer(entry.peer) }
}

function pinLimit(ctx: Ctx, folder: number): Promise<number> {
  return ownLimit(ctx, folder === FOLDER.main ? 'pinnedDialogs' : 'pinnedDialogsInFolder')
}

async function setArchiveRank(tx: Tx, rank: number): Promise<void> {
  await tx.trx
    .insertInto('dialog_list')
    .values({ owner: tx.userId, archive_rank: rank })
    .onConflict((c) => c.column('owner').doUpdateSet({ archive_rank: rank }))
    .execute()
}

async function setRank(tx: Tx, { kind, peer }: Entry, rank: number): Promise<void> {
  if (kind === 'archive') return setArchiveRank(tx, rank)
  if (kind === 'community') return setCommunityRank(tx, bareId(peer), rank)
  await tx.trx
    .updateTable('dialog')
    .set({ pinned: rank })
    .where('owner', '=', tx.userId)
    .where('peer', '=', peer)
    .execute()
}

interface Pinned {
  entry: Entry
  rank: number
}

/** Pinned dialogs and communities of a folder, from the top. */
async function pinnedIn(tx: Tx, folder: number): Promise<Pinned[]> {
  const pinned: Pinned[] = []
  for (const row of await pinnedDialogs(tx, folder)) {
    pinned.push({ entry: { kind: 'dialog', peer: row.peer }, rank: row.pinned })
  }
  if (folder === FOLDER.main) {
    for (const ref of await pinnedCommunities(tx)) {
      pinned.push({ entry: { kind: 'community', peer: channelPeer(ref.id) }, rank: rankOf(ref) })
    }
  }
  return pinned.sort((a, b) => b.rank - a.rank)
}

/** The place above every pinned entry of a folder. PINNED_DIALOGS_TOO_MUCH. */
async function topRank(tx: Tx, folder: number): Promise<number> {
  const pinned = await pinnedIn(tx, folder)
  if (pinned.length >= (await pinLimit(tx, folder))) throw new RpcError('PINNED_DIALOGS_TOO_MUCH')
  const archive = folder === FOLDER.main ? (await dialogList(tx)).archive_rank : 0
  return Math.max(pinned[0]?.rank ?? 0, archive >= ARCHIVE_TOP ? 0 : archive) + 1
}

/**
 * Pins a dialog to the top of its folder's list, or takes it off. PEER_HISTORY_EMPTY for one that is not listed,
 * PINNED_DIALOGS_TOO_MUCH. https://core.telegram.org/method/messages.toggleDialogPin
 */
export async function setPinned(tx: Tx, entry: Entry, pinned: boolean): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  const pin = { archive: pinArchive, community: pinCommunity, dialog: pinDialog }[entry.kind]
  const folder = await pin(tx, entry, pinned)
  if (folder === undefined) return
  const peer = viewEntry(entry)
  const update: tl.Update = {
    _: 'updateDialogPinned',
    pinned: pinned || undefined,
    folderId: folder || undefined,
    peer,
  }
  await tx.publish(tx.userId, { kind: 'update', update })
}

/** The folder in which something changed; undefined when nothing did. */
async function pinArchive(tx: Tx, _: Entry, pinned: boolean): Promise<number | undefined> {
  const { archive_rank: rank } = await dialogList(tx)
  if (rank > 0 === pinned) return undefined
  await setArchiveRank(tx, pinned ? ARCHIVE_TOP : 0)
  return FOLDER.main
}

async function pinCommunity(tx: Tx, entry: Entry, pinned: boolean): Promise<number | undefined> {
  const before = (await pinnedCommunities(tx)).some((ref) => channelPeer(ref.id) === entry.peer)
  if (before === pinned) return undefined
  await setRank(tx, entry, pinned ? await topRank(tx, FOLDER.main) : 0)
  return FOLDER.main
}

async function pinDialog(tx: Tx, entry: Entry, pinned: boolean): Promise<number | undefined> {
  const { peer } = entry
  const row = kindOf(peer) === 'channel' ? await channelDialog(tx, peer) : await dialogRow(tx, tx.userId, peer)
  if (!row || (pinned && (row.hidden === 1 || row.top_message === 0))) throw new RpcError('PEER_HISTORY_EMPTY')
  if (row.pinned > 0 === pinned) return undefined
  await setRank(tx, entry, pinned ? await topRank(tx, row.folder) : 0)
  return row.folder
}

/**
 * Puts pinned dialogs of a folder in order, from the top; what is named and was not pinned is now. With `force` the
 * others are taken off, else they stand below. The archive stays where it is unless it is named.
 * https://core.telegram.org/method/messages.reorderPinnedDialogs
 */
export async function reorderPins(tx: Tx, folder: number, entries: readonly Entry[], force: boolean): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  const named = [...new Map(entries.map((entry) => [entry.peer, entry])).values()]
  const before = (await pinnedIn(tx, folder)).map((one) => one.entry)
  const rows = await listed(tx.trx, tx.userId).select('peer').where('folder', '=', folder).execute()
  const here = new Set(rows.map((row) => row.peer))
  const kept = named.filter((entry) => (entry.kind === 'dialog' ? here.has(entry.peer) : folder === FOLDER.main))
  const rest = before.filter((entry) => !kept.some((one) => one.peer === entry.peer))
  const order = force ? kept : [...kept, ...rest]
  if (order.filter((entry) => entry.kind !== 'archive').length > (await pinLimit(tx, folder))) {
    throw new RpcError('PINNED_DIALOGS_TOO_MUCH')
  }
  if (force) for (const entry of rest) await setRank(tx, entry, 0)
  for (const [i, entry] of order.entries()) await setRank(tx, entry, order.length - i)
  const update: tl.Update = { _: 'updatePinnedDialogs', folderId: folder || undefined, order: order.map(viewEntry) }
  await tx.publish(tx.userId, { kind: 'update', update })
}
