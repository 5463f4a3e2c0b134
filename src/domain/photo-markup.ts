import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { type DocumentRow, documentRows, placeOf, rowId } from './files.ts'
import { onGround } from './images.ts'
import { namedSet, stickerRow } from './stickers/rows.ts'

/** Colours of a ground: more than one run into each other. */
const COLOURS = 4
/** Largest still sticker that is drawn, bytes. */
const STILL = 512 * 1024

/** What clients draw in place of a profile photo, as it is kept, and a picture of it for those who do not. */
export interface Marked {
  size: tl.VideoSize
  still: Buffer
}

/**
 * Checks the sticker or custom emoji that is to be a profile photo, and draws its still picture: what can be drawn here
 * of it, on its ground. EMOJI_MARKUP_INVALID. https://core.telegram.org/api/files#animated-profile-pictures
 */
export async function readMarkup(ctx: Ctx, markup: tl.VideoSize): Promise<Marked> {
  if (markup._ === 'videoSize') throw new RpcError('EMOJI_MARKUP_INVALID')
  const colours = markup.backgroundColors
  const known = colours.length > 0 && colours.length <= COLOURS && colours.every((c) => c >= 0 && c <= 0xffffff)
  const named = known ? await documentOf(ctx, markup) : undefined
  if (!named) throw new RpcError('EMOJI_MARKUP_INVALID')
  return { size: named.size, still: await onGround(await pictureOf(ctx, named.row), colours) }
}

async function documentOf(
  ctx: Ctx,
  markup: tl.videoSizeEmojiMarkup | tl.videoSizeStickerMarkup,
): Promise<{ row: DocumentRow; size: tl.VideoSize } | undefined> {
  const emoji = markup._ === 'videoSizeEmojiMarkup'
  const [row] = await documentRows(ctx, [rowId(emoji ? markup.emojiId : markup.stickerId)])
  const document = row && (readObject(row.tl) as tl.Document)
  if (!row || document?._ !== 'document') return undefined
  if (emoji) {
    return document.attributes.some((a) => a._ === 'documentAttributeCustomEmoji') ? { row, size: markup } : undefined
  }
  const set = await namedSet(ctx, markup.stickerset).catch(() => undefined)
  if (!set || (await stickerRow(ctx, row.id))?.set_id !== set.id) return undefined
  const stickerset: tl.InputStickerSet = { _: 'inputStickerSetID', id: BigInt(set.id), accessHash: 0n }
  return { row, size: { ...markup, stickerset } }
}

/** The image of a still sticker, the thumbnail of one that moves; undefined where it has none. */
async function pictureOf(ctx: Ctx, row: DocumentRow): Promise<Buffer | undefined> {
  if (row.mime.startsWith('image/') && row.size <= STILL) return ctx.app.blobs.get(row.blob_key, 0, row.size)
  const { thumbs } = readObject(row.tl) as tl.document
  const place = thumbs && placeOf(thumbs, 'm')
  return place && row.thumbs_key ? ctx.app.blobs.get(row.thumbs_key, place.offset, place.length) : undefined
}
