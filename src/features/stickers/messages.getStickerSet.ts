import { namedSet } from '../../domain/stickers/rows.ts'
import { viewWholeSet } from '../../domain/stickers/view.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getStickerSet',
  async (ctx, { stickerset, hash }) => {
    if (stickerset._ === 'inputStickerSetDice') throw new RpcError('EMOTICON_STICKERPACK_MISSING')
    const row = await namedSet(ctx, stickerset)
    if (hash !== 0 && hash === row.hash) return { _: 'messages.stickerSetNotModified' }
    return viewWholeSet(ctx, row)
  },
  { flood: 'read' },
)
