import { checkFolder, dialogList, FOLDER, pinnedDialogs } from '../../domain/dialogs.ts'
import { method } from '../../rpc/method.ts'
import { peerDialogs } from './peer-dialogs.ts'

export default method(
  'messages.getPinnedDialogs',
  async (ctx, req) => {
    const folder = checkFolder(req.folderId)
    const rows = await pinnedDialogs(ctx, folder)
    const { archive_rank: rank } = await dialogList(ctx)
    const archiveAt = folder === FOLDER.main && rank > 0 ? rows.filter((row) => row.pinned > rank).length : undefined
    return peerDialogs(ctx, rows, archiveAt)
  },
  { flood: 'read' },
)
