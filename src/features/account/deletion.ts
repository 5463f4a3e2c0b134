import { timingSafeEqual } from 'node:crypto'
import { authorizationsOf } from '../../domain/authorizations.ts'
import { tellAccount } from '../../domain/service-account.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { cancelJob, schedule } from '../../rpc/jobs.ts'

/**
 * The deletion of an account whose password is not known: it waits, so that the owner may object with the number's
 * code. https://core.telegram.org/api/account-deletion
 */
interface Deletion {
  /** Names the request in the link that the owner gets. */
  hash: string
  /** The key that asked. */
  key: string
}

const idOf = (userId: number) => `deleteAccount:${userId}`

/** The deletion that waits for an account, and when it is due; undefined without one. */
export async function pendingDeletion(ctx: Ctx, userId: number): Promise<(Deletion & { dueAt: number }) | undefined> {
  const job = await ctx.db
    .selectFrom('job')
    .select(['data', 'due_at'])
    .where('id', '=', idOf(userId))
    .executeTakeFirst()
  if (!job?.data) return undefined
  return { ...(JSON.parse(Buffer.from(job.data).toString()) as Deletion), dueAt: job.due_at }
}

/** The same, when the hash is the one that the owner was sent. */
export async function namedDeletion(ctx: Ctx, userId: number, hash: string) {
  const pending = await pendingDeletion(ctx, userId)
  if (!pending) return undefined
  const [known, given] = [Buffer.from(pending.hash), Buffer.from(hash)]
  return known.length === given.length && timingSafeEqual(known, given) ? pending : undefined
}

/** Whether any device of the account was used lately: then somebody may object. */
export async function inUse(ctx: Ctx, userId: number): Promise<boolean> {
  const since = ctx.now - ctx.app.config.limits.accountDeletionSeconds
  return (await authorizationsOf(ctx, userId)).some((device) => device.active_at > since)
}

/** Puts the deletion off and tells the account's devices how to object. Gives the seconds that are left. */
export async function postpone(tx: Tx, userId: number): Promise<number> {
  const pending = await pendingDeletion(tx, userId)
  if (pending) return Math.max(1, pending.dueAt - tx.now)
  const wait = tx.app.config.limits.accountDeletionSeconds
  const hash = tx.app.random(16).toString('hex')
  const data: Deletion = { hash, key: tx.session?.auth.id ?? '' }
  await schedule(tx, { id: idOf(userId), kind: 'deleteAccount', owner: userId, dueAt: tx.now + wait, data })
  const phone = (await userRow(tx, userId))?.phone ?? ''
  const date = new Date((tx.now + wait) * 1000).toISOString().slice(0, 10)
  const link = `https://t.me/confirmphone?phone=${phone}&hash=${hash}`
  await tellAccount(
    tx,
    userId,
    `Somebody with a login code of this account asked for it to be deleted on ${date}. To keep it: ${link}`,
  )
  return wait
}

/** Takes the deletion back. */
export async function cancelDeletion(tx: Tx, userId: number): Promise<void> {
  await cancelJob(tx, idOf(userId))
}
