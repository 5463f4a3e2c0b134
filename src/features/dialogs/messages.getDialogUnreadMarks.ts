import { access } from '../../domain/access.ts'
import { listed } from '../../domain/dialogs.ts'
import { toPeer } from '../../domain/peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getDialogUnreadMarks',
  async (ctx, req) => {
    // A channel's direct messages: access refuses the channel.
    if (req.parentPeer) {
      await access.peer(ctx, req.parentPeer)
      throw new RpcError('PEER_ID_INVALID')
    }
    const rows = await listed(ctx.db, ctx.userId)
      .select('peer')
      .where('unread_mark', '=', 1)
      .orderBy('top_date', 'desc')
      .orderBy('top_message', 'desc')
      .execute()
    return rows.map((row) => ({ _: 'dialogPeer' as const, peer: toPeer(row.peer) }))
  },
  { flood: 'read' },
)
