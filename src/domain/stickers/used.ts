import type { Ctx, Tx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { rowId } from '../files.ts'
import type { NewMessage } from '../send.ts'
import { raiseSet } from './installed.ts'
import { keepDocument } from './kept.ts'
import { setRow, stickerRow } from './rows.ts'

type Said = Pick<NewMessage, 'entities' | 'media'>

/**
 * What somebody has just said moves up: a sticker among the recent ones, a GIF among the saved ones, and where they chose
 * it from its set (`reorders`), the set. Runs after the messages are written, when the boxes are locked already.
 * @returns what tells of the set, for the caller's own answer: of the rest every client knows by itself
 * https://core.telegram.org/api/stickers#recent-stickersets
 */
export async function noteUsed(tx: Tx, said: readonly Said[], reorders: boolean): Promise<tl.Update[]> {
  if (!tx.session?.auth.bot) {
    for (const { media } of said) {
      const document = media?._ === 'messageMediaDocument' && media.document?._ === 'document' && media.document
      if (!document) continue
      const list = listFor(document)
      if (list) await keepDocument(tx, list, Number(document.id))
    }
  }
  const set = reorders ? await setUsed(tx, said) : undefined
  const update = set && (await raiseSet(tx, set.id, set.kind))
  return update ? [update] : []
}

function listFor({ attributes }: tl.document): 'recent' | 'gif' | undefined {
  if (attributes.some((a) => a._ === 'documentAttributeSticker')) return 'recent'
  return attributes.some((a) => a._ === 'documentAttributeAnimated') ? 'gif' : undefined
}

/** The one set out of which all stickers and custom emoji are that were said. */
async function setUsed(ctx: Ctx, said: readonly Said[]) {
  const documents = new Set<number>()
  for (const { entities = [], media } of said) {
    for (const entity of entities) if (entity._ === 'messageEntityCustomEmoji') documents.add(rowId(entity.documentId))
    if (media?._ === 'messageMediaDocument' && media.document) documents.add(rowId(media.document.id))
  }
  const sets = new Set<number>()
  for (const id of documents) {
    const sticker = await stickerRow(ctx, id)
    if (sticker) sets.add(sticker.set_id)
  }
  const [only] = sets
  return sets.size === 1 ? setRow(ctx, only!) : undefined
}
