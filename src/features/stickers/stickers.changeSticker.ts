import { changeSet, stickerIn } from '../../domain/stickers/change.ts'
import { keywordsOf } from '../../domain/stickers/emoji.ts'
import { checkEmoji, describeSticker, indexSticker } from '../../domain/stickers/make.ts'
import { ownSticker, SET_KIND } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'
import { viewChanged } from './changed.ts'

export default method(
  'stickers.changeSticker',
  async (ctx, req) => {
    const { set, sticker } = await ownSticker(ctx, req.sticker)
    const { document_id: document } = sticker
    const given = req.emoji === undefined ? undefined : checkEmoji(req.emoji)
    await ctx.transact(async (tx) => {
      const { kind } = await changeSet(tx, set.id)
      const before = await stickerIn(tx, set.id, document)
      const emoji = given ?? before.emoji.split(' ')
      const words = kind === SET_KIND.masks ? '' : (req.keywords ?? before.keywords)
      const keywords = keywordsOf(words)
      await tx.trx
        .updateTable('sticker')
        .set({ emoji: emoji.join(' '), keywords: keywords.join(',') })
        .where('set_id', '=', set.id)
        .where('document_id', '=', document)
        .execute()
      await indexSticker(tx, set.id, document, emoji, keywords)
      const coords = req.maskCoords && { coords: req.maskCoords }
      if (given || coords) await describeSticker(tx, document, set, { alt: emoji[0]!, ...coords })
    })
    return viewChanged(ctx, set.id)
  },
  { flood: 'write' },
)
