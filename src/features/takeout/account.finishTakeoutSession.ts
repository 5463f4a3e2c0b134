import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { endTakeout } from './actions.ts'

export default method(
  'account.finishTakeoutSession',
  async (ctx) => {
    const { takeout } = ctx
    if (!takeout) throw new RpcError('TAKEOUT_REQUIRED')
    await ctx.transact((tx) => endTakeout(tx, takeout))
    return true
  },
  { flood: 'write' },
)
