import { type Insertable, sql } from 'kysely'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type { Tables } from '../../storage/index.ts'
import type { SetRow, StickerRow } from './rows.ts'

/** Another hash for what has changed: never 0, which is what clients send who have nothing. */
export const newSetHash = (ctx: Ctx): number => (ctx.app.random(4).readUInt32LE() >>> 1) | 1

/**
 * Changes a set's own row, which is locked from here on: what is read of its stickers after that is current.
 * STICKERSET_INVALID when it is gone.
 */
export async function changeSet(
  tx: Tx,
  id: number,
  set: Partial<Insertable<Tables['sticker_set']>> = {},
): Promise<SetRow> {
  const row = await tx.trx
    .updateTable('sticker_set')
    .set({ ...set, hash: newSetHash(tx) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new RpcError('STICKERSET_INVALID')
  return row
}

/** Counts stickers in or out of a set. */
export async function countStickers(tx: Tx, id: number, by: number): Promise<void> {
  await tx.trx
    .updateTable('sticker_set')
    .set((eb) => ({ count: eb('count', '+', by) }))
    .where('id', '=', id)
    .execute()
}

/** Moves the stickers of a set between two places by one: `from` to `to`, both included. */
export async function shift(tx: Tx, set: number, from: number, to: number, by: 1 | -1): Promise<void> {
  await tx.trx
    .updateTable('sticker')
    .set({ position: sql<number>`position + ${by}` })
    .where('set_id', '=', set)
    .where('position', '>=', from)
    .where('position', '<=', to)
    .execute()
}

/** Where a sticker stands in its set, whose row is locked; STICKER_INVALID when it is in it no more. */
export async function stickerIn(tx: Tx, set: number, document: number): Promise<StickerRow> {
  const row = await tx.trx
    .selectFrom('sticker')
    .selectAll()
    .where('set_id', '=', set)
    .where('document_id', '=', document)
    .executeTakeFirst()
  if (!row) throw new RpcError('STICKER_INVALID')
  return row
}
