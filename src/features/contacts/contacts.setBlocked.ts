import { access, type PeerRef } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { replaceBlocked } from './actions.ts'

/** The whole of a list, people and channels: what is blocked and not named is not blocked after, whatever the limit. */
export default method(
  'contacts.setBlocked',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.id.length > tx.app.config.limits.blocked) throw new RpcError('LIMIT_INVALID')
      const peers: PeerRef[] = []
      for (const input of req.id) {
        const peer = await access.peer(tx, input)
        if (peer.kind === 'chat') throw new RpcError('PEER_ID_INVALID')
        if (peer.kind === 'channel' || (!peer.self && peer.row.deleted === 0)) peers.push(peer)
      }
      await replaceBlocked(tx, peers, req.myStoriesFrom ?? false)
      return true
    }),
  { flood: 'write' },
)
