import { pinnedCommunities, rankOf, viewCommunityDialog } from '../../domain/community-dialogs.ts'
import { checkFolder, dialogList, FOLDER, pinnedDialogs } from '../../domain/dialogs.ts'
import { method } from '../../rpc/method.ts'
import { peerDialogs } from './peer-dialogs.ts'

export default method(
  'messages.getPinnedDialogs',
  async (ctx, req) => {
    const folder = checkFolder(req.folderId)
    const rows = await pinnedDialogs(ctx, folder)
    const { archive_rank: rank } = await dialogList(ctx)
    const communities = folder === FOLDER.main ? await pinnedCommunities(ctx) : []
    const ranks = [...rows.map((row) => row.pinned), ...communities.map(rankOf)]
    const archiveAt = folder === FOLDER.main && rank > 0 ? ranks.filter((one) => one > rank).length : undefined
    return peerDialogs(ctx, rows, archiveAt, async (dialogs) => {
      for (const ref of communities) {
        const at = ranks.filter((one) => one > rankOf(ref)).length
        dialogs.splice(at, 0, await viewCommunityDialog(ctx, ref))
      }
      return dialogs
    })
  },
  { flood: 'read' },
)
