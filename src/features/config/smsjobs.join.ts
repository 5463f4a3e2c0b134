import { mayJoin } from '../../domain/sms-jobs.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'smsjobs.join',
  async (ctx) => {
    await mayJoin(ctx)
    const { userId: owner, now } = ctx
    const counters = { recent_since: now, recent_sent: 0, total_since: now, total_sent: 0 }
    // Whoever comes back goes on with what they have sent.
    await ctx.transact((tx) =>
      tx.trx
        .insertInto('sms_sender')
        .values({ owner, joined: 1, international: 0, ...counters })
        .onConflict((c) => c.column('owner').doUpdateSet({ joined: 1 }))
        .execute(),
    )
    return true
  },
  { flood: 'write' },
)
