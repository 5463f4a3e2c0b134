import { access } from '../../domain/access.ts'
import { type CommunityRef, community } from '../../domain/communities.ts'
import { viewCommunityDialog } from '../../domain/community-dialogs.ts'
import { checkFolder, emptyDialog, type ShownDialog, viewedDialog } from '../../domain/dialogs.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { peerDialogs } from './peer-dialogs.ts'

/** Peers in one call. */
const MOST = 100

export default method(
  'messages.getPeerDialogs',
  async (ctx, req) => {
    if (req.peers.length === 0) throw new RpcError('INPUT_PEERS_EMPTY')
    if (req.peers.length > MOST) throw new RpcError('LIMIT_INVALID')
    const found = new Map<number, ShownDialog>()
    const communities = new Map<number, CommunityRef>()
    let archiveAt: number | undefined
    for (const input of req.peers) {
      if (input._ === 'inputDialogPeerFolder') {
        if (checkFolder(input.folderId) !== 0) archiveAt ??= found.size
        continue
      }
      if (input._ === 'inputDialogPeerCommunity') {
        const ref = await community(ctx, input.community)
        communities.set(ref.id, ref)
        continue
      }
      const at = await access.peer(ctx, input.peer)
      const { peer } = at
      const row = at.kind === 'channel' ? await viewedDialog(ctx, at) : await dialogRow(ctx, ctx.userId, peer)
      found.set(peer, row ?? emptyDialog(peer))
    }
    return peerDialogs(ctx, [...found.values()], archiveAt, async (dialogs) => {
      for (const ref of communities.values()) dialogs.push(await viewCommunityDialog(ctx, ref))
      return dialogs
    })
  },
  { flood: 'read' },
)
