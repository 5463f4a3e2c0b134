import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { sessionQts } from '../../updates/secret-queue.ts'
import { confirmQueue } from './actions.ts'

export default method(
  'messages.receivedQueue',
  (ctx, { maxQts }) =>
    ctx.transact(async (tx) => {
      if (maxQts < 0 || maxQts > (await sessionQts(tx, { qts: 0 }))) throw new RpcError('MAX_QTS_INVALID')
      return confirmQueue(tx, maxQts)
    }),
  { flood: 'write' },
)
