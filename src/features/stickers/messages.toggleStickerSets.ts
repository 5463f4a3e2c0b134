import { installSet, uninstallSet } from '../../domain/stickers/installed.ts'
import { namedSet } from '../../domain/stickers/rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Sets in one call. */
const MOST = 200

export default method(
  'messages.toggleStickerSets',
  async (ctx, req) => {
    if (req.stickersets.length > MOST) throw new RpcError('LIMIT_INVALID')
    await ctx.transact(async (tx) => {
      for (const input of req.stickersets) {
        const set = await namedSet(tx, input)
        if (req.uninstall) await uninstallSet(tx, set)
        else if (req.archive || req.unarchive) await installSet(tx, set, req.archive === true)
      }
    })
    return true
  },
  { flood: 'write' },
)
