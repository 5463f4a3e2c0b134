import { SET_KIND } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'
import { findSets } from './search.ts'

export default method('messages.searchEmojiStickerSets', (ctx, req) => findSets(ctx, SET_KIND.emojis, req), {
  flood: 'search',
})
