import type { Selectable } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'

/** `rank`: the tag of who wrote it in a supergroup, on a row that was just written; of others it is looked up. */
export type MessageRow = Selectable<Tables['message']> & { rank?: string | null }
export type DialogRow = Selectable<Tables['dialog']>

const byId = query<{ owner: number; id: number }>()((db, p) =>
  db.selectFrom('message').selectAll().where('owner', '=', p.owner).where('id', '=', p.id),
)
const dialog = query<{ owner: number; peer: number }>()((db, p) =>
  db.selectFrom('dialog').selectAll().where('owner', '=', p.owner).where('peer', '=', p.peer),
)

export async function messageRow(ctx: Ctx, owner: number, id: number): Promise<MessageRow | undefined> {
  const [row] = await ctx.run(byId, { owner, id })
  return row
}

const byIds = query<{ owner: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('message')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('id', 'in', d.each(p.ids) as never),
)

/** Messages of one owner by id, in the order asked for; those that are not there are missing. */
export async function messageRows(ctx: Ctx, owner: number, ids: readonly number[]): Promise<MessageRow[]> {
  if (ids.length <= 4) {
    const rows = await Promise.all(ids.map((id) => messageRow(ctx, owner, id)))
    return rows.filter((row) => row !== undefined)
  }
  const found = new Map<number, MessageRow>()
  for (let i = 0; i < ids.length; i += 500) {
    const part = ids.slice(i, i + 500)
    for (const row of await ctx.run(byIds, { owner, ids: part })) found.set(row.id, row)
  }
  return ids.map((id) => found.get(id)).filter((row) => row !== undefined)
}

export async function dialogRow(ctx: Ctx, owner: number, peer: number): Promise<DialogRow | undefined> {
  const [row] = await ctx.run(dialog, { owner, peer })
  return row
}
