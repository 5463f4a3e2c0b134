import { changeSet, countStickers } from '../../domain/stickers/change.ts'
import { MOST_STICKERS, makeSticker, writeStickers } from '../../domain/stickers/make.ts'
import { ownSet } from '../../domain/stickers/rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { viewChanged } from './changed.ts'

export default method(
  'stickers.addStickerToSet',
  async (ctx, req) => {
    const set = await ownSet(ctx, req.stickerset)
    const made = await makeSticker(ctx, set, req.sticker)
    await ctx.transact(async (tx) => {
      const { count, kind } = await changeSet(tx, set.id)
      if (count >= MOST_STICKERS[kind as 0 | 1 | 2]) throw new RpcError('STICKERS_TOO_MUCH')
      await writeStickers(tx, set.id, [made], count)
      await countStickers(tx, set.id, 1)
    })
    return viewChanged(ctx, set.id)
  },
  { flood: 'write' },
)
