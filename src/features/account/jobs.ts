import { sweepAccount } from '../../domain/account-rows.ts'
import { deleteAccount, endUnused } from '../../domain/accounts.ts'
import type { JobRunner } from '../../rpc/jobs.ts'

/** What the passing of time brings about accounts. */
export const jobs: Record<string, JobRunner> = {
  accountTtl: (ctx, job) => endUnused(ctx, job.owner),
  deleteAccount: (ctx, job) => ctx.transact((tx) => deleteAccount(tx, job.owner)),
  sweepAccount: (ctx, job) => sweepAccount(ctx, job.owner),
}
