import { method } from '../../rpc/method.ts'
import { keepSticker } from './kept-sticker.ts'

export default method(
  'messages.saveRecentSticker',
  (ctx, req) => keepSticker(ctx, req.attached ? 'attached' : 'recent', req.id, !req.unsave),
  { flood: 'write' },
)
