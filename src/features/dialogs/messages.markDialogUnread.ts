import { access, type ChannelRef } from '../../domain/access.ts'
import { directTopic, managedMonoforum } from '../../domain/direct-messages.ts'
import { tellUnreadMark } from '../../domain/unread-mark.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.markDialogUnread',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.peer._ !== 'inputDialogPeer') throw new RpcError('PEER_ID_INVALID')
      const { peer } = await access.peer(tx, req.peer.peer)
      const unread = req.unread ?? false
      if (req.parentPeer) {
        await markTopic(tx, await managedMonoforum(tx, req.parentPeer), peer, unread)
        return true
      }
      const changed = await tx.trx
        .updateTable('dialog')
        .set({ unread_mark: unread ? 1 : 0 })
        .where('owner', '=', tx.userId)
        .where('peer', '=', peer)
        .where('unread_mark', '=', unread ? 0 : 1)
        .returning('peer')
        .executeTakeFirst()
      if (!changed) return true
      await tellUnreadMark(tx, peer, unread)
      return true
    }),
  { flood: 'write' },
)

/** Marks the direct messages with somebody, for the caller alone. */
async function markTopic(tx: Tx, monoforum: ChannelRef, peer: number, unread: boolean): Promise<void> {
  if (!(await directTopic(tx, monoforum.id, peer))) throw new RpcError('PEER_ID_INVALID')
  const unread_mark = unread ? 1 : 0
  const changed = await tx.trx
    .insertInto('direct_read')
    .values({ channel_id: monoforum.id, user_id: tx.userId, peer, unread_mark })
    .onConflict((c) =>
      c
        .columns(['channel_id', 'user_id', 'peer'])
        .doUpdateSet({ unread_mark })
        .where('direct_read.unread_mark', '<>', unread_mark),
    )
    .returning('peer')
    .executeTakeFirst()
  if (!changed) return
  await tellUnreadMark(tx, monoforum.peer, unread, peer)
}
