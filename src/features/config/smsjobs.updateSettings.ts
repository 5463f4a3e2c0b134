import { joined } from '../../domain/sms-jobs.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'smsjobs.updateSettings',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { owner } = await joined(tx)
      const international = req.allowInternational ? 1 : 0
      await tx.trx.updateTable('sms_sender').set({ international }).where('owner', '=', owner).execute()
      return true
    }),
  { flood: 'write' },
)
