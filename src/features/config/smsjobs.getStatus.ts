import { joined, recently } from '../../domain/sms-jobs.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'smsjobs.getStatus',
  async (ctx) => {
    const row = await joined(ctx)
    const { sent, since } = recently(row, ctx.now)
    const { config } = ctx.app
    return {
      _: 'smsjobs.status',
      allowInternational: row.international === 1 || undefined,
      recentSent: sent,
      recentSince: since,
      recentRemains: Math.max(0, config.limits.smsJobsMonthly - sent),
      totalSent: row.total_sent,
      totalSince: row.total_since,
      termsUrl: config.smsJobs ?? '',
    }
  },
  { flood: 'read' },
)
