import { featuredSets, viewFeatured } from '../../domain/stickers/featured.ts'
import { SET_KIND } from '../../domain/stickers/rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Sets in one page. */
const PAGE = 100

export default method(
  'messages.getOldFeaturedStickers',
  async (ctx, { offset, limit, hash }) => {
    if (offset < 0) throw new RpcError('OFFSET_INVALID')
    if (limit < 0) throw new RpcError('LIMIT_INVALID')
    const rows = await featuredSets(ctx, SET_KIND.stickers, true)
    return viewFeatured(ctx, rows.slice(offset, offset + Math.min(limit || PAGE, PAGE)), hash, rows.length)
  },
  { flood: 'read' },
)
