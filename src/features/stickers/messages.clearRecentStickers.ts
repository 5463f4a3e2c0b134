import { forgetAll } from '../../domain/stickers/kept.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.clearRecentStickers',
  async (ctx, req) => {
    await ctx.transact((tx) => forgetAll(tx, req.attached ? 'attached' : 'recent'))
    return true
  },
  { flood: 'write' },
)
