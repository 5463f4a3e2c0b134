import { access } from '../../domain/access.ts'
import { method } from '../../rpc/method.ts'
import { reorderNames } from './channel-names.ts'

export default method(
  'channels.reorderUsernames',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await reorderNames(tx, await access.channel(tx, req.channel), req.order)
      return true
    }),
  { flood: 'write' },
)
