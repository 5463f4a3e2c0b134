import { access } from '../../domain/access.ts'
import { moveToFolders } from '../../domain/archive.ts'
import { checkFolder } from '../../domain/dialogs.ts'
import { toPeer } from '../../domain/peers.ts'
import { asUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'

/** Dialogs moved at once. */
const MOST = 100

export default method(
  'folders.editPeerFolders',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.folderPeers.length > MOST) throw new RpcError('LIMIT_INVALID')
      const moves = new Map<number, number>()
      for (const { peer, folderId } of req.folderPeers) {
        moves.set((await access.peer(tx, peer)).peer, checkFolder(folderId))
      }
      await lockBoxes(tx, [tx.userId])
      const moved = await moveToFolders(tx, tx.userId, moves)
      if (!moved) return asUpdates(tx, [])
      const { pts, ptsCount } = moved.published
      const folderPeers = moved.peers.map(({ peer, folder }): tl.FolderPeer => {
        return { _: 'folderPeer', peer: toPeer(peer), folderId: folder }
      })
      return asUpdates(tx, [{ _: 'updateFolderPeers', folderPeers, pts, ptsCount }])
    }),
  { flood: 'write' },
)
