import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { setBlocked } from './actions.ts'

export default method(
  'contacts.unblock',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.id)
      if (peer.kind === 'chat') throw new RpcError('PEER_ID_INVALID')
      if (peer.kind === 'user' && peer.self) throw new RpcError('CONTACT_ID_INVALID')
      return setBlocked(tx, peer, false, req.myStoriesFrom ?? false)
    }),
  { flood: 'write' },
)
