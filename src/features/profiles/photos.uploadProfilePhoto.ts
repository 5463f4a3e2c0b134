import { makeProfilePhoto } from '../../domain/photos.ts'
import { setProfilePhoto } from '../../domain/profile-photos.ts'
import { method } from '../../rpc/method.ts'
import { photoAnswer, refuseBots } from './photos.ts'

export default method(
  'photos.uploadProfilePhoto',
  async (ctx, req) => {
    refuseBots(req.bot)
    const row = await makeProfilePhoto(ctx, req)
    await ctx.transact((tx) => setProfilePhoto(tx, tx.userId, row.id, req.fallback ?? false))
    return photoAnswer(ctx, row, [ctx.userId])
  },
  { flood: 'write' },
)
