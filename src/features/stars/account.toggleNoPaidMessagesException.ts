import { access } from '../../domain/access.ts'
import { managedMonoforum, managersOf } from '../../domain/direct-messages.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'account.toggleNoPaidMessagesException',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      // @TODO private chats that cost, and what was paid: end with the stars.
      if (req.refundCharged) throw new RpcError('NOT_IMPLEMENTED')
      if (!req.parentPeer) throw new RpcError(req.requirePayment ? 'UNSUPPORTED' : 'NOT_IMPLEMENTED')
      const { id: channelId } = await managedMonoforum(tx, req.parentPeer, 'PARENT_PEER_INVALID')
      const user = await access.user(tx, req.userId)
      const free = req.requirePayment ? 0 : 1
      const changed = await tx.trx
        .updateTable('direct_topic')
        .set({ free })
        .where('channel_id', '=', channelId)
        .where('peer', '=', user.id)
        .where('free', '<>', free)
        .returning('peer')
        .executeTakeFirst()
      if (!changed) return true
      const update: tl.Update = {
        _: 'updateMonoForumNoPaidException',
        exception: free === 1 || undefined,
        channelId,
        savedPeerId: { _: 'peerUser', userId: user.id },
      }
      const managers = await managersOf(tx, channelId)
      await tx.publishAll(managers.map((manager) => [manager, { kind: 'update', update }]))
      return true
    }),
  { flood: 'write' },
)
