import { SET_KIND } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'
import { findSets } from './search.ts'

export default method('messages.searchStickerSets', (ctx, req) => findSets(ctx, SET_KIND.stickers, req), {
  flood: 'search',
})
