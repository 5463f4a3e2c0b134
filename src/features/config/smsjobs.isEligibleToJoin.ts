import { mayJoin } from '../../domain/sms-jobs.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'smsjobs.isEligibleToJoin',
  async (ctx) => {
    const termsUrl = await mayJoin(ctx)
    return { _: 'smsjobs.eligibleToJoin', termsUrl, monthlySentSms: ctx.app.config.limits.smsJobsMonthly }
  },
  { flood: 'read' },
)
