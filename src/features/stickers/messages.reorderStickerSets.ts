import { rowId } from '../../domain/files.ts'
import { orderSets } from '../../domain/stickers/installed.ts'
import { kindOfFlags } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.reorderStickerSets',
  async (ctx, req) => {
    await ctx.transact((tx) => orderSets(tx, kindOfFlags(req), req.order.map(rowId)))
    return true
  },
  { flood: 'write' },
)
