import type { Selectable } from 'kysely'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { query, type Tables } from '../storage/index.ts'
import type { Ctx } from '../rpc/context.ts'
import { accessHash, fileReference } from './hashes.ts'

export type PhotoRow = Selectable<Tables['photo']>
export type DocumentRow = Selectable<Tables['document']>

const photo = query<{ id: number }>()((db, p) => db.selectFrom('photo').selectAll().where('id', '=', p.id))
const document = query<{ id: number }>()((db, p) => db.selectFrom('document').selectAll().where('id', '=', p.id))

export async function photoRow(ctx: Ctx, id: number): Promise<PhotoRow | undefined> {
  const [row] = await ctx.run(photo, { id })
  return row
}

export async function documentRow(ctx: Ctx, id: number): Promise<DocumentRow | undefined> {
  const [row] = await ctx.run(document, { id })
  return row
}

/** A photo for this viewer: with their access hash and a fresh file reference. */
export function viewPhoto(ctx: Ctx, row: PhotoRow): tl.Photo {
  return addressFiles(ctx, readObject(row.tl) as tl.Photo)
}

export function viewDocument(ctx: Ctx, row: DocumentRow): tl.Document {
  return addressFiles(ctx, readObject(row.tl) as tl.Document)
}

/**
 * Gives every photo and document inside an object this viewer's access hash and a fresh file reference. At rest they
 * have neither. https://core.telegram.org/api/file-references
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
  }
  for (const key in value) if (typeof value[key] === 'object') visit(ctx, value[key])
}
