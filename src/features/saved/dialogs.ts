import { namedPeer } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { listHash } from '../../domain/list-hash.ts'
import { messageRows } from '../../domain/message-rows.ts'
import { toPeer } from '../../domain/peers.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'

/** `saved_dialogs_pinned_limit` of the client configuration. */
export const SAVED_PINNED = 100

/** A dialog of one's saved messages: those that were saved from one chat. */
export interface SavedDialog {
  peer: number
  /** Its newest message. */
  top: number
  /** Place among the pinned ones, 0 for not pinned; higher is further up. */
  rank: number
}

/**
 * The caller's saved messages by where they were saved from.
 * @NOTE reads the index of all saved messages: some milliseconds for a hundred thousand of them.
 * https://core.telegram.org/api/saved-messages
 */
export function savedDialogs(ctx: Ctx) {
  const owner = ctx.userId
  return ctx.db
    .selectFrom(
      ctx.db
        .selectFrom('message')
        .select((eb) => [eb.ref('saved_peer').$notNull().as('peer'), eb.fn.max('id').as('top')])
        .where('owner', '=', owner)
        .where('saved_peer', 'is not', null)
        .groupBy('saved_peer')
        .as('s'),
    )
    .leftJoin('saved_pin as p', (j) => j.on('p.owner', '=', owner).onRef('p.peer', '=', 's.peer'))
    .select((eb) => ['s.peer', 's.top', eb.fn.coalesce('p.rank', eb.lit(0)).as('rank')])
}

/** The pinned ones, from the top. */
export async function pinnedSaved(ctx: Ctx): Promise<SavedDialog[]> {
  return savedDialogs(ctx).where('p.rank', 'is not', null).orderBy('p.rank', 'desc').execute()
}

export async function viewSaved(
  ctx: Ctx,
  rows: readonly SavedDialog[],
): Promise<{ dialogs: tl.SavedDialog[]; messages: tl.Message[]; users: []; chats: [] }> {
  const tops = await messageRows(
    ctx,
    ctx.userId,
    rows.map((row) => row.top),
  )
  return {
    dialogs: rows.map((row) => ({
      _: 'savedDialog',
      pinned: row.rank > 0 || undefined,
      peer: toPeer(row.peer),
      topMessage: row.top,
    })),
    messages: await viewMessages(ctx, tops),
    users: [],
    chats: [],
  }
}

/** What a client may have already. */
export const savedHash = (rows: readonly SavedDialog[]): bigint =>
  listHash(rows.flatMap((row) => [row.rank > 0 ? 1 : 0, row.peer, row.top].map((n) => BigInt.asUintN(64, BigInt(n)))))

async function setRank(tx: Tx, peer: number, rank: number): Promise<void> {
  const owner = tx.userId
  if (rank === 0) {
    await tx.trx.deleteFrom('saved_pin').where('owner', '=', owner).where('peer', '=', peer).execute()
    return
  }
  await tx.trx
    .insertInto('saved_pin')
    .values({ owner, peer, rank })
    .onConflict((c) => c.columns(['owner', 'peer']).doUpdateSet({ rank }))
    .execute()
}

/** The peer that an entry of the list names; PEER_ID_INVALID for what is no dialog. */
export function savedPeer(ctx: Ctx, input: tl.InputDialogPeer): number {
  const peer = input._ === 'inputDialogPeer' ? namedPeer(ctx, input.peer) : 0
  if (peer === 0) throw new RpcError('PEER_ID_INVALID')
  return peer
}

/** Pins a dialog of the saved messages to the top, or takes it off. PEER_ID_INVALID for one that is empty. */
export async function pinSaved(tx: Tx, peer: number, pinned: boolean): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  const dialog = await savedDialogs(tx).where('s.peer', '=', peer).executeTakeFirst()
  if (!dialog) throw new RpcError('PEER_ID_INVALID')
  if (dialog.rank > 0 === pinned) return
  const before = await pinnedSaved(tx)
  if (pinned && before.length >= SAVED_PINNED) throw new RpcError('PINNED_DIALOGS_TOO_MUCH')
  await setRank(tx, peer, pinned ? (before[0]?.rank ?? 0) + 1 : 0)
  await tellPin(tx, peer, pinned)
}

async function tellPin(tx: Tx, peer: number, pinned: boolean): Promise<void> {
  const dialog: tl.DialogPeer = { _: 'dialogPeer', peer: toPeer(peer) }
  const update: tl.Update = { _: 'updateSavedDialogPinned', pinned: pinned || undefined, peer: dialog }
  await tx.publish(tx.userId, { kind: 'update', update })
}

/** A dialog that is left empty is pinned no more. */
export async function unpinEmpty(tx: Tx, peer: number): Promise<void> {
  const left = await savedDialogs(tx).where('s.peer', '=', peer).executeTakeFirst()
  if (left) return
  const gone = await tx.trx
    .deleteFrom('saved_pin')
    .where('owner', '=', tx.userId)
    .where('peer', '=', peer)
    .returning('rank')
    .execute()
  if (gone.length > 0) await tellPin(tx, peer, false)
}

/**
 * Puts pinned dialogs in order, from the top; what is named and was not pinned is now. With `force` the others are
 * taken off, else they stand below.
 */
export async function reorderSaved(tx: Tx, peers: readonly number[], force: boolean): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  const there = new Set((await savedDialogs(tx).execute()).map((d) => d.peer))
  const named = [...new Set(peers)].filter((peer) => there.has(peer))
  const rest = (await pinnedSaved(tx)).map((d) => d.peer).filter((peer) => !named.includes(peer))
  const order = force ? named : [...named, ...rest]
  if (order.length > SAVED_PINNED) throw new RpcError('PINNED_DIALOGS_TOO_MUCH')
  if (force) for (const peer of rest) await setRank(tx, peer, 0)
  for (const [i, peer] of order.entries()) await setRank(tx, peer, order.length - i)
  const update: tl.Update = {
    _: 'updatePinnedSavedDialogs',
    order: order.map((peer) => ({ _: 'dialogPeer', peer: toPeer(peer) })),
  }
  await tx.publish(tx.userId, { kind: 'update', update })
}
