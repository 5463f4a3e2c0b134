import type { ChannelRef } from '../../domain/access.ts'
import { listed } from '../../domain/dialogs.ts'
import { managedMonoforum } from '../../domain/direct-messages.ts'
import { toPeer } from '../../domain/peers.ts'
import type { Ctx } from '../../rpc/context.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.getDialogUnreadMarks',
  async (ctx, req) => {
    if (req.parentPeer) return markedTopics(ctx, await managedMonoforum(ctx, req.parentPeer))
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

/** The direct messages of a channel that the caller has marked. */
async function markedTopics(ctx: Ctx, monoforum: ChannelRef): Promise<tl.DialogPeer[]> {
  const rows = await ctx.db
    .selectFrom('direct_read')
    .select('peer')
    .where('channel_id', '=', monoforum.id)
    .where('user_id', '=', ctx.userId)
    .where('unread_mark', '=', 1)
    .orderBy('peer')
    .execute()
  return rows.map((row) => ({ _: 'dialogPeer', peer: toPeer(row.peer) }))
}
