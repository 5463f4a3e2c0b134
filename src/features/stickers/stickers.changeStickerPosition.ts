import { changeSet, shift, stickerIn } from '../../domain/stickers/change.ts'
import { ownSticker } from '../../domain/stickers/rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { viewChanged } from './changed.ts'

export default method(
  'stickers.changeStickerPosition',
  async (ctx, req) => {
    const { set, sticker } = await ownSticker(ctx, req.sticker)
    if (req.position < 0) throw new RpcError('STICKER_INVALID')
    await ctx.transact(async (tx) => {
      const { count } = await changeSet(tx, set.id)
      const { position: from } = await stickerIn(tx, set.id, sticker.document_id)
      const to = Math.min(req.position, count - 1)
      if (to > from) await shift(tx, set.id, from + 1, to, -1)
      else await shift(tx, set.id, to, from - 1, 1)
      await tx.trx
        .updateTable('sticker')
        .set({ position: to })
        .where('set_id', '=', set.id)
        .where('document_id', '=', sticker.document_id)
        .execute()
    })
    return viewChanged(ctx, set.id)
  },
  { flood: 'write' },
)
