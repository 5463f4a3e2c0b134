import { ONLINE_SECONDS, tellStatus } from '../../domain/online.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.updateStatus',
  async (ctx, { offline }) => {
    const until = offline ? ctx.now : ctx.now + ONLINE_SECONDS
    await ctx.transact((tx) =>
      tx.trx.updateTable('user').set({ online_until: until }).where('id', '=', tx.userId).execute(),
    )
    await tellStatus(ctx)
    return true
  },
  { flood: 'write' },
)
