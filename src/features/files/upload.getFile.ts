import { storageType } from '../../domain/file-types.ts'
import { giveSlab, LARGE, takeSlab } from '../../mtproto/slabs.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { locate } from './locations.ts'

const KiB = 1024
const MiB = 1024 * KiB

/** https://core.telegram.org/api/files#downloading-files */
function checkRange(offset: number, limit: number, precise: boolean): void {
  const step = precise ? KiB : 4 * KiB
  if (!(offset >= 0 && offset % step === 0)) throw new RpcError('OFFSET_INVALID')
  if (!(limit > 0 && limit % step === 0 && limit <= MiB)) throw new RpcError('LIMIT_INVALID')
  if (!precise && MiB % limit !== 0) throw new RpcError('LIMIT_INVALID')
  if (Math.floor(offset / MiB) !== Math.floor((offset + limit - 1) / MiB)) throw new RpcError('LIMIT_INVALID')
}

export default method(
  'upload.getFile',
  async (ctx, { location, offset, limit, precise }) => {
    checkRange(offset, limit, precise === true)
    const file = await locate(ctx, location)
    // Clients leave out of an export what cannot be located.
    const most = ctx.takeout?.file_max_size ?? 0
    if (most > 0 && file.size > most && location._ !== 'inputTakeoutFileLocation')
      throw new RpcError('LOCATION_INVALID')
    const length = Math.max(0, Math.min(limit, file.size - offset))
    const into = length < LARGE ? undefined : takeSlab(length)
    const bytes = length > 0 ? await ctx.app.blobs.get(file.key, file.from + offset, length, into) : new Uint8Array(0)
    return { _: 'upload.file', type: storageType(file.type), mtime: file.date, bytes }
  },
  { flood: 'upload', answered: (file) => file._ === 'upload.file' && giveSlab(file.bytes) },
)
