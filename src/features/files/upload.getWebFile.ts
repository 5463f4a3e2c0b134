import { sniff, storageType } from '../../domain/file-types.ts'
import { type MapView, ProviderError } from '../../providers/index.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { checkRange } from './ranges.ts'

/**
 * Maps of places, where the operator has named who draws them. Web documents are served only where the server has
 * signed their addresses, and this one signs none: LOCATION_INVALID.
 * DEVIATES: places are given without an access hash, so that anybody may see the map of any place.
 * https://core.telegram.org/api/files#downloading-webfiles
 */
export default method(
  'upload.getWebFile',
  async (ctx, { location, offset, limit }) => {
    checkRange(offset, limit, false)
    if (location._ !== 'inputWebFileGeoPointLocation') throw new RpcError('LOCATION_INVALID')
    const bytes = await mapOf(ctx, location)
    const { type, mime } = sniff(bytes)
    return {
      _: 'upload.webFile',
      size: bytes.length,
      mimeType: mime ?? 'application/octet-stream',
      fileType: storageType(type),
      mtime: ctx.now,
      bytes: bytes.subarray(offset, offset + limit),
    }
  },
  { flood: 'upload' },
)

const within = (value: number, least: number, most: number) => value >= least && value <= most

async function mapOf(ctx: Ctx, { geoPoint, w, h, zoom, scale }: tl.inputWebFileGeoPointLocation): Promise<Buffer> {
  const { mapper } = ctx.app.providers
  if (!mapper || geoPoint._ !== 'inputGeoPoint') throw new RpcError('LOCATION_INVALID')
  const { lat, long } = geoPoint
  // https://core.telegram.org/constructor/inputWebFileGeoPointLocation
  const shown = within(w, 16, 1024) && within(h, 16, 1024) && within(zoom, 13, 20) && within(scale, 1, 3)
  if (!shown || !within(lat, -90, 90) || !within(long, -180, 180)) throw new RpcError('LOCATION_INVALID')
  const view: MapView = { lat: degrees(lat), long: degrees(long), w, h, zoom, scale }
  try {
    const bytes = await mapper.picture(view)
    if (sniff(bytes).image) return bytes
    ctx.app.log.warn('the server of maps gave no picture')
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    ctx.app.log.warn({ err: error }, 'a map could not be had')
  }
  throw new RpcError('LOCATION_INVALID')
}

/** A hundredth of a metre is near enough. */
const degrees = (value: number): number => Math.round(value * 1e7) / 1e7
