import { endIdle } from '../../domain/authorizations.ts'
import type { Ctx } from '../../rpc/context.ts'
import { type JobRunner, schedule } from '../../rpc/jobs.ts'

const EVERY = 3600
/** Keys with which nobody signed in are kept so long after their last use, in seconds. */
const UNUSED_LIFE = 30 * 86_400
/** A temporary key that has expired is kept a little longer: until then its clients are told so. */
const EXPIRED_LIFE = 3600
/** Rows deleted in one transaction. */
const BATCH = 500

/** What the passing of time brings about devices and keys. */
export const jobs: Record<string, JobRunner> = {
  idleDevices: (ctx, job) => endIdle(ctx, job.owner),
  async sweepKeys(ctx) {
    await sweepKeys(ctx)
    await ctx.transact(async (tx) => {
      // Whoever shows an old code is still told that it has expired.
      await tx.trx
        .deleteFrom('login_token')
        .where('expires_at', '<=', tx.now - EXPIRED_LIFE)
        .execute()
      await tx.trx.deleteFrom('flood').where('ends_at', '<=', tx.now).execute()
      await schedule(tx, { id: 'sweepKeys', kind: 'sweepKeys', owner: 0, dueAt: tx.now + EVERY })
    })
  },
}

/** Deletes temporary keys that have expired and permanent ones that nobody uses. */
async function sweepKeys(ctx: Ctx): Promise<void> {
  for (;;) {
    const expired = await ctx.db
      .selectFrom('auth_key')
      .select('id')
      .where('expires_at', '>', 0)
      .where('expires_at', '<', ctx.now - EXPIRED_LIFE)
      .limit(BATCH)
      .execute()
    const unused = await ctx.db
      .selectFrom('auth_key')
      .select('id')
      .where('user_id', 'is', null)
      .where('temp', '=', 0)
      .where('active_at', '<', ctx.now - UNUSED_LIFE)
      .limit(BATCH)
      .execute()
    const ids = [...expired, ...unused].map((row) => row.id)
    if (ids.length === 0) return
    await ctx.transact(async (tx) => {
      await tx.trx.deleteFrom('auth_key').where('id', 'in', ids).execute()
      tx.onCommit(() => {
        for (const id of ids) tx.app.dropKey(BigInt(`0x${id}`))
      })
    })
  }
}
