import { changeSet, countStickers, shift, stickerIn } from '../../domain/stickers/change.ts'
import { describeSticker, dropWords } from '../../domain/stickers/make.ts'
import { ownSticker } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'
import { viewChanged } from './changed.ts'

export default method(
  'stickers.removeStickerFromSet',
  async (ctx, req) => {
    const { set, sticker } = await ownSticker(ctx, req.sticker)
    const document = sticker.document_id
    await ctx.transact(async (tx) => {
      const { count, thumb_document: shown } = await changeSet(tx, set.id)
      const { position } = await stickerIn(tx, set.id, document)
      await tx.trx.deleteFrom('sticker').where('set_id', '=', set.id).where('document_id', '=', document).execute()
      await shift(tx, set.id, position, count, -1)
      await countStickers(tx, set.id, -1)
      await dropWords(tx, set.id, document)
      await describeSticker(tx, document, undefined, {})
      if (shown === document) await changeSet(tx, set.id, { thumb_document: null })
    })
    return viewChanged(ctx, set.id)
  },
  { flood: 'write' },
)
