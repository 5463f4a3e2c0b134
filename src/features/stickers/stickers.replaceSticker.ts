import { changeSet, stickerIn } from '../../domain/stickers/change.ts'
import { describeSticker, dropWords, makeSticker, writeStickers } from '../../domain/stickers/make.ts'
import { ownSticker } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'
import { viewChanged } from './changed.ts'

export default method(
  'stickers.replaceSticker',
  async (ctx, req) => {
    const { set, sticker } = await ownSticker(ctx, req.sticker)
    const { document_id: document } = sticker
    const made = await makeSticker(ctx, set, req.newSticker)
    await ctx.transact(async (tx) => {
      const { thumb_document: shown } = await changeSet(tx, set.id)
      const { position } = await stickerIn(tx, set.id, document)
      await tx.trx.deleteFrom('sticker').where('set_id', '=', set.id).where('document_id', '=', document).execute()
      await dropWords(tx, set.id, document)
      await describeSticker(tx, document, undefined, {})
      await writeStickers(tx, set.id, [made], position)
      if (shown === document) await changeSet(tx, set.id, { thumb_document: made.document.id })
    })
    return viewChanged(ctx, set.id)
  },
  { flood: 'write' },
)
