import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'

export type UserRow = Selectable<Tables['user']>
export type ContactRow = Selectable<Tables['contact']>

const byId = query<{ id: number }>({ table: 'user', byId: true })((db, p) =>
  db.selectFrom('user').selectAll().where('id', '=', p.id),
)

/** An account's row, or undefined. */
export async function userRow(ctx: Ctx, id: number): Promise<UserRow | undefined> {
  const [row] = await ctx.run(byId, { id })
  return row
}

/** See Ctx.ahead. */
export const askUser = (ctx: Ctx, id: number): void => ctx.ahead(byId, { id })

/** Rows of several accounts by id; those that do not exist are missing. */
export async function userRows(ctx: Ctx, ids: Iterable<number>): Promise<Map<number, UserRow>> {
  const list = [...new Set(ids)]
  const rows = new Map<number, UserRow>()
  if (list.length <= 3) {
    for (const row of await Promise.all(list.map((id) => userRow(ctx, id)))) if (row) rows.set(row.id, row)
    return rows
  }
  const found = await ctx.db.selectFrom('user').selectAll().where('id', 'in', list).execute()
  for (const row of found) rows.set(row.id, row)
  return rows
}

export async function userByPhone(ctx: Ctx, phone: string): Promise<UserRow | undefined> {
  return ctx.db.selectFrom('user').selectAll().where('phone', '=', phone).executeTakeFirst()
}

/**
 * Keeps other transactions that lock the same account waiting until this one ends: called first by whoever reads an
 * account's settings in order to write them.
 */
export async function lockUser(tx: Tx, id: number): Promise<void> {
  await tx.trx
    .updateTable('user')
    .set((eb) => ({ id: eb.ref('id') }))
    .where('id', '=', id)
    .execute()
}
