import type { Ctx, Tx } from '../rpc/context.ts'
import { cancelJob, schedule } from '../rpc/jobs.ts'
import { tellUser } from './acquaintances.ts'
import { takeBoostsBack } from './boost-slots.ts'
import { lockUser, userRow } from './user-rows.ts'

/** Whether an account has Premium at the moment. https://core.telegram.org/api/premium */
export async function hasPremium(ctx: Ctx, user: number): Promise<boolean> {
  return (await userRow(ctx, user))?.premium === 1
}

const jobOf = (user: number) => `premium.end:${user}`

/**
 * Gives an account Premium until then (unix seconds, 0 without end), instead of what it had; those who know it are told
 * when that is new.
 */
export async function givePremium(tx: Tx, user: number, until: number): Promise<void> {
  await lockUser(tx, user)
  const had = await hasPremium(tx, user)
  await tx.trx
    .insertInto('premium')
    .values({ owner: user, since: tx.now, until })
    .onConflict((c) => c.column('owner').doUpdateSet({ until }))
    .execute()
  if (until > 0) await schedule(tx, { id: jobOf(user), kind: 'premium.end', owner: user, dueAt: until })
  else await cancelJob(tx, jobOf(user))
  if (had) return
  await tx.trx.updateTable('user').set({ premium: 1 }).where('id', '=', user).execute()
  await tellUser(tx, user)
}

/** Ends an account's Premium: its boosts go with it, and those who know it are told. */
export async function endPremium(tx: Tx, user: number): Promise<void> {
  await lockUser(tx, user)
  await tx.trx.deleteFrom('premium').where('owner', '=', user).execute()
  await cancelJob(tx, jobOf(user))
  await takeBoostsBack(tx, user)
  if (!(await hasPremium(tx, user))) return
  await tx.trx.updateTable('user').set({ premium: 0 }).where('id', '=', user).execute()
  await tellUser(tx, user)
}

/** The job of the moment at which somebody's Premium ends, unless it was prolonged in between. */
export async function endPremiumInTime(ctx: Ctx, user: number): Promise<void> {
  await ctx.transact(async (tx) => {
    await lockUser(tx, user)
    const row = await tx.trx.selectFrom('premium').select('until').where('owner', '=', user).executeTakeFirst()
    if (row && row.until > 0 && row.until <= tx.now) await endPremium(tx, user)
  })
}
