import { community, lockCommunity, mustInCommunity } from '../../domain/communities.ts'
import { method } from '../../rpc/method.ts'
import { settle } from './requests.ts'

/** Requests settled by one call. */
const AT_ONCE = 100

export default method(
  'communities.toggleAllPeerLinkRequestApproval',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const ref = await lockCommunity(tx, (await community(tx, req.community)).id)
      mustInCommunity(tx, ref, 'manageLinkedPeers')
      const requests = await tx.trx
        .selectFrom('community_request')
        .selectAll()
        .where('community', '=', ref.id)
        .orderBy('date')
        .orderBy('peer')
        .limit(AT_ONCE)
        .execute()
      for (const request of requests) await settle(tx, ref, request, req.reject !== true)
      return true
    }),
  { flood: 'write' },
)
