import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

const DAY = 86_400
const LONGEST = 366 * DAY

/** Nothing, or whole days up to a year. */
export default method(
  'messages.setDefaultHistoryTTL',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { period } = req
      if (period < 0 || period > LONGEST || period % DAY !== 0) throw new RpcError('TTL_PERIOD_INVALID')
      await tx.trx.updateTable('user').set({ history_ttl: period }).where('id', '=', tx.userId).execute()
      return true
    }),
  { flood: 'write' },
)
