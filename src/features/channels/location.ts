import { accessHash } from '../../domain/hashes.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

const ADDRESS = 256

/** Where a supergroup of a place is; ADDRESS_INVALID. */
export function locationOf(ctx: Ctx, point: tl.InputGeoPoint, address: string): tl.ChannelLocation {
  if (point._ === 'inputGeoPointEmpty') return { _: 'channelLocationEmpty' }
  const { lat, long, accuracyRadius } = point
  const inside = Math.abs(lat) <= 90 && Math.abs(long) <= 180
  if (!inside || address.trim() === '' || address.length > ADDRESS) throw new RpcError('ADDRESS_INVALID')
  const place = `${lat},${long}`
  const geoPoint: tl.GeoPoint = {
    _: 'geoPoint',
    lat,
    long,
    accessHash: accessHash(ctx, 'file', place.length),
    accuracyRadius,
  }
  return { _: 'channelLocation', geoPoint, address: address.trim() }
}
