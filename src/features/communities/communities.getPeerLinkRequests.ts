import { community, mustInCommunity } from '../../domain/communities.ts'
import { complete } from '../../domain/complete.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { toPeer } from '../../domain/peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'communities.getPeerLinkRequests',
  async (ctx, req) => {
    const ref = await community(ctx, req.community)
    mustInCommunity(ctx, ref, 'manageLinkedPeers')
    const after = /^(\d{1,12}):(-?\d{1,16})$/.exec(req.offset)
    if (req.offset !== '' && !after) throw new RpcError('DATA_INVALID')
    const [date, peer] = [Number(after?.[1] ?? 0), Number(after?.[2] ?? 0)]
    const limit = pageLimit(req.limit)
    const all = ctx.db.selectFrom('community_request').where('community', '=', ref.id)
    const { count } = await all.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    const rows = await all
      .selectAll()
      .$if(after !== null, (q) =>
        q.where((eb) => eb.or([eb('date', '>', date), eb.and([eb('date', '=', date), eb('peer', '>', peer)])])),
      )
      .orderBy('date')
      .orderBy('peer')
      .limit(limit)
      .execute()
    const requests = rows.map(
      (row): tl.CommunityPeerRequest => ({
        _: 'communityPeerRequest',
        visible: row.visible === 1 || undefined,
        peer: toPeer(row.peer),
        requestedBy: row.requested_by,
        date: row.date,
      }),
    )
    const last = rows.length === limit ? rows.at(-1) : undefined
    return complete<tl.communities_peerLinkRequests>(ctx, {
      _: 'communities.peerLinkRequests',
      totalCount: Number(count),
      requests,
      nextOffset: last && `${last.date}:${last.peer}`,
      chats: [],
      users: [],
    })
  },
  { flood: 'read' },
)
