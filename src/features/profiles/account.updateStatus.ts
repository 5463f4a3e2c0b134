import { ONLINE_SECONDS, tellStatus } from '../../domain/online.ts'
import { cameOnline } from '../../domain/scheduled.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.updateStatus',
  async (ctx, { offline }) => {
    const until = offline ? ctx.now : ctx.now + ONLINE_SECONDS
    await ctx.transact(async (tx) => {
      await tx.trx.updateTable('user').set({ online_until: until }).where('id', '=', tx.userId).execute()
      if (!offline) await cameOnline(tx, tx.userId)
    })
    await tellStatus(ctx)
    return true
  },
  { flood: 'write' },
)
