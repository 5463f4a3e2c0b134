import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'

const byName = query<{ name: string }>()((db, p) => db.selectFrom('setting').select('value').where('name', '=', p.name))

/** A server-wide text that the operator may set; undefined when nobody has. */
export async function setting(ctx: Ctx, name: string): Promise<string | undefined> {
  const [row] = await ctx.run(byName, { name })
  return row?.value
}

export async function setSetting(tx: Tx, name: string, value: string): Promise<void> {
  await tx.trx
    .insertInto('setting')
    .values({ name, value })
    .onConflict((c) => c.column('name').doUpdateSet({ value }))
    .execute()
}
