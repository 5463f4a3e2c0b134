import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type { PhotoRow } from '../files.ts'
import { makePhotoOf } from '../photos.ts'
import { FetchError, fetchPublic } from './fetch.ts'
import { PICTURES } from './load.ts'

/** Largest picture that is fetched to be sent, bytes. https://core.telegram.org/bots/api#sending-files */
const BYTES = 5 * 1024 * 1024
const MS = 10_000
const REDIRECTS = 5

/**
 * A photo of what stands at an address of the public web. EXTERNAL_URL_INVALID, WEBPAGE_CURL_FAILED for what is not to
 * be had, WEBPAGE_MEDIA_EMPTY for what is no picture. https://core.telegram.org/constructor/inputMediaPhotoExternal
 */
export async function fetchPhoto(ctx: Ctx, url: string): Promise<PhotoRow> {
  if (!URL.canParse(url) || !/^https?:/i.test(url)) throw new RpcError('EXTERNAL_URL_INVALID')
  const bounds = { bytes: BYTES, ms: MS, whole: true, redirects: REDIRECTS, types: PICTURES }
  try {
    const { body } = await fetchPublic(url, { ...bounds, allowed: ctx.app.previewHosts })
    return await makePhotoOf(ctx, body)
  } catch (error) {
    if (error instanceof FetchError) throw new RpcError('WEBPAGE_CURL_FAILED')
    const broken = error instanceof RpcError && /^(IMAGE|PHOTO)_/.test(error.type)
    throw broken ? new RpcError('WEBPAGE_MEDIA_EMPTY') : error
  }
}
