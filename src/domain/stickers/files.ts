import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Ctx } from '../../rpc/context.ts'
import { type ErrorName, RpcError } from '../../rpc/errors.ts'
import { sniff } from '../file-types.ts'
import type { DocumentRow } from '../files.ts'
import { asWebp, imageFacts, inTurn } from '../images.ts'
import { SET_KIND } from './rows.ts'
import { readWebm } from './webm.ts'

/** What a sticker is made of: https://core.telegram.org/stickers has the bounds. */
export interface StickerFile {
  format: 'static' | 'animated' | 'video'
  bytes: Buffer
  mime: string
  /** The end of a storage.FileType's name. */
  fileType: string
  w: number
  h: number
  /** Seconds; of what is no video 0. */
  duration: number
}

const KIB = 1024
/** Bytes of a sticker, by its format, and of a set's thumbnail. */
const STICKER_BYTES = { static: 512 * KIB, animated: 64 * KIB, video: 256 * KIB } as const
const THUMB_BYTES = { static: 128 * KIB, animated: 32 * KIB, video: 32 * KIB } as const
/** Bytes of an animation when unpacked. */
const UNPACKED = 4 * KIB * KIB
const SIDE = 512
const EMOJI_SIDE = 100
/** Seconds, and what a muxer's rounding adds. */
const DURATION = 3.05

const unzip = promisify(gunzip)

type Format = StickerFile['format']

function formatOf(head: Buffer, mime: string): Format {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'animated'
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3) return 'video'
  if (mime === 'application/x-tgsticker') return 'animated'
  return mime === 'video/webm' ? 'video' : 'static'
}

async function bytesOf(ctx: Ctx, row: DocumentRow, most: number, tooBig: ErrorName): Promise<Buffer> {
  if (row.size > most || row.size === 0) throw new RpcError(tooBig)
  return ctx.app.blobs.get(row.blob_key, 0, row.size)
}

/**
 * Looks at a document that is to be a sticker of a set of this kind: its content decides, whatever its uploader said.
 * PNG becomes WebP. STICKER_FILE_INVALID when it is too large, STICKER_PNG_NOPNG, STICKER_TGS_NOTGS, STICKER_VIDEO_NOWEBM
 * for what is no such file, STICKER_PNG_DIMENSIONS, STICKER_GIF_DIMENSIONS, STICKER_VIDEO_BIG.
 */
export async function readSticker(ctx: Ctx, row: DocumentRow, kind: number): Promise<StickerFile> {
  return inTurn(async () => {
    const bytes = await bytesOf(ctx, row, STICKER_BYTES.static, 'STICKER_FILE_INVALID')
    const format = formatOf(bytes, row.mime)
    if (format !== 'static' && kind === SET_KIND.masks) throw new RpcError('STICKER_PNG_NOPNG')
    const emoji = kind === SET_KIND.emojis
    const fits = (w: number, h: number) =>
      emoji ? w === EMOJI_SIDE && h === EMOJI_SIDE : Math.max(w, h) === SIDE && Math.min(w, h) > 0
    if (format === 'animated') {
      if (bytes.length > STICKER_BYTES.animated) throw new RpcError('STICKER_FILE_INVALID')
      if (!(await isAnimation(bytes, [SIDE]))) throw new RpcError('STICKER_TGS_NOTGS')
      return animation(bytes, SIDE)
    }
    if (format === 'video') {
      if (bytes.length > STICKER_BYTES.video) throw new RpcError('STICKER_VIDEO_BIG')
      const video = readVideo(bytes)
      if (!video) throw new RpcError('STICKER_VIDEO_NOWEBM')
      if (!fits(video.w, video.h)) throw new RpcError('STICKER_GIF_DIMENSIONS')
      return video
    }
    return readStatic(bytes, fits, 'STICKER_PNG_NOPNG', 'STICKER_PNG_DIMENSIONS')
  })
}

/** The same for a set's thumbnail. STICKER_THUMB_PNG_NOPNG, STICKER_THUMB_TGS_NOTGS. */
export async function readSetThumb(ctx: Ctx, row: DocumentRow): Promise<StickerFile> {
  return inTurn(async () => {
    const bytes = await bytesOf(ctx, row, THUMB_BYTES.static, 'STICKER_THUMB_PNG_NOPNG')
    const format = formatOf(bytes, row.mime)
    const isSmall = bytes.length <= THUMB_BYTES[format]
    if (format === 'animated') {
      if (!isSmall || !(await isAnimation(bytes, [EMOJI_SIDE, SIDE]))) throw new RpcError('STICKER_THUMB_TGS_NOTGS')
      return animation(bytes, EMOJI_SIDE)
    }
    const fits = (w: number, h: number) => w === EMOJI_SIDE && h === EMOJI_SIDE
    if (format === 'static') return readStatic(bytes, fits, 'STICKER_THUMB_PNG_NOPNG', 'STICKER_THUMB_PNG_NOPNG')
    const video = isSmall ? readVideo(bytes) : undefined
    if (!video || !fits(video.w, video.h)) throw new RpcError('STICKER_THUMB_PNG_NOPNG')
    return video
  })
}

async function readStatic(
  bytes: Buffer,
  fits: (w: number, h: number) => boolean,
  none: ErrorName,
  wrongSides: ErrorName,
): Promise<StickerFile> {
  const { type } = sniff(bytes)
  if (type !== 'Png' && type !== 'Webp') throw new RpcError(none)
  const facts = await imageFacts(bytes)
  if (!facts || facts.pages > 1) throw new RpcError(none)
  const { w, h } = facts
  if (!fits(w, h)) throw new RpcError(wrongSides)
  // Decoding it also says whether it is whole.
  const webp = await asWebp(bytes)
  if (!webp) throw new RpcError(none)
  const kept = type === 'Webp' ? bytes : webp
  return { format: 'static', bytes: kept, mime: 'image/webp', fileType: 'Webp', w, h, duration: 0 }
}

const animation = (bytes: Buffer, side: number): StickerFile => ({
  format: 'animated',
  bytes,
  mime: 'application/x-tgsticker',
  fileType: 'Unknown',
  w: side,
  h: side,
  duration: 0,
})

/** Whether it is a Lottie animation as Telegram's clients play them. https://core.telegram.org/stickers#animation-requirements */
async function isAnimation(bytes: Buffer, sides: readonly number[]): Promise<boolean> {
  try {
    const text = await unzip(bytes, { maxOutputLength: UNPACKED })
    const { w, h, fr, ip, op, layers } = JSON.parse(text.toString())
    if (!sides.includes(w) || h !== w || !Array.isArray(layers) || layers.length === 0) return false
    return fr > 0 && fr <= 60 && op > ip && (op - ip) / fr <= DURATION
  } catch {
    return false
  }
}

function readVideo(bytes: Buffer): StickerFile | undefined {
  const video = readWebm(bytes)
  if (video?.codec !== 'V_VP9' || video.audio) return undefined
  if (video.duration > DURATION || (video.rate ?? 0) > 30.5) return undefined
  const { w, h, duration } = video
  return { format: 'video', bytes, mime: 'video/webm', fileType: 'Unknown', w, h, duration }
}
