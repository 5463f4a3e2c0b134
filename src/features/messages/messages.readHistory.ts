import { access } from '../../domain/access.ts'
import { readHistory } from '../../domain/read-history.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { affected } from './affected.ts'

export default method(
  'messages.readHistory',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      if (peer.kind === 'channel') throw new RpcError('PEER_ID_INVALID')
      return affected(tx, await readHistory(tx, peer, req.maxId))
    }),
  { flood: 'write' },
)
