import { photoRow } from '../../domain/files.ts'
import { asProfilePhoto } from '../../domain/photos.ts'
import { dropFallback, dropProfilePhotos, setProfilePhoto } from '../../domain/profile-photos.ts'
import { userRow } from '../../domain/user-rows.ts'
import { method } from '../../rpc/method.ts'
import { photoAnswer, refuseBots } from './photos.ts'

export default method(
  'photos.updateProfilePhoto',
  async (ctx, { fallback = false, bot, id }) => {
    refuseBots(bot)
    const photo = id._ === 'inputPhotoEmpty' ? undefined : await asProfilePhoto(ctx, id)
    await ctx.transact(async (tx) => {
      if (photo) return setProfilePhoto(tx, tx.userId, photo.id, fallback)
      if (fallback) return dropFallback(tx, tx.userId)
      const current = (await userRow(tx, tx.userId))?.photo_id
      if (current) await dropProfilePhotos(tx, tx.userId, [current])
    })
    const user = await userRow(ctx, ctx.userId)
    const shown = fallback ? user?.fallback_photo_id : user?.photo_id
    return photoAnswer(ctx, shown ? await photoRow(ctx, shown) : undefined, [ctx.userId])
  },
  { flood: 'write' },
)
