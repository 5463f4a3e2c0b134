import { changeSet } from '../../domain/stickers/change.ts'
import { indexSet, titleOf } from '../../domain/stickers/make.ts'
import { ownSet } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'
import { viewChanged } from './changed.ts'

export default method(
  'stickers.renameStickerSet',
  async (ctx, req) => {
    const set = await ownSet(ctx, req.stickerset)
    const title = titleOf(req.title)
    await ctx.transact(async (tx) => indexSet(tx, await changeSet(tx, set.id, { title })))
    return viewChanged(ctx, set.id)
  },
  { flood: 'write' },
)
