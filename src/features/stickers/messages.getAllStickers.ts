import { viewInstalled } from '../../domain/stickers/installed.ts'
import { SET_KIND } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'

export default method('messages.getAllStickers', (ctx, req) => viewInstalled(ctx, SET_KIND.stickers, req.hash), {
  flood: 'read',
})
