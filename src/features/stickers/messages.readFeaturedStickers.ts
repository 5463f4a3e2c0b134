import { rowId } from '../../domain/files.ts'
import { FEATURED_KINDS, readFeatured } from '../../domain/stickers/featured.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.readFeaturedStickers',
  async (ctx, req) => {
    const ids = req.id.map(rowId)
    await ctx.transact(async (tx) => {
      for (const kind of FEATURED_KINDS) await readFeatured(tx, kind, ids)
    })
    return true
  },
  { flood: 'write' },
)
