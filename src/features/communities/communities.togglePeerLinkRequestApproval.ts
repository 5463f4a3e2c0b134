import { namedPeer } from '../../domain/access.ts'
import { community, lockCommunity, mustInCommunity } from '../../domain/communities.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { settle } from './requests.ts'

export default method(
  'communities.togglePeerLinkRequestApproval',
  async (ctx, req) => {
    const settled = await ctx.transact(async (tx) => {
      const ref = await lockCommunity(tx, (await community(tx, req.community)).id)
      mustInCommunity(tx, ref, 'manageLinkedPeers')
      // Whoever decides need not be in the chat: that it was asked for is what counts.
      const request = await tx.trx
        .selectFrom('community_request')
        .selectAll()
        .where('community', '=', ref.id)
        .where('peer', '=', namedPeer(tx, req.peer))
        .executeTakeFirst()
      if (!request) throw new RpcError('PEER_ID_INVALID')
      return settle(tx, ref, request, req.reject !== true)
    })
    if (!settled) throw new RpcError('CHANNEL_INVALID')
    return true
  },
  { flood: 'write' },
)
