import { method } from '../../rpc/method.ts'
import { viewKept } from './lists.ts'

export default method(
  'messages.getFavedStickers',
  async (ctx, req) => {
    const list = await viewKept(ctx, 'faved', req.hash)
    if (!list) return { _: 'messages.favedStickersNotModified' }
    const { hash, packs, stickers } = list
    return { _: 'messages.favedStickers', hash, packs, stickers }
  },
  { flood: 'read' },
)
