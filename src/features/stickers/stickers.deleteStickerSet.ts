import { ownSet } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'
import { deleteSet } from './delete.ts'

export default method(
  'stickers.deleteStickerSet',
  async (ctx, req) => {
    const set = await ownSet(ctx, req.stickerset)
    await ctx.transact((tx) => deleteSet(tx, set.id))
    return true
  },
  { flood: 'write' },
)
