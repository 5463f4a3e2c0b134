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

/** Messages of one owner by id, in the order asked for; those that are not there are missing. */
export async function messageRows(ctx: Ctx, owner: number, ids: readonly number[]): Promise<MessageRow[]> {
  if (ids.length <= 4) {
    const rows: MessageRow[] = []
    for (const id of ids) {
      const row = await messageRow(ctx, owner, id)
      if (row) rows.push(row)
    }
    return rows
  }
  const found = new Map<number, MessageRow>()
  for (let i = 0; i < ids.length; i += 500) {
    const part = ids.slice(i, i + 500)
    const rows = await ctx.db
      .selectFrom('message')
      .selectAll()
      .where('owner', '=', owner)
      .where('id', 'in', part)
      .execute()
    for (const row of rows) found.set(row.id, row)
  }
  return ids.map((id) => found.get(id)).filter((row) => row !== undefined)
}

export async function dialogRow(ctx: Ctx, owner: number, peer: number): Promise<DialogRow | undefined> {
  const [row] = await ctx.run(dialog, { owner, peer })
  return row
}
