import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { keepBytes, makeDocumentOf } from '../documents.ts'
import { sniff } from '../file-types.ts'
import type { DocumentRow, PhotoRow } from '../files.ts'
import { mp3Duration } from '../mp3.ts'
import { mp4Video } from '../mp4.ts'
import { makePhotoOf } from '../photos.ts'
import { type FetchBounds, FetchError, type Fetched, fetchPublic, PICTURES } from './fetch.ts'

const MiB = 1024 * 1024
/** What is fetched to be sent, and how large it may be. Pages are no files. https://core.telegram.org/bots/api#sending-files */
const PICTURE: FetchBounds = { bytes: 5 * MiB, ms: 10_000, whole: true, redirects: 5, types: PICTURES }
const FILES = ['image/', 'video/', 'audio/', 'application/pdf', 'application/zip', 'application/ogg']
/** The bounds of a file that is no picture. */
export const FILE: FetchBounds = { ...PICTURE, bytes: 20 * MiB, ms: 17_500, types: FILES }

/**
 * A photo of what stands at an address of the public web. EXTERNAL_URL_INVALID, WEBPAGE_CURL_FAILED for what is not to
 * be had, WEBPAGE_MEDIA_EMPTY for what is no picture. https://core.telegram.org/constructor/inputMediaPhotoExternal
 */
export async function fetchPhoto(ctx: Ctx, url: string): Promise<PhotoRow> {
  const { body } = await fetchFile(ctx, url, PICTURE)
  try {
    return await makePhotoOf(ctx, body)
  } catch (error) {
    const broken = error instanceof RpcError && /^(IMAGE|PHOTO)_/.test(error.type)
    throw broken ? new RpcError('WEBPAGE_MEDIA_EMPTY') : error
  }
}

/**
 * A document of what stands at an address of the public web: a moving picture, a video, music, a file. Errors as of
 * fetchPhoto, and WEBPAGE_MEDIA_EMPTY for nothing. https://core.telegram.org/constructor/inputMediaDocumentExternal
 */
export async function fetchDocument(ctx: Ctx, url: string): Promise<DocumentRow> {
  return documentOf(ctx, await fetchFile(ctx, url, FILE))
}

/** A document of what was fetched, with what its bytes tell of it; WEBPAGE_MEDIA_EMPTY for nothing. */
export async function documentOf(ctx: Ctx, found: Fetched): Promise<DocumentRow> {
  if (found.body.length === 0) throw new RpcError('WEBPAGE_MEDIA_EMPTY')
  const content = await keepBytes(ctx, found.body, nameAt(found.url))
  const mimeType = sniff(content.head).mime ?? found.type
  return makeDocumentOf(ctx, content, { mimeType, attributes: attributesOf(found.body, mimeType, content.name) })
}

async function fetchFile(ctx: Ctx, url: string, bounds: FetchBounds): Promise<Fetched> {
  if (!URL.canParse(url) || !/^https?:/i.test(url)) throw new RpcError('EXTERNAL_URL_INVALID')
  try {
    return await fetchPublic(url, { ...bounds, allowed: ctx.app.previewHosts })
  } catch (error) {
    throw error instanceof FetchError ? new RpcError('WEBPAGE_CURL_FAILED') : error
  }
}

/** The end of an address' path, as a file's name. */
function nameAt(url: string): string {
  const end = new URL(url).pathname.split('/').at(-1)!
  try {
    return decodeURIComponent(end)
  } catch {
    return end // not what a program wrote
  }
}

function attributesOf(body: Buffer, mime: string, name: string): tl.DocumentAttribute[] {
  const out: tl.DocumentAttribute[] = []
  if (mime === 'image/gif') out.push({ _: 'documentAttributeAnimated' })
  const video = mime.startsWith('video/') ? mp4Video(body) : undefined
  if (video) out.push({ _: 'documentAttributeVideo', supportsStreaming: true, ...video })
  const seconds = mime === 'audio/mpeg' ? mp3Duration(body) : undefined
  if (seconds) out.push({ _: 'documentAttributeAudio', duration: Math.round(seconds) })
  if (name) out.push({ _: 'documentAttributeFilename', fileName: name })
  return out
}
