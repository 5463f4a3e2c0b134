import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { makePhotoOf } from '../photos.ts'
import { FetchError, fetchPublic, PICTURES } from '../web/fetch.ts'
import { inParallel } from '../web/load-article.ts'

const BYTES = 5 * 1024 * 1024
/** How long all pictures of a message may take together, ms. */
const MS = 10_000
const REDIRECTS = 5

/** Pictures of a rich message that are elsewhere; RICH_MESSAGE_PHOTO_NO_MEDIA_FOUND where one is not to be had. */
export async function fetchPictures(ctx: Ctx, addresses: readonly string[]): Promise<Map<string, tl.photo>> {
  const until = performance.now() + MS
  const bounds = { bytes: BYTES, whole: true, redirects: REDIRECTS, types: PICTURES, allowed: ctx.app.previewHosts }
  const photos = await inParallel(addresses, async (address) => {
    const ms = until - performance.now()
    try {
      if (ms <= 0) throw new FetchError('took too long')
      const { body } = await fetchPublic(address, { ...bounds, ms })
      return readObject((await makePhotoOf(ctx, body)).tl) as tl.photo
    } catch (error) {
      if (!(error instanceof FetchError || error instanceof RpcError)) throw error
      throw new RpcError('RICH_MESSAGE_PHOTO_NO_MEDIA_FOUND')
    }
  })
  return new Map(photos.map((photo, i) => [addresses[i]!, photo]))
}
