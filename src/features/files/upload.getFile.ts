import { storageType } from '../../domain/file-types.ts'
import { takePiece } from '../../mtproto/slabs.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Piece } from '../../rpc/method.ts'
import { locate } from './locations.ts'
import { checkRange } from './ranges.ts'

/** From so many bytes on the layer below reads them: into the frame they leave in, on the thread that sends it. */
const PIECE_FROM = 16 * 1024

/** What is still to be read, by the answer. */
const pieces = new WeakMap<object, Piece>()

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
    const { blobs } = ctx.app
    const from = file.from + offset
    const path = blobs.pathOf?.(file.key)
    const range = path === undefined ? undefined : { path, offset: from }
    const later = length >= PIECE_FROM && ctx.session?.pipe.reads?.(range) === true
    const bytes = later || length === 0 ? new Uint8Array(0) : await blobs.get(file.key, from, length)
    const answer = { _: 'upload.file' as const, type: storageType(file.type), mtime: file.date, bytes }
    if (later) {
      const load = () => blobs.get(file.key, from, length, takePiece(length))
      pieces.set(answer, { file: range, length, load })
    }
    return answer
  },
  { flood: 'upload', pieceOf: (answer) => pieces.get(answer) },
)
