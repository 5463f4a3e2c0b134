import { type Kysely, sql } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'

/** Greater than every message id. */
export const NO_ID = 2 ** 31

type Db = Kysely<Tables>

const from = (db: Db, p: { owner: number; id: number }) =>
  db
    .selectFrom('message')
    .select(['id', 'date'])
    .where('owner', '=', p.owner)
    .where('id', '>=', p.id)
    .orderBy('id')
    .limit(1)
const inBox = query<{ owner: number; id: number }>()((db, p) => from(db, p))
const inDialog = query<{ owner: number; peer: number; id: number }>()((db, p, d) =>
  from(db, p).where(d.rarely(sql`peer = ${p.peer}`)),
)

/**
 * The id that divides a dialog, or a whole box, at a date (unix seconds): messages before it are older, the others are
 * not. Messages of a box are dated in the order of their ids, so it is found in some thirty steps however many there
 * are.
 */
export async function idAtDate(ctx: Ctx, owner: number, peer: number | undefined, date: number): Promise<number> {
  let low = 1
  let high = NO_ID
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [row] =
      owner < 0 || peer === undefined
        ? await ctx.run(inBox, { owner, id: middle })
        : await ctx.run(inDialog, { owner, peer, id: middle })
    if (row === undefined || row.date >= date) high = middle
    else low = row.id + 1
  }
  return low
}
