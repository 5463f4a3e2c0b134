import { access, type PeerRef } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { replaceBlocked } from './actions.ts'

export default method(
  'contacts.setBlocked',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.id.length > tx.app.config.limits.blocked) throw new RpcError('LIMIT_INVALID')
      const peers: PeerRef[] = []
      for (const input of req.id) {
        const user = await access.userPeer(tx, input)
        if (!user.self && user.row.deleted === 0) peers.push(user)
      }
      await replaceBlocked(tx, peers, req.myStoriesFrom ?? false)
      return true
    }),
  { flood: 'write' },
)
