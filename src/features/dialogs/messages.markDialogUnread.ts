import { access } from '../../domain/access.ts'
import { toPeer } from '../../domain/peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.markDialogUnread',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      // A channel's direct messages: access refuses the channel.
      if (req.parentPeer) await access.peer(tx, req.parentPeer)
      if (req.parentPeer || req.peer._ !== 'inputDialogPeer') throw new RpcError('PEER_ID_INVALID')
      const { peer } = await access.peer(tx, req.peer.peer)
      const unread = req.unread ?? false
      const changed = await tx.trx
        .updateTable('dialog')
        .set({ unread_mark: unread ? 1 : 0 })
        .where('owner', '=', tx.userId)
        .where('peer', '=', peer)
        .where('unread_mark', '=', unread ? 0 : 1)
        .returning('peer')
        .executeTakeFirst()
      if (!changed) return true
      await tx.publish(tx.userId, {
        kind: 'update',
        update: {
          _: 'updateDialogUnreadMark',
          unread: unread || undefined,
          peer: { _: 'dialogPeer', peer: toPeer(peer) },
        },
      })
      return true
    }),
  { flood: 'write' },
)
