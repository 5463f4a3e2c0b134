import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { setBlocked } from './actions.ts'

export default method(
  'contacts.block',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.id)
      if (peer.peer === tx.userId) throw new RpcError('CONTACT_ID_INVALID')
      return setBlocked(tx, peer, true, req.myStoriesFrom ?? false)
    }),
  { flood: 'write' },
)
