import { uninstallSet } from '../../domain/stickers/installed.ts'
import { namedSet } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.uninstallStickerSet',
  async (ctx, req) => {
    const set = await namedSet(ctx, req.stickerset)
    await ctx.transact((tx) => uninstallSet(tx, set))
    return true
  },
  { flood: 'write' },
)
