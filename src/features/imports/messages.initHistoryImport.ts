import { newBlobKey, newFileId } from '../../domain/files.ts'
import { eachOf } from '../../domain/photos.ts'
import { readUploaded } from '../../domain/uploads.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { schedule } from '../../rpc/jobs.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { importTarget, jobOf, KEPT } from './imports.ts'
import { ExportDateError, parseExport } from './parse.ts'

/** Largest export, bytes: text alone. */
const MAX_EXPORT = 16 * 1024 * 1024
const MAX_MESSAGES = 200_000
const MAX_MEDIA = 10_000
/** How long one import into a chat is waited for, at most, minutes. */
const BUSY_MINUTES = 10

export default method(
  'messages.initHistoryImport',
  async (ctx, req) => {
    const peer = await importTarget(ctx, req.peer)
    if (req.mediaCount < 0 || req.mediaCount > MAX_MEDIA) throw new RpcError('IMPORT_FILE_INVALID')
    const busy = await ctx.db
      .selectFrom('history_import')
      .select('id')
      .where('owner', '=', ctx.userId)
      .where('started', '=', 1)
      .executeTakeFirst()
    if (busy) throw new RpcError(`PREVIOUS_CHAT_IMPORT_ACTIVE_WAIT_${BUSY_MINUTES}MIN`)
    const bytes = await readExport(ctx, req.file)
    const total = countMessages(bytes)
    const blobKey = newBlobKey(ctx)
    await ctx.app.blobs.put(blobKey, eachOf([bytes]))
    const id = newFileId(ctx)
    await ctx.transact(async (tx) => {
      const row = { owner: ctx.userId, id, peer: peer.peer, blob_key: blobKey, total, done: 0 }
      await tx.trx
        .insertInto('history_import')
        .values({ ...row, media_count: req.mediaCount, started: 0 })
        .execute()
      await schedule(tx, { ...jobOf(row), dueAt: tx.now + KEPT })
    })
    return { _: 'messages.historyImport', id: BigInt(id) }
  },
  { flood: 'import' },
)

async function readExport(ctx: Ctx, file: tl.InputFile): Promise<Buffer> {
  try {
    return await readUploaded(ctx, file, MAX_EXPORT, () => new RpcError('IMPORT_FILE_INVALID'))
  } catch (error) {
    // Whatever is wrong with an upload, this method has one name for it.
    throw error instanceof RpcError ? new RpcError('IMPORT_FILE_INVALID') : error
  }
}

function countMessages(bytes: Buffer): number {
  try {
    const parsed = parseExport(bytes.toString('utf8'))
    if (!parsed) throw new RpcError('IMPORT_FORMAT_UNRECOGNIZED')
    const { length } = parsed.messages
    if (length === 0 || length > MAX_MESSAGES) throw new RpcError('IMPORT_FILE_INVALID')
    return length
  } catch (error) {
    throw error instanceof ExportDateError ? new RpcError('IMPORT_FORMAT_DATE_INVALID') : error
  }
}
