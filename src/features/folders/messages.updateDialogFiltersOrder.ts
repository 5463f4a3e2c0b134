import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { orderFilters } from './filters.ts'

/** There are no more ids than this. */
const MOST = 256

export default method(
  'messages.updateDialogFiltersOrder',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.order.length > MOST) throw new RpcError('LIMIT_INVALID')
      await orderFilters(tx, req.order)
      return true
    }),
  { flood: 'write' },
)
