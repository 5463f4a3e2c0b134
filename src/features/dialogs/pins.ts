import { access, type PeerRef } from '../../domain/access.ts'
import { ARCHIVE_TOP, channelDialog, dialogList, FOLDER, listed, pinnedDialogs } from '../../domain/dialogs.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { kindOf, toPeer } from '../../domain/peers.ts'
import { ownLimit } from '../../domain/premium-limits.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'

/** What a client names as an entry of the list: a dialog, or the archive. Only what can be pinned. */
export async function accessEntry(ctx: Ctx, input: tl.InputDialogPeer): Promise<PeerRef | 'archive'> {
  switch (input._) {
    case 'inputDialogPeer':
      return access.peer(ctx, input.peer)
    case 'inputDialogPeerFolder':
      if (input.folderId !== FOLDER.archive) throw new RpcError('PEER_ID_INVALID')
      return 'archive'
    default:
      // @TODO communities: ends with their own folder.
      throw new RpcError('NOT_IMPLEMENTED')
  }
}

const viewEntry = (entry: number | 'archive'): tl.DialogPeer =>
  entry === 'archive' ? { _: 'dialogPeerFolder', folderId: FOLDER.archive } : { _: 'dialogPeer', peer: toPeer(entry) }

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

async function setRank(tx: Tx, peer: number, rank: number): Promise<void> {
  await tx.trx
    .updateTable('dialog')
    .set({ pinned: rank })
    .where('owner', '=', tx.userId)
    .where('peer', '=', peer)
    .execute()
}

/** The place above every pinned dialog of a folder. */
async function topRank(tx: Tx, folder: number): Promise<number> {
  const [first] = await pinnedDialogs(tx, folder)
  const archive = folder === FOLDER.main ? (await dialogList(tx)).archive_rank : 0
  return Math.max(first?.pinned ?? 0, archive >= ARCHIVE_TOP ? 0 : archive) + 1
}

/**
 * Pins a dialog to the top of its folder's list, or takes it off. PEER_HISTORY_EMPTY for one that is not listed,
 * PINNED_DIALOGS_TOO_MUCH. https://core.telegram.org/method/messages.toggleDialogPin
 */
export async function setPinned(tx: Tx, entry: PeerRef | 'archive', pinned: boolean): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  const folder = entry === 'archive' ? await pinArchive(tx, pinned) : await pinDialog(tx, entry.peer, pinned)
  if (folder === undefined) return
  const peer = viewEntry(entry === 'archive' ? entry : entry.peer)
  const update: tl.Update = {
    _: 'updateDialogPinned',
    pinned: pinned || undefined,
    folderId: folder || undefined,
    peer,
  }
  await tx.publish(tx.userId, { kind: 'update', update })
}

async function pinArchive(tx: Tx, pinned: boolean): Promise<number | undefined> {
  const { archive_rank: rank } = await dialogList(tx)
  if (rank > 0 === pinned) return undefined
  await setArchiveRank(tx, pinned ? ARCHIVE_TOP : 0)
  return FOLDER.main
}

/** The folder in which something changed; undefined when nothing did. */
async function pinDialog(tx: Tx, peer: number, pinned: boolean): Promise<number | undefined> {
  const row = kindOf(peer) === 'channel' ? await channelDialog(tx, peer) : await dialogRow(tx, tx.userId, peer)
  if (!row || (pinned && (row.hidden === 1 || row.top_message === 0))) throw new RpcError('PEER_HISTORY_EMPTY')
  if (row.pinned > 0 === pinned) return undefined
  if (pinned && (await pinnedDialogs(tx, row.folder)).length >= (await pinLimit(tx, row.folder))) {
    throw new RpcError('PINNED_DIALOGS_TOO_MUCH')
  }
  await setRank(tx, peer, pinned ? await topRank(tx, row.folder) : 0)
  return row.folder
}

/**
 * Puts pinned dialogs of a folder in order, from the top; what is named and was not pinned is now. With `force` the
 * others are taken off, else they stand below. The archive stays where it is unless it is named.
 * https://core.telegram.org/method/messages.reorderPinnedDialogs
 */
export async function reorderPins(
  tx: Tx,
  folder: number,
  entries: readonly (PeerRef | 'archive')[],
  force: boolean,
): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  const named = [...new Set(entries.map((entry) => (entry === 'archive' ? entry : entry.peer)))]
  const before = (await pinnedDialogs(tx, folder)).map((row) => row.peer)
  const rows = await listed(tx.trx, tx.userId).select('peer').where('folder', '=', folder).execute()
  const here = new Set(rows.map((row) => row.peer))
  const kept = named.filter((entry) => (entry === 'archive' ? folder === FOLDER.main : here.has(entry)))
  const rest = before.filter((peer) => !kept.includes(peer))
  const order = force ? kept : [...kept, ...rest]
  if (order.filter((entry) => entry !== 'archive').length > (await pinLimit(tx, folder))) {
    throw new RpcError('PINNED_DIALOGS_TOO_MUCH')
  }
  if (force) for (const peer of rest) await setRank(tx, peer, 0)
  for (const [i, entry] of order.entries()) {
    const rank = order.length - i
    if (entry === 'archive') await setArchiveRank(tx, rank)
    else await setRank(tx, entry, rank)
  }
  const update: tl.Update = { _: 'updatePinnedDialogs', folderId: folder || undefined, order: order.map(viewEntry) }
  await tx.publish(tx.userId, { kind: 'update', update })
}
