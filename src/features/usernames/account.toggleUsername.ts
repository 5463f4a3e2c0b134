import { tellName } from '../../domain/acquaintances.ts'
import { method } from '../../rpc/method.ts'
import { toggleOwn } from './actions.ts'

export default method(
  'account.toggleUsername',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await toggleOwn(tx, req.username, req.active)
      await tellName(tx, tx.userId)
      return true
    }),
  { flood: 'write' },
)
