import type { Insertable } from 'kysely'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { type ErrorName, RpcError } from '../../rpc/errors.ts'
import type { Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { type DocumentInsert, ownDocument } from '../drawn-documents.ts'
import { namedDocument, newBlobKey } from '../files.ts'
import { atRest } from '../message-view.ts'
import { eachOf } from '../photos.ts'
import { emojiOf, keywordsOf, MOST_EMOJI, wordsOf } from './emoji.ts'
import { readSetThumb, readSticker, type StickerFile } from './files.ts'
import { SET_KIND, type SetRow } from './rows.ts'

/** Stickers of one set, by its kind. https://core.telegram.org/bots/api#createnewstickerset */
export const MOST_STICKERS = { [SET_KIND.stickers]: 120, [SET_KIND.masks]: 120, [SET_KIND.emojis]: 200 } as const
const TITLE = 64

/** The part of a set that its stickers depend on. */
export type SetFrame = Pick<SetRow, 'id' | 'kind' | 'text_color'>

/** A sticker whose bytes are kept, and whose rows are still to be written. */
export interface MadeSticker {
  document: DocumentInsert
  emoji: string[]
  keywords: string[]
}

/** A set's title as it is kept: 1 to 64 characters; PACK_TITLE_INVALID. */
export function titleOf(title: string, error: ErrorName = 'PACK_TITLE_INVALID'): string {
  const clean = title.trim().replace(/\p{Cc}+/gu, ' ')
  if (clean === '' || clean.length > TITLE) throw new RpcError(error)
  return clean
}

/** Emoji of a sticker; STICKER_EMOJI_INVALID for a text that is none, or too many. */
export function checkEmoji(text: string): string[] {
  const emoji = emojiOf(text)
  if (!emoji || emoji.length === 0 || emoji.length > MOST_EMOJI) throw new RpcError('STICKER_EMOJI_INVALID')
  return [...new Set(emoji)]
}

/**
 * Makes a sticker of a document that the caller names: another document, which belongs to the set. Slow, so it is called
 * outside of any transaction. Errors as readSticker and checkEmoji have them; STICKER_FILE_INVALID for the document.
 */
export async function makeSticker(ctx: Ctx, set: SetFrame, item: tl.InputStickerSetItem): Promise<MadeSticker> {
  const emoji = checkEmoji(item.emoji)
  const source = await namedDocument(ctx, item.document, 'STICKER_FILE_INVALID')
  const file = await readSticker(ctx, source, set.kind)
  const { bytes, mime, fileType } = file
  const attributes = attributesOf(set, file, { alt: emoji[0]!, coords: item.maskCoords })
  const document = await ownDocument(ctx, { bytes, mime, fileType, attributes, owner: ctx.userId })
  return { document, emoji, keywords: set.kind === SET_KIND.masks ? [] : keywordsOf(item.keywords) }
}

function attributesOf(set: SetFrame, file: StickerFile, shown: Shown): tl.DocumentAttribute[] {
  const { w, h, duration } = file
  const sides: tl.DocumentAttribute =
    file.format === 'video'
      ? { _: 'documentAttributeVideo', nosound: true, duration, w, h }
      : { _: 'documentAttributeImageSize', w, h }
  const names = { static: 'sticker.webp', animated: 'AnimatedSticker.tgs', video: 'sticker.webm' }
  return [sides, stickerAttribute(set, shown), { _: 'documentAttributeFilename', fileName: names[file.format] }]
}

interface Shown {
  alt: string
  coords?: tl.MaskCoords | undefined
}

/** What makes a document a sticker, or a custom emoji, of a set; of none where it was taken out of it. */
function stickerAttribute(set: SetFrame | undefined, { alt, coords }: Shown, emojis = false): tl.DocumentAttribute {
  const stickerset: tl.InputStickerSet = set
    ? { _: 'inputStickerSetID', id: BigInt(set.id), accessHash: 0n }
    : { _: 'inputStickerSetEmpty' }
  if (set?.kind === SET_KIND.emojis || emojis) {
    return { _: 'documentAttributeCustomEmoji', textColor: set?.text_color === 1 || undefined, alt, stickerset }
  }
  const mask = set?.kind === SET_KIND.masks || undefined
  return { _: 'documentAttributeSticker', mask, alt, stickerset, maskCoords: mask && coords && checkCoords(coords) }
}

/** The part of a face that a mask goes onto, and where; STICKER_INVALID. https://core.telegram.org/constructor/maskCoords */
function checkCoords(coords: tl.MaskCoords): tl.MaskCoords {
  const { n, x, y, zoom } = coords
  const fits = n >= 0 && n <= 3 && [x, y, zoom].every((value) => Number.isFinite(value) && Math.abs(value) <= 1000)
  if (!fits) throw new RpcError('STICKER_INVALID')
  return coords
}

/** What a sticker's document says of it from now on; `set` is left out where it belongs to none any more. */
export async function describeSticker(
  tx: Tx,
  documentId: number,
  set: SetFrame | undefined,
  shown: Partial<Shown>,
): Promise<void> {
  const { tl: bytes } = await tx.trx
    .selectFrom('document')
    .select('tl')
    .where('id', '=', documentId)
    .executeTakeFirstOrThrow()
  const document = readObject(bytes) as tl.document
  document.attributes = document.attributes.map((a) => {
    if (a._ !== 'documentAttributeSticker' && a._ !== 'documentAttributeCustomEmoji') return a
    const coords = 'coords' in shown ? shown.coords : a._ === 'documentAttributeSticker' ? a.maskCoords : undefined
    return stickerAttribute(set, { alt: shown.alt ?? a.alt, coords }, a._ === 'documentAttributeCustomEmoji')
  })
  await tx.trx
    .updateTable('document')
    .set({ tl: atRest(document) })
    .where('id', '=', documentId)
    .execute()
}

/** Writes stickers into a set, from a place on. */
export async function writeStickers(tx: Tx, set: number, made: readonly MadeSticker[], from: number): Promise<void> {
  await tx.trx
    .insertInto('document')
    .values(made.map((sticker) => sticker.document))
    .execute()
  const rows = made.map(({ document, emoji, keywords }, i) => ({
    set_id: set,
    document_id: document.id,
    position: from + i,
    emoji: emoji.join(' '),
    keywords: keywords.join(','),
  }))
  await tx.trx.insertInto('sticker').values(rows).execute()
  for (const { document, emoji, keywords } of made) await indexSticker(tx, set, document.id, emoji, keywords)
}

/** Makes a sticker found by its emoji and keywords, and by nothing else any more. */
export async function indexSticker(
  tx: Tx,
  set: number,
  document: number,
  emoji: readonly string[],
  keywords: readonly string[],
): Promise<void> {
  await writeWords(tx, set, document, [...emoji, ...wordsOf(keywords.join(' '))])
}

/** Makes a set found by the words of its names. */
export async function indexSet(tx: Tx, row: Pick<SetRow, 'id' | 'title' | 'short_name'>): Promise<void> {
  const words = [...wordsOf(row.title), ...wordsOf(row.short_name.replaceAll('_', ' '))]
  await writeWords(tx, row.id, 0, words)
}

async function writeWords(tx: Tx, set: number, document: number, words: readonly string[]): Promise<void> {
  await dropWords(tx, set, document)
  const rows = [...new Set(words)].map((word) => ({ word, set_id: set, document_id: document }))
  if (rows.length > 0) await tx.trx.insertInto('sticker_word').values(rows).execute()
}

export async function dropWords(tx: Tx, set: number, document: number): Promise<void> {
  await tx.trx.deleteFrom('sticker_word').where('set_id', '=', set).where('document_id', '=', document).execute()
}

/** Keeps a set's thumbnail, named as a document, and gives what its row says of it. */
export async function makeSetThumb(
  ctx: Ctx,
  input: tl.InputDocument,
): Promise<Pick<Insertable<Tables['sticker_set']>, 'thumb' | 'thumb_key'>> {
  const file = await readSetThumb(ctx, await namedDocument(ctx, input, 'STICKER_THUMB_PNG_NOPNG'))
  const key = newBlobKey(ctx)
  await ctx.app.blobs.put(key, eachOf([file.bytes]))
  // The letter tells clients the format.
  const type = { static: 's', animated: 'a', video: 'v' }[file.format]
  const thumb: tl.PhotoSize = { _: 'photoSize', type, w: file.w, h: file.h, size: file.bytes.length }
  return { thumb: atRest(thumb), thumb_key: key }
}
