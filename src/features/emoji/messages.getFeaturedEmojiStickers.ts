import { featuredSets, viewFeatured } from '../../domain/stickers/featured.ts'
import { SET_KIND } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getFeaturedEmojiStickers',
  async (ctx, req) => viewFeatured(ctx, await featuredSets(ctx, SET_KIND.emojis), req.hash),
  { flood: 'read' },
)
