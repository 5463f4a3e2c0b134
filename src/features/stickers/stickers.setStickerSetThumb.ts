import { rowId } from '../../domain/files.ts'
import { changeSet, stickerIn } from '../../domain/stickers/change.ts'
import { makeSetThumb } from '../../domain/stickers/make.ts'
import { ownSet, SET_KIND } from '../../domain/stickers/rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { viewChanged } from './changed.ts'

/** A picture of its own, one of the set's custom emoji, or, without either, its first sticker. */
export default method(
  'stickers.setStickerSetThumb',
  async (ctx, req) => {
    const set = await ownSet(ctx, req.stickerset)
    const document = rowId(req.thumbDocumentId ?? 0n)
    if (req.thumb && document) throw new RpcError('STICKERSET_INVALID')
    if (document && set.kind !== SET_KIND.emojis) throw new RpcError('STICKERSET_INVALID')
    const own = req.thumb ? await makeSetThumb(ctx, req.thumb) : { thumb: null, thumb_key: null }
    await ctx.transact(async (tx) => {
      const { thumb_version: version } = await changeSet(tx, set.id)
      if (document) await stickerIn(tx, set.id, document)
      await changeSet(tx, set.id, { ...own, thumb_version: version + 1, thumb_document: document || null })
    })
    return viewChanged(ctx, set.id)
  },
  { flood: 'write' },
)
