import { access, boxOf } from '../../domain/access.ts'
import { messageRows } from '../../domain/message-rows.ts'
import { takesReactions } from '../../domain/message-view.ts'
import { reactionsUpdate, viewReactions } from '../../domain/reactions.ts'
import { asUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getMessagesReactions',
  async (ctx, req) => {
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    const peer = await access.peer(ctx, req.peer)
    const found = await messageRows(ctx, boxOf(ctx, peer), [...new Set(req.id)])
    const rows = found.filter((row) => row.peer === peer.peer && takesReactions(row))
    const reactions = await viewReactions(ctx, rows)
    return asUpdates(
      ctx,
      rows.map((row) => reactionsUpdate(row, reactions.get(row))),
    )
  },
  { flood: 'read' },
)
