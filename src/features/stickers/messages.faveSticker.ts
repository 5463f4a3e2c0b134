import { method } from '../../rpc/method.ts'
import { keepSticker } from './kept-sticker.ts'

export default method('messages.faveSticker', (ctx, req) => keepSticker(ctx, 'faved', req.id, !req.unfave), {
  flood: 'write',
})
