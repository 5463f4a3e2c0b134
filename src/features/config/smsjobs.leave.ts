import { joined, passOn } from '../../domain/sms-jobs.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'smsjobs.leave',
  async (ctx) => {
    const { userId: owner } = ctx
    const waiting = await ctx.transact(async (tx) => {
      await joined(tx)
      await tx.trx.updateTable('sms_sender').set({ joined: 0 }).where('owner', '=', owner).execute()
      return tx.trx.selectFrom('sms_job').select('id').where('owner', '=', owner).execute()
    })
    for (const { id } of waiting) await passOn(ctx, id, owner)
    return true
  },
  { flood: 'write' },
)
