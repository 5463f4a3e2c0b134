import { installSet } from '../../domain/stickers/installed.ts'
import { namedSet, setRows } from '../../domain/stickers/rows.ts'
import { viewCovered } from '../../domain/stickers/view.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.installStickerSet',
  async (ctx, req) => {
    const set = await namedSet(ctx, req.stickerset)
    const over = await ctx.transact((tx) => installSet(tx, set, req.archived))
    const rows = await setRows(ctx, over)
    if (rows.length === 0) return { _: 'messages.stickerSetInstallResultSuccess' }
    return { _: 'messages.stickerSetInstallResultArchive', sets: await viewCovered(ctx, rows) }
  },
  { flood: 'write' },
)
