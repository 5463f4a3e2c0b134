import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { affected } from './affected.ts'
import { deleteMessages } from './delete.ts'

export default method(
  'messages.deleteMessages',
  (ctx, req) => {
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    return ctx.transact(async (tx) => {
      const messages = await access.messages(tx, req.id)
      return affected(tx, await deleteMessages(tx, messages, req.revoke === true))
    })
  },
  { flood: 'write' },
)
