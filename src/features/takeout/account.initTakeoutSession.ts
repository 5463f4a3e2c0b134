import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { beginTakeout } from './actions.ts'

export default method(
  'account.initTakeoutSession',
  async (ctx, req) => {
    const begun = await ctx.transact((tx) => beginTakeout(tx, req))
    // Thrown out here, so that the notice to the other devices stays.
    if (begun.wait > 0) throw new RpcError(`TAKEOUT_INIT_DELAY_${begun.wait}`)
    return { _: 'account.takeout', id: BigInt(begun.id) }
  },
  { flood: 'write' },
)
