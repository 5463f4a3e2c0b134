import { asUpdates } from '../../domain/sent.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { hide, nearby, publishable, show } from './located.ts'

const answer = (ctx: Ctx, peers: tl.PeerLocated[]) => asUpdates(ctx, [{ _: 'updatePeerLocated', peers }])

/** https://core.telegram.org/api/nearby */
export default method(
  'contacts.getLocated',
  async (ctx, req) => {
    const { geoPoint, selfExpires } = req
    if (selfExpires === 0) {
      await ctx.transact(hide)
      return answer(ctx, [])
    }
    if (geoPoint._ !== 'inputGeoPoint') throw new RpcError('GEO_POINT_INVALID')
    const at = { lat: geoPoint.lat, long: geoPoint.long }
    if (!(Math.abs(at.lat) <= 90 && Math.abs(at.long) <= 180)) throw new RpcError('GEO_POINT_INVALID')
    const peers: tl.PeerLocated[] = []
    if (selfExpires !== undefined) {
      await publishable(ctx)
      peers.push({ _: 'peerSelfLocated', expires: await ctx.transact((tx) => show(tx, at, selfExpires)) })
    }
    peers.push(...(await nearby(ctx, at)))
    return answer(ctx, peers)
  },
  { flood: 'search' },
)
