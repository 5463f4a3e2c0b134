import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { type JobRunner, schedule } from '../rpc/jobs.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { newBlobKey, newFileId, rowId } from './files.ts'
import { accessHash } from './hashes.ts'
import { uploaded } from './uploads.ts'

export type SecretFileRow = Selectable<Tables['secret_file']>

const filesOf = query<{ ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('secret_file')
    .selectAll()
    .where('id', 'in', d.each(p.ids) as never),
)

export async function secretFileRow(ctx: Ctx, id: number): Promise<SecretFileRow | undefined> {
  const [row] = await ctx.run(filesOf, { ids: [id] })
  return row
}

/** https://core.telegram.org/constructor/encryptedFile */
export function viewSecretFile(ctx: Ctx, row: SecretFileRow): tl.EncryptedFile {
  const { id, size, fingerprint: keyFingerprint } = row
  return {
    _: 'encryptedFile',
    id: BigInt(id),
    accessHash: accessHash(ctx, 'file', id),
    size,
    dcId: ctx.app.config.dc,
    keyFingerprint,
  }
}

export async function viewSecretFiles(ctx: Ctx, ids: readonly number[]): Promise<Map<number, tl.EncryptedFile>> {
  const wanted = ids.filter((id) => id !== 0)
  if (wanted.length === 0) return new Map()
  const rows = await ctx.run(filesOf, { ids: wanted })
  return new Map(rows.map((row) => [row.id, viewSecretFile(ctx, row)]))
}

/** A file that the caller was given, or undefined. */
export async function namedSecretFile(
  ctx: Ctx,
  named: { id: bigint; accessHash: bigint },
): Promise<SecretFileRow | undefined> {
  const id = rowId(named.id)
  if (!id || named.accessHash !== accessHash(ctx, 'file', id)) return undefined
  return secretFileRow(ctx, id)
}

/** A file on its way into a chat: one that is there, or one whose row is yet to be written. */
export type SecretFile = { row: SecretFileRow; fresh: boolean }

/**
 * The file that a client names: one it was given before, or one it has uploaded, whose bytes are kept under a name of
 * their own. FILE_EMTPY (as it is published), FILE_PART*, MD5_CHECKSUM_INVALID.
 * https://core.telegram.org/type/InputEncryptedFile
 */
export async function takeSecretFile(ctx: Ctx, file: tl.InputEncryptedFile): Promise<SecretFile> {
  if (file._ === 'inputEncryptedFileEmpty') throw new RpcError('FILE_EMTPY')
  if (file._ === 'inputEncryptedFile') {
    const row = await namedSecretFile(ctx, file)
    if (!row) throw new RpcError('FILE_EMTPY')
    return { row, fresh: false }
  }
  const { id, parts, keyFingerprint: fingerprint } = file
  const sum = file._ === 'inputEncryptedFileUploaded' ? file.md5Checksum.toLowerCase() : ''
  const source = await uploaded(ctx, { _: 'inputFileBig', id, parts, name: '' })
  if (source.size === 0) throw new RpcError('FILE_EMTPY')
  const md5 = createHash('md5')
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const piece of source.stream()) {
      md5.update(piece)
      yield piece
    }
    if (sum !== '' && md5.digest('hex') !== sum) throw new RpcError('MD5_CHECKSUM_INVALID')
  }
  const key = newBlobKey(ctx)
  await ctx.app.blobs.put(key, bytes())
  const row = { id: newFileId(ctx), owner: ctx.userId, date: ctx.now, size: source.size, fingerprint, blob_key: key }
  return { row, fresh: true }
}

/** Says that a file is in a chat, and writes its row where it has none. */
export async function useSecretFile(tx: Tx, { row, fresh }: SecretFile, chatId: number): Promise<void> {
  if (fresh) await tx.trx.insertInto('secret_file').values(row).execute()
  await tx.trx
    .insertInto('secret_file_use')
    .values({ file_id: row.id, chat_id: chatId })
    .onConflict((c) => c.columns(['file_id', 'chat_id']).doNothing())
    .execute()
}

/** The bytes of a file that was taken and then not used. */
export async function returnSecretFile(ctx: Ctx, { row, fresh }: SecretFile): Promise<void> {
  if (fresh) await ctx.app.blobs.delete(row.blob_key)
}

export const DROP_FILE = 'secretFile.drop'

/** Takes the files of a chat out of it; those that are in no other chat go, and their bytes soon after. */
export async function dropFiles(tx: Tx, chatId: number): Promise<void> {
  const gone = await tx.trx.deleteFrom('secret_file_use').where('chat_id', '=', chatId).returning('file_id').execute()
  for (const { file_id: id } of gone) {
    const row = await tx.trx
      .deleteFrom('secret_file')
      .where('id', '=', id)
      .where((eb) => eb.not(eb.exists(eb.selectFrom('secret_file_use').select('chat_id').where('file_id', '=', id))))
      .returning('blob_key')
      .executeTakeFirst()
    if (!row) continue
    await schedule(tx, { id: `${DROP_FILE}:${id}`, kind: DROP_FILE, owner: 0, dueAt: tx.now, data: row.blob_key })
  }
}

export const dropFile: JobRunner = (ctx, { data }) => ctx.app.blobs.delete(String(data))
