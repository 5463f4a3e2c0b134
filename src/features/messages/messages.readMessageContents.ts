import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { affected } from './affected.ts'
import { readContents } from './read-contents.ts'

export default method(
  'messages.readMessageContents',
  (ctx, req) => {
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    return ctx.transact(async (tx) => affected(tx, await readContents(tx, req.id)))
  },
  { flood: 'write' },
)
