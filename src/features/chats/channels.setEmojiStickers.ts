import { setGroupSet } from '../../domain/group-stickers.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.setEmojiStickers',
  (ctx, req) => ctx.transact((tx) => setGroupSet(tx, req.channel, 'emojis', req.stickerset)),
  { flood: 'write' },
)
