import type { Selectable } from 'kysely'
import type { Ctx } from '../../rpc/context.ts'
import { type ErrorName, RpcError } from '../../rpc/errors.ts'
import { query, type Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { namedDocument, rowId } from '../files.ts'
import { accessHash } from '../hashes.ts'

export type SetRow = Selectable<Tables['sticker_set']>
export type StickerRow = Selectable<Tables['sticker']>
export type InstalledRow = Selectable<Tables['installed_set']>

/** Kinds of sets, each with lists of its own. */
export const SET_KIND = { stickers: 0, masks: 1, emojis: 2 } as const

/** The flags by which TL tells which list is meant. */
export const kindFlags = (kind: number) => ({
  masks: kind === SET_KIND.masks || undefined,
  emojis: kind === SET_KIND.emojis || undefined,
})

/** The list that flags name. */
export function kindOfFlags(flags: { masks?: boolean | undefined; emojis?: boolean | undefined }): number {
  return flags.emojis ? SET_KIND.emojis : flags.masks ? SET_KIND.masks : SET_KIND.stickers
}

const byIds = query<{ ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('sticker_set')
    .selectAll()
    .where('id', 'in', d.each(p.ids) as never),
)
const byName = query<{ name: string }>()((db, p) => db.selectFrom('sticker_set').selectAll().where('name', '=', p.name))
const ofDocument = query<{ id: number }>()((db, p) =>
  db.selectFrom('sticker').selectAll().where('document_id', '=', p.id),
)
const withDocuments = query<{ sets: readonly number[]; below: number }>()((db, p, d) =>
  db
    .selectFrom('sticker as s')
    .innerJoin('document as d', 'd.id', 's.document_id')
    .selectAll('d')
    .select(['s.set_id', 's.position', 's.emoji', 's.keywords'])
    .where('s.set_id', 'in', d.each(p.sets) as never)
    .where('s.position', '<', p.below)
    .orderBy('s.set_id')
    .orderBy('s.position'),
)
const installed = query<{ owner: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('installed_set')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('set_id', 'in', d.each(p.ids) as never),
)

/** Sets by their numbers, in that order; those that are gone are left out. */
export async function setRows(ctx: Ctx, ids: readonly number[]): Promise<SetRow[]> {
  if (ids.length === 0) return []
  const found = new Map((await ctx.run(byIds, { ids })).map((row) => [row.id, row]))
  return ids.flatMap((id) => found.get(id) ?? [])
}

export async function setRow(ctx: Ctx, id: number): Promise<SetRow | undefined> {
  return (await setRows(ctx, [id]))[0]
}

/** The set of a short name, however it is written. */
export async function setNamed(ctx: Ctx, name: string): Promise<SetRow | undefined> {
  const [row] = await ctx.run(byName, { name: name.toLowerCase() })
  return row
}

/** Where a document is a sticker. */
export async function stickerRow(ctx: Ctx, documentId: number): Promise<StickerRow | undefined> {
  const [row] = await ctx.run(ofDocument, { id: documentId })
  return row
}

/** Stickers of sets with their documents, each set's in its order. @param below only those before this place */
export async function stickersOf(ctx: Ctx, sets: readonly number[], below = 1000) {
  return sets.length === 0 ? [] : ctx.run(withDocuments, { sets, below })
}

/** Which of these sets the viewer has, by their numbers. */
export async function installedAmong(ctx: Ctx, ids: readonly number[]): Promise<Map<number, InstalledRow>> {
  if (ids.length === 0 || ctx.viewer === 0) return new Map()
  const rows = await ctx.run(installed, { owner: ctx.viewer, ids })
  return new Map(rows.map((row) => [row.set_id, row]))
}

/** A set as clients name it. */
export function inputSet(ctx: Ctx, id: number): tl.inputStickerSetID {
  return { _: 'inputStickerSetID', id: BigInt(id), accessHash: accessHash(ctx, 'stickers', id) }
}

/**
 * A set that a client names, by its id and access hash or by its short name. STICKERSET_INVALID for any other, and for
 * the sets that Telegram itself draws emoji, dice and the like with: there are none here.
 * https://core.telegram.org/type/InputStickerSet
 */
export async function namedSet(ctx: Ctx, input: tl.InputStickerSet): Promise<SetRow> {
  const row = await findSet(ctx, input)
  if (!row) throw new RpcError('STICKERSET_INVALID')
  return row
}

async function findSet(ctx: Ctx, input: tl.InputStickerSet): Promise<SetRow | undefined> {
  if (input._ === 'inputStickerSetShortName') return setNamed(ctx, input.shortName)
  if (input._ !== 'inputStickerSetID' || input.accessHash !== accessHash(ctx, 'stickers', input.id)) return undefined
  return setRow(ctx, rowId(input.id))
}

/** Whether the one who asks may change a set: whose it is, and the bot that made it. */
export const ownsSet = (ctx: Ctx, row: SetRow): boolean => row.owner === ctx.userId || row.bot === ctx.userId

/** A set that the caller may change; STICKERSET_INVALID. */
export async function ownSet(ctx: Ctx, input: tl.InputStickerSet): Promise<SetRow> {
  const row = await namedSet(ctx, input)
  if (!ownsSet(ctx, row)) throw new RpcError('STICKERSET_INVALID')
  return row
}

/** A sticker of a set that the caller may change; STICKER_INVALID. */
export async function ownSticker(ctx: Ctx, input: tl.InputDocument): Promise<{ set: SetRow; sticker: StickerRow }> {
  const { sticker, set } = await namedSticker(ctx, input, 'STICKER_INVALID')
  if (!ownsSet(ctx, set)) throw new RpcError('STICKER_INVALID')
  return { set, sticker }
}

async function namedSticker(ctx: Ctx, input: tl.InputDocument, error: ErrorName) {
  const { id } = await namedDocument(ctx, input, error)
  const sticker = await stickerRow(ctx, id)
  const set = sticker && (await setRow(ctx, sticker.set_id))
  if (!set) throw new RpcError(error)
  return { sticker, set }
}
