import { storageType } from '../../domain/file-types.ts'
import { giveSlab, LARGE, takeSlab } from '../../mtproto/slabs.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { locate } from './locations.ts'
import { checkRange } from './ranges.ts'

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
