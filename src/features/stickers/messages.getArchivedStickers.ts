import { installedSets } from '../../domain/stickers/installed.ts'
import { kindOfFlags } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'
import { viewPage } from './lists.ts'

export default method(
  'messages.getArchivedStickers',
  async (ctx, req) => {
    const rows = await installedSets(ctx, kindOfFlags(req), true)
    return { _: 'messages.archivedStickers', ...(await viewPage(ctx, rows, req)) }
  },
  { flood: 'read' },
)
