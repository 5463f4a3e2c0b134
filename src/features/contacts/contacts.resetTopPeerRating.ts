import { access } from '../../domain/access.ts'
import { forgetTopPeers, type TopPeerCategory } from '../../domain/top-peers.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'contacts.resetTopPeerRating',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { peer } = await access.peer(tx, req.peer)
      const name = req.category._.slice('topPeerCategory'.length)
      await forgetTopPeers(tx, { category: (name[0]!.toLowerCase() + name.slice(1)) as TopPeerCategory, peer })
      return true
    }),
  { flood: 'write' },
)
