import { passOn, smsSent, viewSmsJob } from '../../domain/sms-jobs.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'smsjobs.finishJob',
  async (ctx, req) => {
    if (req.error === undefined) await ctx.transact((tx) => smsSent(tx, req.jobId))
    else {
      await viewSmsJob(ctx, req.jobId)
      await passOn(ctx, req.jobId, ctx.userId)
    }
    return true
  },
  { flood: 'write' },
)
