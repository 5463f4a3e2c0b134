import { tellName } from '../../domain/acquaintances.ts'
import { method } from '../../rpc/method.ts'
import { reorderOwn } from './actions.ts'

export default method(
  'account.reorderUsernames',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await reorderOwn(tx, req.order)
      await tellName(tx, tx.userId)
      return true
    }),
  { flood: 'write' },
)
