import type { Ctx, Tx } from '../rpc/context.ts'
import { schedule } from '../rpc/jobs.ts'

/** The job that cuts off old facts, and how often it runs, in seconds. */
export const PRUNE = 'log.prune'
const EVERY = 6 * 3600
/** Rows deleted in one transaction, so that nobody waits long for it. */
const AT_ONCE = 1000

/**
 * Deletes facts older than `limits.logSeconds`, some at a time. Clients that stand before them are told that they lack
 * too much. The newest fact of a box stays: it shows where the log begins.
 */
export async function pruneLog(ctx: Ctx): Promise<void> {
  const before = ctx.now - ctx.app.config.limits.logSeconds
  for (;;) {
    const rows = await ctx.db
      .selectFrom('log')
      .innerJoin('box', 'box.owner', 'log.owner')
      .select(['log.owner', 'log.pos'])
      .where('log.date', '<', before)
      .whereRef('log.pos', '<', 'box.pos')
      .limit(AT_ONCE)
      .execute()
    if (rows.length === 0) break
    const last = new Map<number, number>()
    for (const { owner, pos } of rows) last.set(owner, Math.max(pos, last.get(owner) ?? 0))
    await ctx.transact(async (tx) => {
      for (const [owner, pos] of last) {
        const old = tx.trx.deleteFrom('log').where('owner', '=', owner).where('pos', '<=', pos)
        await old.where('date', '<', before).execute()
      }
    })
  }
  await ctx.transact(schedulePrune)
}

function schedulePrune(tx: Tx): Promise<void> {
  return schedule(tx, { id: PRUNE, kind: PRUNE, owner: 0, dueAt: tx.now + EVERY })
}

/** Puts the job on its way, unless it is already. */
export async function startPruning(ctx: Ctx): Promise<void> {
  const known = await ctx.db.selectFrom('job').select('id').where('id', '=', PRUNE).executeTakeFirst()
  if (!known) await ctx.transact(schedulePrune)
}
