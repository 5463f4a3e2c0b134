import { setGroupSet } from '../../domain/group-stickers.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.setStickers',
  (ctx, req) => ctx.transact((tx) => setGroupSet(tx, req.channel, 'stickers', req.stickerset)),
  { flood: 'write' },
)
