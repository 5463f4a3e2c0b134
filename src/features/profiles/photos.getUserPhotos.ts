import { access, type UserRef } from '../../domain/access.ts'
import { type PhotoRow, photoRow, rowId, viewPhoto } from '../../domain/files.ts'
import { allowedBy } from '../../domain/privacy.ts'
import { countProfilePhotos, photoPosition, profilePhotos } from '../../domain/profile-photos.ts'
import { viewUsers } from '../../domain/users.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

const MOST = 100

interface Page {
  count: number
  rows: PhotoRow[]
}

/** All the photos that the caller may see, or the one that stands for them. */
async function pageOf(ctx: Ctx, user: UserRef, maxId: bigint, offset: number, limit: number): Promise<Page> {
  if (!(await allowedBy(ctx, user.id, 'profilePhoto'))) {
    const { fallback_photo_id: id } = user.row
    const fallback = id ? await photoRow(ctx, id) : undefined
    const rows = fallback && maxId === 0n && offset === 0 && limit > 0 ? [fallback] : []
    return { count: fallback ? 1 : 0, rows }
  }
  const count = await countProfilePhotos(ctx, user.id)
  let below = Number.MAX_SAFE_INTEGER
  if (maxId !== 0n) {
    const at = await photoPosition(ctx, user.id, rowId(maxId))
    if (at === undefined) throw new RpcError('MAX_ID_INVALID')
    below = at
  }
  return { count, rows: limit > 0 ? await profilePhotos(ctx, user.id, { below, offset, limit }) : [] }
}

export default method(
  'photos.getUserPhotos',
  async (ctx, { userId, offset, maxId, limit }) => {
    const user = await access.user(ctx, userId)
    const { count, rows } = await pageOf(ctx, user, maxId, Math.max(0, offset), Math.min(MOST, Math.max(0, limit)))
    const photos = rows.map((row) => viewPhoto(ctx, row))
    const users = await viewUsers(ctx, [user.id])
    if (photos.length === count) return { _: 'photos.photos', photos, users }
    return { _: 'photos.photosSlice', count, photos, users }
  },
  { flood: 'read' },
)
