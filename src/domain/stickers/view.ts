import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { viewDocument } from '../files.ts'
import { accessHash } from '../hashes.ts'
import {
  type InstalledRow,
  installedAmong,
  kindFlags,
  ownsSet,
  SET_KIND,
  type SetRow,
  setRow,
  stickersOf,
} from './rows.ts'

type Stickers = Awaited<ReturnType<typeof stickersOf>>

/** Stickers that a preview shows at most. https://core.telegram.org/api/stickers#stickerset-previews */
const COVERS = 5

/** A set as its viewer has it. https://core.telegram.org/constructor/stickerSet */
function viewSet(ctx: Ctx, row: SetRow, installed: InstalledRow | undefined): tl.stickerSet {
  const thumb = row.thumb === null ? undefined : (readObject(row.thumb) as tl.PhotoSize)
  return {
    _: 'stickerSet',
    archived: installed?.archived === 1 || undefined,
    ...kindFlags(row.kind),
    textColor: row.text_color === 1 || undefined,
    creator: (ctx.viewer !== 0 && ownsSet(ctx, row)) || undefined,
    installedDate: installed?.date,
    id: BigInt(row.id),
    accessHash: accessHash(ctx, 'stickers', row.id),
    title: row.title,
    shortName: row.short_name,
    thumbs: thumb && [thumb],
    thumbDcId: thumb && ctx.app.config.dc,
    thumbVersion: thumb && row.thumb_version,
    thumbDocumentId: row.thumb_document === null ? undefined : BigInt(row.thumb_document),
    count: row.count,
    hash: row.hash,
  }
}

/** Sets alone, without their stickers. */
export async function viewSets(ctx: Ctx, rows: readonly SetRow[]): Promise<tl.stickerSet[]> {
  const installed = await installedAmong(
    ctx,
    rows.map((row) => row.id),
  )
  return rows.map((row) => viewSet(ctx, row, installed.get(row.id)))
}

/** A set by its number, as those show it who belong to it; undefined when it is gone. */
export async function viewSetById(ctx: Ctx, id: number | null): Promise<tl.stickerSet | undefined> {
  const row = id === null ? undefined : await setRow(ctx, id)
  return row && (await viewSets(ctx, [row]))[0]
}

/** A set with all of its stickers. https://core.telegram.org/constructor/messages.stickerSet */
export async function viewWholeSet(ctx: Ctx, row: SetRow): Promise<tl.messages_stickerSet> {
  const [set] = await viewSets(ctx, [row])
  return { _: 'messages.stickerSet', set: set!, ...viewStickers(ctx, await stickersOf(ctx, [row.id])) }
}

function viewStickers(ctx: Ctx, stickers: Stickers): Pick<tl.messages_stickerSet, 'packs' | 'keywords' | 'documents'> {
  const keywords = stickers.filter((row) => row.keywords !== '')
  return {
    packs: packsOf(stickers),
    keywords: keywords.map((row) => ({
      _: 'stickerKeyword',
      documentId: BigInt(row.id),
      keyword: row.keywords.split(','),
    })),
    documents: stickers.map((row) => viewDocument(ctx, row)),
  }
}

/** Which stickers stand for which emoji. https://core.telegram.org/constructor/stickerPack */
export function packsOf(stickers: readonly { id: number; emoji: string }[]): tl.stickerPack[] {
  const packs = new Map<string, bigint[]>()
  for (const { id, emoji } of stickers) {
    for (const one of emoji.split(' ')) {
      const pack = packs.get(one)
      if (pack) pack.push(BigInt(id))
      else packs.set(one, [BigInt(id)])
    }
  }
  return [...packs].map(([emoticon, documents]) => ({ _: 'stickerPack', emoticon, documents }))
}

/**
 * Previews of sets: of custom emoji all of them, else the first stickers.
 * @param covers how many, where it is not one
 * https://core.telegram.org/type/StickerSetCovered
 */
export async function viewCovered(
  ctx: Ctx,
  rows: readonly SetRow[],
  covers: 'one' | 'several' = 'one',
): Promise<tl.StickerSetCovered[]> {
  const ids = (whole: boolean) => rows.filter((r) => (r.kind === SET_KIND.emojis) === whole).map((r) => r.id)
  const found = [
    ...(await stickersOf(ctx, ids(false), covers === 'one' ? 1 : COVERS)),
    ...(await stickersOf(ctx, ids(true))),
  ]
  const bySet = Map.groupBy(found, (row) => row.set_id)
  const sets = await viewSets(ctx, rows)
  return rows.map((row, i): tl.StickerSetCovered => {
    const set = sets[i]!
    const stickers = bySet.get(row.id) ?? []
    if (row.kind === SET_KIND.emojis) return { _: 'stickerSetFullCovered', set, ...viewStickers(ctx, stickers) }
    const [cover] = stickers
    if (!cover) return { _: 'stickerSetNoCovered', set }
    if (covers === 'one') return { _: 'stickerSetCovered', set, cover: viewDocument(ctx, cover) }
    return { _: 'stickerSetMultiCovered', set, covers: stickers.map((sticker) => viewDocument(ctx, sticker)) }
  })
}
