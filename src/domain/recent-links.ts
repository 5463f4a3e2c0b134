import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'

/** Links that are kept of one account, and for how long opening one again is no news, seconds. */
const KEPT = 30
const SAME = 3600

const opened = query<{ owner: number; path: string }>()((db, p) =>
  db.selectFrom('recent_link').select('date').where('owner', '=', p.owner).where('path', '=', p.path),
)
const all = query<{ owner: number }>()((db, p) =>
  db
    .selectFrom('recent_link')
    .select(['path', 'date'])
    .where('owner', '=', p.owner)
    .orderBy('date', 'desc')
    .orderBy('path'),
)

/** Keeps that the caller has opened a link; bots look names up all day long, and nobody asks what they looked up. */
export async function noteLink(ctx: Ctx, path: string): Promise<void> {
  if (ctx.session?.auth.bot) return
  const [row] = await ctx.run(opened, { owner: ctx.userId, path })
  if (row && row.date > ctx.now - SAME) return
  await ctx.transact(async (tx) => {
    const owner = tx.userId
    await tx.trx
      .insertInto('recent_link')
      .values({ owner, path, date: tx.now })
      .onConflict((c) => c.columns(['owner', 'path']).doUpdateSet({ date: tx.now }))
      .execute()
    const old = (await tx.run(all, { owner })).slice(KEPT).map((one) => one.path)
    if (old.length === 0) return
    await tx.trx.deleteFrom('recent_link').where('owner', '=', owner).where('path', 'in', old).execute()
  })
}

/** What follows the name of the site in links that the caller has opened, the last one first. */
export async function recentLinks(ctx: Ctx): Promise<string[]> {
  return (await ctx.run(all, { owner: ctx.userId })).map((row) => row.path)
}
