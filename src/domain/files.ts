import type { Selectable } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { type ErrorName, RpcError } from '../rpc/errors.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { accessHash, checkReference, fileReference } from './hashes.ts'

export type PhotoRow = Selectable<Tables['photo']>
export type DocumentRow = Selectable<Tables['document']>

const photo = query<{ id: number }>()((db, p) => db.selectFrom('photo').selectAll().where('id', '=', p.id))
const document = query<{ id: number }>()((db, p) => db.selectFrom('document').selectAll().where('id', '=', p.id))

const documents = query<{ ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('document')
    .selectAll()
    .where('id', 'in', d.each(p.ids) as never),
)

export async function photoRow(ctx: Ctx, id: number): Promise<PhotoRow | undefined> {
  const [row] = await ctx.run(photo, { id })
  return row
}

export async function documentRow(ctx: Ctx, id: number): Promise<DocumentRow | undefined> {
  const [row] = await ctx.run(document, { id })
  return row
}

/** Documents by their numbers, in that order; those that are not there are left out. */
export async function documentRows(ctx: Ctx, ids: readonly number[]): Promise<DocumentRow[]> {
  if (ids.length === 0) return []
  const found = new Map((await ctx.run(documents, { ids })).map((row) => [row.id, row]))
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** A photo for this viewer: with their access hash and a fresh file reference. */
export function viewPhoto(ctx: Ctx, row: PhotoRow): tl.Photo {
  return addressFiles(ctx, readObject(row.tl) as tl.Photo)
}

export function viewDocument(ctx: Ctx, row: DocumentRow): tl.Document {
  return addressFiles(ctx, readObject(row.tl) as tl.Document)
}

/**
 * Gives every photo and document inside an object this viewer's access hash and a fresh file reference, and every set
 * of stickers that they name its access hash. At rest they have neither. https://core.telegram.org/api/file-references
 */
export function addressFiles<T>(ctx: Ctx, object: T): T {
  visit(ctx, object)
  return object
}

function visit(ctx: Ctx, value: any): void {
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') visit(ctx, item)
    return
  }
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return
  if (value._ === 'photo' || value._ === 'document') {
    value.accessHash = accessHash(ctx, value._, value.id)
    value.fileReference = fileReference(ctx, value.id)
  } else if (value._ === 'inputStickerSetID') value.accessHash = accessHash(ctx, 'stickers', value.id)
  for (const key in value) if (typeof value[key] === 'object') visit(ctx, value[key])
}

/** A new id for a photo or a document: random, so that no counter is a point where everybody waits. */
export function newFileId(ctx: Ctx): number {
  return Number(ctx.app.random(8).readBigUInt64LE() >> 12n) || 1
}

/** A new name for a blob of our own making. */
export function newBlobKey(ctx: Ctx): string {
  const hex = ctx.app.random(16).toString('hex')
  return `${hex.slice(0, 2)}/${hex.slice(2)}`
}

/** An id out of TL that may be one of ours. */
export function rowId(id: bigint): number {
  return id > 0n && id <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(id) : 0
}

function checkNamed(
  ctx: Ctx,
  kind: 'photo' | 'document',
  named: { id: bigint; accessHash: bigint; fileReference: Uint8Array },
  error: ErrorName,
): void {
  if (named.accessHash !== accessHash(ctx, kind, named.id)) throw new RpcError(error)
  const reference = checkReference(ctx, named.id, named.fileReference)
  if (reference !== 'ok') throw new RpcError(reference)
}

/**
 * A photo that the caller names and has met: `error` for a wrong id or access hash, FILE_REFERENCE_* for a reference
 * that is not good any more. https://core.telegram.org/api/file-references
 */
export async function namedPhoto(ctx: Ctx, input: tl.InputPhoto, error: ErrorName): Promise<PhotoRow> {
  if (input._ === 'inputPhotoEmpty') throw new RpcError(error)
  checkNamed(ctx, 'photo', input, error)
  const row = await photoRow(ctx, rowId(input.id))
  if (!row) throw new RpcError(error)
  return row
}

/** A document that the caller names and has met; errors as for photos. */
export async function namedDocument(ctx: Ctx, input: tl.InputDocument, error: ErrorName): Promise<DocumentRow> {
  if (input._ === 'inputDocumentEmpty') throw new RpcError(error)
  checkNamed(ctx, 'document', input, error)
  const row = await documentRow(ctx, rowId(input.id))
  if (!row) throw new RpcError(error)
  return row
}

/** How many bytes of its blob a size takes; undefined for those that are inside the object itself. */
function sizeBytes(size: tl.PhotoSize | tl.VideoSize): number | undefined {
  if (size._ === 'photoSize' || size._ === 'videoSize') return size.size
  return size._ === 'photoSizeProgressive' ? size.sizes.at(-1) : undefined
}

/** Where in its blob a size is: sizes follow one another as the object lists them. */
export function placeOf(
  sizes: readonly (tl.PhotoSize | tl.VideoSize)[],
  type: string,
): { offset: number; length: number } | undefined {
  let offset = 0
  for (const size of sizes) {
    const length = sizeBytes(size)
    if (length === undefined) continue
    if ((size as tl.photoSize).type === type) return { offset, length }
    offset += length
  }
  return undefined
}
