import { addressFiles } from '../../domain/files.ts'
import { makeMedia } from '../../domain/media.ts'
import { atRest } from '../../domain/message-view.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { importTarget, openImport } from './imports.ts'

const FILE_NAME = 255
const KINDS = new Set([
  'inputMediaUploadedPhoto',
  'inputMediaUploadedDocument',
  'inputMediaPhoto',
  'inputMediaDocument',
])

export default method(
  'messages.uploadImportedMedia',
  async (ctx, req) => {
    const peer = await importTarget(ctx, req.peer)
    const row = await openImport(ctx, peer, req.importId)
    const { fileName } = req
    const invalid = () => new RpcError('MEDIA_INVALID')
    if (fileName === '' || fileName.length > FILE_NAME || !KINDS.has(req.media._)) throw invalid()
    const media = await makeMedia(ctx, req.media).catch((error) => {
      // Whatever is wrong with the file, this method has one name for it.
      throw error instanceof RpcError ? invalid() : error
    })
    if ('ttlSeconds' in media && media.ttlSeconds !== undefined) throw invalid()
    await ctx.transact(async (tx) => {
      const { taken } = await tx.trx
        .selectFrom('history_import_media')
        .select((eb) => eb.fn.countAll<number>().as('taken'))
        .where('import_id', '=', row.id)
        .where('file_name', '<>', fileName)
        .executeTakeFirstOrThrow()
      if (Number(taken) >= row.media_count) throw invalid()
      const bytes = atRest(media)
      await tx.trx
        .insertInto('history_import_media')
        .values({ import_id: row.id, file_name: fileName, tl: bytes })
        .onConflict((c) => c.columns(['import_id', 'file_name']).doUpdateSet({ tl: bytes }))
        .execute()
    })
    return addressFiles(ctx, media)
  },
  { flood: 'upload' },
)
