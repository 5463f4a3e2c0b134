import { namedPhoto } from '../../domain/files.ts'
import { dropProfilePhotos } from '../../domain/profile-photos.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Photos in one call. */
const MOST = 100

export default method(
  'photos.deletePhotos',
  async (ctx, { id: photos }) => {
    const ids: number[] = []
    for (const photo of photos.slice(0, MOST)) {
      // What is none of ours is passed over: the answer says which went.
      const row = await namedPhoto(ctx, photo, 'PHOTO_ID_INVALID').catch((error) => {
        if (error instanceof RpcError && error.type === 'PHOTO_ID_INVALID') return undefined
        throw error
      })
      if (row && !ids.includes(row.id)) ids.push(row.id)
    }
    const gone = await ctx.transact((tx) => dropProfilePhotos(tx, tx.userId, ids))
    return gone.map(BigInt)
  },
  { flood: 'write' },
)
