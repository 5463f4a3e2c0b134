import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { setBlocked } from './actions.ts'

export default method(
  'contacts.block',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.id)
      if (peer.kind !== 'user') throw new RpcError('PEER_ID_INVALID')
      if (peer.self) throw new RpcError('CONTACT_ID_INVALID')
      if (peer.row.deleted === 1) throw new RpcError('INPUT_USER_DEACTIVATED')
      return setBlocked(tx, peer, true, req.myStoriesFrom ?? false)
    }),
  { flood: 'write' },
)
