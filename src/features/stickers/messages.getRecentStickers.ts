import { method } from '../../rpc/method.ts'
import { viewKept } from './lists.ts'

export default method(
  'messages.getRecentStickers',
  async (ctx, req) => {
    const list = await viewKept(ctx, req.attached ? 'attached' : 'recent', req.hash)
    return list ? { _: 'messages.recentStickers', ...list } : { _: 'messages.recentStickersNotModified' }
  },
  { flood: 'read' },
)
