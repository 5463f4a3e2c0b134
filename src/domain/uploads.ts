import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { App } from '../rpc/app.ts'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { type JobRunner, schedule } from '../rpc/jobs.ts'
import { BlobNotFound, query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { HEAD } from './file-types.ts'
import { limitFor } from './premium-limits.ts'

/** The largest part. https://core.telegram.org/api/files#uploading-files */
export const MAX_PART = 512 * 1024

type UploadRow = Selectable<Tables['upload']>
type PartRow = Selectable<Tables['upload_part']>

export interface Part {
  fileId: bigint
  index: number
  /** How many parts the file has; undefined where the client does not say, -1 while it does not know. */
  total?: number
  bytes: Uint8Array
}

const lockUpload = query<{ owner: number; fileId: string; date: number }>()((db, p) =>
  db
    .insertInto('upload')
    .values({ owner: p.owner, file_id: p.fileId, date: p.date, bytes: 0 } as never)
    .onConflict((c) => c.columns(['owner', 'file_id']).doUpdateSet((eb) => ({ date: eb.ref('excluded.date') })))
    .returningAll(),
)
const uploadOf = query<{ owner: number; fileId: string }>()((db, p) =>
  db.selectFrom('upload').selectAll().where('owner', '=', p.owner).where('file_id', '=', p.fileId),
)
const partOf = query<{ owner: number; fileId: string; part: number }>()((db, p) =>
  db
    .selectFrom('upload_part')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('file_id', '=', p.fileId)
    .where('part', '=', p.part),
)
const partsOf = query<{ owner: number; fileId: string }>()((db, p) =>
  db.selectFrom('upload_part').selectAll().where('owner', '=', p.owner).where('file_id', '=', p.fileId).orderBy('part'),
)
const putPart = query<PartRow>()((db, p) =>
  db
    .insertInto('upload_part')
    .values({ owner: p.owner, file_id: p.file_id, part: p.part, size: p.size })
    .onConflict((c) =>
      c.columns(['owner', 'file_id', 'part']).doUpdateSet((eb) => ({ size: eb.ref('excluded.size') })),
    ),
)
const setUpload = query<{
  owner: number
  fileId: string
  bytes: number
  partSize: number | null
  total: number | null
}>()((db, p) =>
  db
    .updateTable('upload')
    .set({ bytes: p.bytes, part_size: p.partSize, total: p.total, blob_key: null, sha256: null, md5: null, size: null })
    .where('owner', '=', p.owner)
    .where('file_id', '=', p.fileId),
)
const heldBytes = query<{ owner: number }>()((db, p) =>
  db
    .selectFrom('upload')
    .select((eb) => [eb.fn.sum<number>('bytes').as('bytes'), eb.fn.min('date').as('oldest')])
    .where('owner', '=', p.owner)
    .where('bytes', '>', 0),
)

/** Where a part's bytes are. */
function partKey(owner: number, fileId: string, part: number): string {
  const id = BigInt.asUintN(64, BigInt(fileId)).toString(16)
  // All in one folder, whose names become durable together.
  return `${id.slice(-2).padStart(2, '0')}/u${owner}-${id}-${part}`
}

const jobId = (owner: number, fileId: string) => `upload:${owner}:${fileId}`

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/**
 * Keeps one part of a file that is being uploaded; the same part may come again and replaces the earlier one. Throws
 * FILE_PART_* and FILE_PARTS_INVALID as the page says, FLOOD_WAIT_X when the account holds too much that it has not
 * used. https://core.telegram.org/api/files#uploading-files
 */
export async function savePart(ctx: Ctx, part: Part): Promise<void> {
  const parts = Math.max(part.index + 1, part.total ?? 0)
  checkPart(part, await limitFor(ctx, 'fileParts', parts))
  const owner = ctx.userId
  const fileId = String(part.fileId)
  await ctx.transact((tx) => reservePart(tx, owner, fileId, part))
  if (part.bytes.length === 0) return
  const key = partKey(owner, fileId, part.index)
  await ctx.app.blobs.put(key, once(part.bytes))
  // Meanwhile the file may have been used or have expired: then nothing would ever delete these bytes.
  const [row] = await ctx.run(partOf, { owner, fileId, part: part.index })
  if (!row) await ctx.app.blobs.delete(key)
}

function checkPart({ index, total, bytes }: Part, most: number): void {
  if (total !== undefined && total !== -1 && !(total >= 1 && total <= most)) throw new RpcError('FILE_PARTS_INVALID')
  if (!(index >= 0 && index < most)) throw new RpcError('FILE_PART_INVALID')
  // The last part of a stream whose length was unknown may be empty, and then stands behind the last one.
  if (bytes.length === 0 && total === index) return
  if (total !== undefined && total !== -1 && index >= total) throw new RpcError('FILE_PART_INVALID')
  if (bytes.length === 0) throw new RpcError('FILE_PART_EMPTY')
  if (bytes.length > MAX_PART) throw new RpcError('FILE_PART_TOO_BIG')
  if (total !== undefined && index !== total - 1 && !isPartSize(bytes.length)) {
    throw new RpcError('FILE_PART_SIZE_INVALID')
  }
}

const isPartSize = (size: number) => size % 1024 === 0 && size > 0 && MAX_PART % size === 0

async function reservePart(tx: Tx, owner: number, fileId: string, part: Part): Promise<void> {
  // What is read behind the lock is read when it is held.
  const [[upload], [before], [held]] = await Promise.all([
    tx.run(lockUpload, { owner, fileId, date: tx.now }) as Promise<[UploadRow]>,
    tx.run(partOf, { owner, fileId, part: part.index }),
    tx.run(heldBytes, { owner }),
  ])
  const total = part.total !== undefined && part.total > 0 ? part.total : null
  if (total !== null && upload.total !== null && upload.total !== total) throw new RpcError('FILE_PARTS_INVALID')
  const whole = part.total !== undefined && part.index !== part.total - 1 && part.bytes.length > 0
  const size = part.bytes.length
  if (upload.part_size !== null && (whole ? size !== upload.part_size : size > upload.part_size)) {
    throw new RpcError('FILE_PART_SIZE_CHANGED')
  }
  const more = size - (before?.size ?? 0)
  admit(tx, held, more)
  if (upload.bytes === 0 && upload.blob_key === null) {
    const dueAt = tx.now + tx.app.config.limits.uploadSeconds
    await schedule(tx, { id: jobId(owner, fileId), kind: 'expireUpload', owner, dueAt, data: fileId })
  }
  if (size > 0) tx.write(putPart, { owner, file_id: fileId, part: part.index, size })
  tx.write(setUpload, {
    owner,
    fileId,
    bytes: upload.bytes + more,
    partSize: whole ? size : upload.part_size,
    total: total ?? upload.total,
  })
}

/** Refuses what goes beyond the bound of an account's unused parts, until the oldest of them expire. */
function admit(tx: Tx, held: { bytes: number; oldest: number } | undefined, more: number): void {
  const { uploadBytes, uploadSeconds } = tx.app.config.limits
  if (more <= 0) return
  if (!held || (held.bytes ?? 0) + more <= uploadBytes) return
  throw new RpcError('FLOOD_WAIT_%d', Math.max(1, (held.oldest ?? tx.now) + uploadSeconds - tx.now))
}

/** An uploaded file that is complete: its parts in order, or its content where it was put together before. */
export interface Uploaded {
  readonly name: string
  readonly size: number
  /** The bytes from the beginning, in pieces of at most 512 KiB. Throws FILE_PART_X_MISSING. */
  stream(): AsyncIterable<Uint8Array>
}

/** The content of a file, kept for good under its SHA-256. */
export interface Content {
  readonly key: string
  readonly sha256: Uint8Array
  readonly size: number
  /** The first bytes. */
  readonly head: Uint8Array
  readonly name: string
}

/**
 * Finds the file that a client has uploaded. FILE_PARTS_INVALID, FILE_PART_X_MISSING, FILE_PART_SIZE_INVALID.
 * https://core.telegram.org/constructor/inputFile
 */
export async function uploaded(ctx: Ctx, file: tl.InputFile): Promise<Uploaded> {
  const { upload, parts } = await found(ctx, file)
  const { name } = file as tl.inputFile
  const { blobs } = ctx.app
  if (upload.blob_key !== null) {
    const { blob_key: key, size } = upload as { blob_key: string; size: number }
    return { name, size, stream: () => pieces(ctx, key, size) }
  }
  return {
    name,
    size: parts.reduce((sum, p) => sum + p.size, 0),
    async *stream() {
      for (const part of parts) {
        const bytes = await blobs
          // One byte more, so that a longer one that came meanwhile is not taken for this one.
          .get(partKey(part.owner, part.file_id, part.part), 0, part.size + 1)
          .catch((error) => missing(error, part.part))
        if (bytes.length !== part.size) missing(undefined, part.part)
        yield bytes
      }
    },
  }
}

function missing(error: unknown, part: number): never {
  if (error !== undefined && !(error instanceof BlobNotFound)) throw error
  throw new RpcError(`FILE_PART_${part}_MISSING`)
}

async function* pieces(ctx: Ctx, key: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += MAX_PART) yield await ctx.app.blobs.get(key, at, Math.min(MAX_PART, size - at))
}

async function found(ctx: Ctx, file: tl.InputFile): Promise<{ upload: UploadRow; parts: PartRow[] }> {
  // @TODO a story's own video as a file: ends with the stories' folder.
  if (file._ === 'inputFileStoryDocument') throw new RpcError('NOT_IMPLEMENTED')
  const most = await limitFor(ctx, 'fileParts', file.parts)
  if (!(file.parts >= 1 && file.parts <= most)) throw new RpcError('FILE_PARTS_INVALID')
  const named = { owner: ctx.userId, fileId: String(file.id) }
  const [upload] = await ctx.run(uploadOf, named)
  if (!upload) throw new RpcError(`FILE_PART_${0}_MISSING`)
  if (upload.blob_key !== null) return { upload, parts: [] }
  if (upload.total !== null && upload.total !== file.parts) throw new RpcError('FILE_PARTS_INVALID')
  const parts = (await ctx.run(partsOf, named)).slice(0, file.parts)
  parts.forEach((part, i) => {
    if (part.part !== i) throw new RpcError(`FILE_PART_${i}_MISSING`)
  })
  if (parts.length < file.parts) throw new RpcError(`FILE_PART_${parts.length}_MISSING`)
  const [first] = parts as [PartRow]
  const wrong = parts.some((p, i) =>
    i < parts.length - 1 ? p.size !== first.size || !isPartSize(p.size) : p.size > first.size,
  )
  if (wrong) throw new RpcError('FILE_PART_SIZE_INVALID')
  return { upload, parts }
}

/**
 * The whole of an uploaded file in memory, for what is small. It stays uploaded, so that the client may repeat its call.
 * @throws tooBig when it has more than `most` bytes, MD5_CHECKSUM_INVALID
 */
export async function readUploaded(ctx: Ctx, file: tl.InputFile, most: number, tooBig: () => Error): Promise<Buffer> {
  const upload = await uploaded(ctx, file)
  if (upload.size > most) throw tooBig()
  const chunks: Uint8Array[] = []
  const md5 = file._ === 'inputFile' && file.md5Checksum !== '' ? createHash('md5') : undefined
  for await (const bytes of upload.stream()) {
    chunks.push(bytes)
    md5?.update(bytes)
  }
  if (md5) checkMd5(file, () => md5.digest('hex'))
  return Buffer.concat(chunks)
}

function checkMd5(file: tl.InputFile, md5: () => string | null): void {
  const given = file._ === 'inputFile' ? file.md5Checksum.toLowerCase() : ''
  // Clients that do not compute it send an empty one.
  if (given !== '' && given !== md5()) throw new RpcError('MD5_CHECKSUM_INVALID')
}

/** Where content is kept, by its SHA-256. */
export const contentKey = (hex: string): string => `${hex.slice(0, 2)}/${hex.slice(2)}`

/** Contents being put together on this node, so that a client's repetition of a call waits for the first. */
const underWay = new WeakMap<App, Map<string, Promise<Content>>>()

/**
 * Puts an uploaded file together as content that stays: read once to know its SHA-256, and written once if nobody has
 * uploaded the same before. Memory holds one part at a time. The parts go; the client may name the file again until it
 * expires.
 */
export async function keepContent(ctx: Ctx, file: tl.InputFile): Promise<Content> {
  let waiting = underWay.get(ctx.app)
  if (!waiting) underWay.set(ctx.app, (waiting = new Map()))
  const name = `${ctx.userId} ${(file as tl.inputFile).id}`
  for (;;) {
    const first = waiting.get(name)
    if (!first) break
    await first.catch(() => {})
  }
  const content = putTogether(ctx, file)
  waiting.set(name, content)
  return content.finally(() => waiting.delete(name))
}

async function putTogether(ctx: Ctx, file: tl.InputFile): Promise<Content> {
  const { upload, parts } = await found(ctx, file)
  const { blobs } = ctx.app
  const { name } = file as tl.inputFile
  if (upload.blob_key !== null) {
    checkMd5(file, () => upload.md5)
    const head = await blobs.get(upload.blob_key, 0, HEAD)
    return { key: upload.blob_key, sha256: upload.sha256!, size: upload.size!, head, name }
  }
  const source = await uploaded(ctx, file)
  const sha = createHash('sha256')
  const md5 = file._ === 'inputFile' ? createHash('md5') : undefined
  let head: Uint8Array | undefined
  for await (const bytes of source.stream()) {
    head ??= Uint8Array.prototype.slice.call(bytes, 0, HEAD)
    sha.update(bytes)
    md5?.update(bytes)
  }
  const sha256 = sha.digest()
  const sum = md5?.digest('hex') ?? null
  checkMd5(file, () => sum)
  const hex = sha256.toString('hex')
  const key = contentKey(hex)
  if (!(await blobs.exists(key))) await putChecked(ctx, key, source, hex)
  const made = { blob_key: key, sha256, md5: sum, size: source.size }
  const owner = ctx.userId
  const replaced = await ctx.transact(async (tx) => {
    const row = await tx.trx
      .updateTable('upload')
      .set({ ...made, bytes: 0, part_size: null, total: null })
      .where('owner', '=', owner)
      .where('file_id', '=', upload.file_id)
      .returning('owner')
      .executeTakeFirst()
    if (row) await dropParts(tx, owner, upload.file_id)
    return row !== undefined
  })
  if (replaced) await deleteParts(ctx, owner, upload.file_id, parts)
  return { key, sha256, size: source.size, head: head ?? new Uint8Array(0), name }
}

/** A part that came again between the two readings would leave other bytes under this name: then nothing is kept. */
async function putChecked(ctx: Ctx, key: string, source: Uploaded, hex: string): Promise<void> {
  const again = createHash('sha256')
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const piece of source.stream()) {
      again.update(piece)
      yield piece
    }
    if (again.digest('hex') !== hex) throw new RpcError('FILE_PARTS_INVALID')
  }
  await ctx.app.blobs.put(key, bytes())
}

async function dropParts(tx: Tx, owner: number, fileId: string): Promise<void> {
  await tx.trx.deleteFrom('upload_part').where('owner', '=', owner).where('file_id', '=', fileId).execute()
}

async function deleteParts(ctx: Ctx, owner: number, fileId: string, parts: readonly PartRow[]): Promise<void> {
  for (const { part } of parts) await ctx.app.blobs.delete(partKey(owner, fileId, part))
}

/** Forgets an upload that was not used in time; put off while parts of it still come. */
export const expireUpload: JobRunner = async (ctx, { owner, data }) => {
  const fileId = String(data)
  const [upload] = await ctx.run(uploadOf, { owner, fileId })
  if (!upload) return
  const dueAt = upload.date + ctx.app.config.limits.uploadSeconds
  if (dueAt > ctx.now) {
    await ctx.transact((tx) =>
      schedule(tx, { id: jobId(owner, fileId), kind: 'expireUpload', owner, dueAt, data: fileId }),
    )
    return
  }
  const parts = await ctx.run(partsOf, { owner, fileId })
  await deleteParts(ctx, owner, fileId, parts)
  await ctx.transact(async (tx) => {
    const gone = await tx.trx
      .deleteFrom('upload')
      .where('owner', '=', owner)
      .where('file_id', '=', fileId)
      .where('date', '=', upload.date)
      .returning('owner')
      .executeTakeFirst()
    if (gone) await dropParts(tx, owner, fileId)
  })
}
