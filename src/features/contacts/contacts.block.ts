import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { setBlocked } from './actions.ts'

/** People, bots, and what speaks in a name of its own: channels, and groups by their anonymous administrators. */
export default method(
  'contacts.block',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.id)
      if (peer.kind === 'chat') throw new RpcError('PEER_ID_INVALID')
      if (peer.kind === 'user' && peer.self) throw new RpcError('CONTACT_ID_INVALID')
      if (peer.kind === 'user' && peer.row.deleted === 1) throw new RpcError('INPUT_USER_DEACTIVATED')
      return setBlocked(tx, peer, true, req.myStoriesFrom ?? false)
    }),
  { flood: 'write' },
)
