import { createHash } from 'node:crypto'
import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { sanitize } from './document-attributes.ts'
import { HEAD, type Sniffed, sniff } from './file-types.ts'
import { type DocumentRow, newBlobKey, newFileId } from './files.ts'
import { inTurn, type Pictures, thumbSizes } from './images.ts'
import { atRest } from './message-view.ts'
import { eachOf, viewSize } from './photos.ts'
import { type Content, contentKey, keepContent, readUploaded } from './uploads.ts'

/** Images sent as files get a thumbnail up to this size, bytes. */
const MAX_IMAGE = 20 * 1024 * 1024
/** A thumbnail that a client sends along, bytes. */
const MAX_THUMB = 1024 * 1024

/** What becomes a document: inputMediaUploadedDocument, or anything else that brings the same. */
export interface DocumentSource {
  file: tl.InputFile
  thumb?: tl.InputFile | undefined
  mimeType: string
  attributes: readonly tl.DocumentAttribute[]
  forceFile?: boolean | undefined
  nosoundVideo?: boolean | undefined
}

/**
 * Makes a document of an uploaded file: its content kept once however often it is uploaded, its attributes without
 * what a client may not claim, a thumbnail made of what the client gave, or of the image itself.
 * FILE_PART* and MD5_CHECKSUM_INVALID as in uploads.ts. https://core.telegram.org/constructor/inputMediaUploadedDocument
 */
export async function makeDocument(ctx: Ctx, source: DocumentSource): Promise<DocumentRow> {
  return makeDocumentOf(ctx, await keepContent(ctx, source.file), source)
}

/** Keeps bytes that nobody uploaded as content that stays, once however often they come. */
export async function keepBytes(ctx: Ctx, bytes: Buffer, name: string): Promise<Content> {
  const { blobs } = ctx.app
  const sha256 = createHash('sha256').update(bytes).digest()
  const key = contentKey(sha256.toString('hex'))
  if (!(await blobs.exists(key))) await blobs.put(key, eachOf([bytes]))
  return { key, sha256, size: bytes.length, head: Uint8Array.prototype.slice.call(bytes, 0, HEAD), name }
}

/** The same of content that is kept already. */
export async function makeDocumentOf(
  ctx: Ctx,
  content: Content,
  source: Omit<DocumentSource, 'file'>,
): Promise<DocumentRow> {
  const kind = sniff(content.head)
  const own = await picturesOf(ctx, content, kind)
  const thumbs = source.thumb ? ((await givenThumb(ctx, source.thumb)) ?? own) : own
  const mime = mimeOf(source.mimeType, kind)
  const document: tl.document = {
    _: 'document',
    id: 0n,
    accessHash: 0n,
    fileReference: new Uint8Array(0),
    date: ctx.now,
    mimeType: mime,
    size: content.size,
    thumbs: thumbs && [{ _: 'photoStrippedSize', type: 'i', bytes: thumbs.stripped }, ...thumbs.sizes.map(viewSize)],
    dcId: ctx.app.config.dc,
    attributes: sanitize(source, { mime, name: content.name, sides: own }),
  }
  const thumbsKey = thumbs ? newBlobKey(ctx) : null
  if (thumbs) await ctx.app.blobs.put(thumbsKey!, eachOf(thumbs.sizes.map((s) => s.bytes)))
  return keepDocument(ctx, document, content, kind, thumbsKey)
}

async function keepDocument(
  ctx: Ctx,
  document: tl.document,
  content: Content,
  kind: Sniffed,
  thumbsKey: string | null,
): Promise<DocumentRow> {
  return ctx.transact(async (tx) => {
    for (;;) {
      const id = newFileId(tx)
      document.id = BigInt(id)
      const row = await tx.trx
        .insertInto('document')
        .values({
          id,
          owner: ctx.userId,
          date: document.date,
          tl: atRest(document),
          mime: document.mimeType,
          file_type: kind.type,
          size: content.size,
          sha256: content.sha256,
          blob_key: content.key,
          thumbs_key: thumbsKey,
        })
        .onConflict((c) => c.column('id').doNothing())
        .returningAll()
        .executeTakeFirst()
      if (row) return row
    }
  })
}

/** A type as clients give it, if it is one; else what the content says. */
function mimeOf(given: string, kind: Sniffed): string {
  const mime = given.trim().toLowerCase()
  if (mime.length <= 127 && /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/.test(mime)) return mime
  return kind.mime ?? 'application/octet-stream'
}

/** Pictures of a file that is an image; a broken image is still a file. */
async function picturesOf(ctx: Ctx, content: Content, kind: Sniffed): Promise<Pictures | undefined> {
  if (!kind.image || content.size > MAX_IMAGE) return undefined
  return inTurn(async () => {
    const chunks: Buffer[] = []
    const step = 4 * 1024 * 1024
    for (let at = 0; at < content.size; at += step) {
      chunks.push(await ctx.app.blobs.get(content.key, at, Math.min(step, content.size - at)))
    }
    return thumbSizes(Buffer.concat(chunks))
  }).catch(noPictures)
}

/** The client's own thumbnail; one that is no image is left out, as a thumbnail is never what matters. */
async function givenThumb(ctx: Ctx, file: tl.InputFile): Promise<Pictures | undefined> {
  const tooBig = () => new RpcError('IMAGE_PROCESS_FAILED')
  return inTurn(async () => thumbSizes(await readUploaded(ctx, file, MAX_THUMB, tooBig))).catch(noPictures)
}

const IMAGE_ERRORS = new Set(['IMAGE_PROCESS_FAILED', 'PHOTO_EXT_INVALID', 'PHOTO_INVALID_DIMENSIONS'])

function noPictures(error: unknown): undefined {
  if (error instanceof RpcError && IMAGE_ERRORS.has(error.type)) return undefined
  throw error
}
