import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { affectedHistory } from './affected.ts'
import { deleteHistory } from './delete-history.ts'

export default method(
  'messages.deleteHistory',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      // A channel's own method clears it.
      if (peer.kind === 'channel') throw new RpcError('PEER_ID_INVALID')
      const { minDate = 0, maxDate = 0 } = req
      if (minDate < 0) throw new RpcError('MIN_DATE_INVALID')
      if (maxDate < 0 || (maxDate > 0 && maxDate < minDate)) throw new RpcError('MAX_DATE_INVALID')
      if ((minDate > 0 || maxDate > 0) && peer.kind !== 'user') throw new RpcError('CHAT_REVOKE_DATE_UNSUPPORTED')
      if (req.maxId < 0) throw new RpcError('MESSAGE_ID_INVALID')
      const { maxId, justClear = false, revoke = false } = req
      const { published, left } = await deleteHistory(tx, peer, { maxId, minDate, maxDate, justClear, revoke })
      return affectedHistory(tx, published, left)
    }),
  { flood: 'write' },
)
