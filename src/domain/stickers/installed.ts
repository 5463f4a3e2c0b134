import type { Ctx, Tx } from '../../rpc/context.ts'
import { query } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'
import { listHash } from '../list-hash.ts'
import './facts.ts'
import { type InstalledRow, kindFlags, type SetRow } from './rows.ts'
import { viewSets } from './view.ts'

const listOf = query<{ owner: number; kind: number; archived: number }>()((db, p) =>
  db
    .selectFrom('installed_set as i')
    .innerJoin('sticker_set as s', 's.id', 'i.set_id')
    .selectAll('s')
    .where('i.owner', '=', p.owner)
    .where('i.kind', '=', p.kind)
    .where('i.archived', '=', p.archived)
    .orderBy('i.position', 'desc')
    .orderBy('i.set_id', 'desc'),
)
const installedOf = query<{ owner: number; kind: number }>()((db, p) =>
  db
    .selectFrom('installed_set')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('kind', '=', p.kind)
    .orderBy('position', 'desc')
    .orderBy('set_id', 'desc'),
)

/** Archived sets that an account keeps; of more the oldest go. */
const ARCHIVED = 1000

/** The sets that the one who asks has installed, or put into the archive, as they are shown. */
export function installedSets(ctx: Ctx, kind: number, archived = false): Promise<SetRow[]> {
  return ctx.run(listOf, { owner: ctx.userId, kind, archived: archived ? 1 : 0 })
}

/** The same as clients get it, unless they have it as it is. */
export async function viewInstalled(ctx: Ctx, kind: number, hash: bigint): Promise<tl.messages_AllStickers> {
  const rows = await installedSets(ctx, kind)
  const own = listHash(rows.map((row) => row.hash))
  if (hash !== 0n && hash === own) return { _: 'messages.allStickersNotModified' }
  return { _: 'messages.allStickers', hash: own, sets: await viewSets(ctx, rows) }
}

/** The account's whole list of a kind, which nobody else changes meanwhile. */
async function lockedList(tx: Tx, kind: number): Promise<InstalledRow[]> {
  await lockBoxes(tx, [tx.userId])
  return tx.run(installedOf, { owner: tx.userId, kind })
}

const tellChanged = (tx: Tx, kind: number) =>
  tx.publish(tx.userId, { kind: 'update', update: { _: 'updateStickerSets', ...kindFlags(kind) } })

async function put(tx: Tx, set: SetRow, row: { position: number; date: number; archived: number }): Promise<void> {
  await tx.trx
    .insertInto('installed_set')
    .values({ owner: tx.userId, set_id: set.id, kind: set.kind, ...row })
    .onConflict((c) => c.columns(['owner', 'set_id']).doUpdateSet(row))
    .execute()
}

/**
 * Installs a set, on top of the others, or puts it into the archive; the account's other devices are told.
 * @returns the sets (ids) that went into the archive for it, since more may not be installed
 * https://core.telegram.org/api/stickers#installing-stickersets
 */
export async function installSet(tx: Tx, set: SetRow, archived: boolean): Promise<number[]> {
  const list = await lockedList(tx, set.kind)
  const before = list.find((row) => row.set_id === set.id)
  if (before && before.archived === (archived ? 1 : 0)) return []
  const position = (list[0]?.position ?? 0) + 1
  await put(tx, set, { position, date: tx.now, archived: archived ? 1 : 0 })
  if (archived) {
    await dropOldest(tx, list)
    await tellChanged(tx, set.kind)
    return []
  }
  await tx.publish(tx.userId, { kind: 'newStickerSet', set: set.id })
  const shown = list.filter((row) => row.archived === 0)
  const over = shown.slice(Math.max(0, tx.app.config.limits.stickerSets - 1)).map((row) => row.set_id)
  if (over.length > 0) {
    await tx.trx
      .updateTable('installed_set')
      .set({ archived: 1 })
      .where('owner', '=', tx.userId)
      .where('set_id', 'in', over)
      .execute()
    await tellChanged(tx, set.kind)
  }
  return over
}

async function dropOldest(tx: Tx, list: readonly InstalledRow[]): Promise<void> {
  const archived = list.filter((row) => row.archived === 1)
  const over = archived.slice(ARCHIVED - 1).map((row) => row.set_id)
  if (over.length > 0) await drop(tx, over)
}

function drop(tx: Tx, ids: readonly number[]) {
  return tx.trx
    .deleteFrom('installed_set')
    .where('owner', '=', tx.userId)
    .where('set_id', 'in', ids)
    .returning('set_id')
    .execute()
}

/** Takes a set off the account's lists; its other devices are told when it was there. */
export async function uninstallSet(tx: Tx, set: SetRow): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  if ((await drop(tx, [set.id])).length > 0) await tellChanged(tx, set.kind)
}

/** Puts the installed sets of a kind into the order of `ids`; those not named follow as they were. */
export async function orderSets(tx: Tx, kind: number, ids: readonly number[]): Promise<void> {
  const list = await lockedList(tx, kind)
  const known = new Map(list.map((row) => [row.set_id, row]))
  const named = [...new Set(ids)].flatMap((id) => known.get(id) ?? [])
  const rest = list.filter((row) => !named.includes(row))
  const ordered = [...named, ...rest]
  if (ordered.every((row, i) => row === list[i])) return
  let position = ordered.length
  for (const row of ordered) {
    if (row.position !== position) await move(tx, row.set_id, position)
    position--
  }
  const order = ordered.filter((row) => row.archived === 0).map((row) => BigInt(row.set_id))
  const update: tl.Update = { _: 'updateStickerSetsOrder', ...kindFlags(kind), order }
  await tx.publish(tx.userId, { kind: 'update', update })
}

function move(tx: Tx, set: number, position: number) {
  return tx.trx
    .updateTable('installed_set')
    .set({ position })
    .where('owner', '=', tx.userId)
    .where('set_id', '=', set)
    .execute()
}

/**
 * Moves a set that was used to the top of those that are installed.
 * @returns what tells of it; undefined where it is there already, or not installed
 * https://core.telegram.org/api/stickers#recent-stickersets
 */
export async function raiseSet(tx: Tx, set: number, kind: number): Promise<tl.Update | undefined> {
  const list = await lockedList(tx, kind)
  const at = list.findIndex((row) => row.set_id === set && row.archived === 0)
  if (at < 0 || list.findIndex((row) => row.archived === 0) === at) return undefined
  await move(tx, set, list[0]!.position + 1)
  const update: tl.Update = { _: 'updateMoveStickerSetToTop', ...kindFlags(kind), stickerset: BigInt(set) }
  await tx.publish(tx.userId, { kind: 'update', update })
  return update
}
