import { access } from '../../domain/access.ts'
import { seeInChannel } from '../../domain/channel-seen.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.readMessageContents',
  (ctx, req) => {
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    return ctx.transact(async (tx) => {
      await seeInChannel(tx, await access.channel(tx, req.channel), req.id)
      return true
    })
  },
  { flood: 'write' },
)
