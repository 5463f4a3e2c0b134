import { namedPeer } from '../../domain/access.ts'
import { complete } from '../../domain/complete.ts'
import { managedMonoforum } from '../../domain/direct-messages.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { savedDialogs, viewSaved } from './dialogs.ts'
import { topicsOf, viewTopics } from './monoforums.ts'

export default method(
  'messages.getSavedDialogsByID',
  async (ctx, req) => {
    if (req.ids.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    const peers = req.ids.map((id) => namedPeer(ctx, id))
    if (req.parentPeer) {
      const monoforum = await managedMonoforum(ctx, req.parentPeer)
      const topics =
        peers.length > 0 ? await topicsOf(ctx, monoforum).selectAll().where('peer', 'in', peers).execute() : []
      topics.sort((a, b) => peers.indexOf(a.peer) - peers.indexOf(b.peer))
      const found = await viewTopics(ctx, monoforum, topics)
      return complete<tl.messages_savedDialogs>(ctx, { _: 'messages.savedDialogs', ...found })
    }
    const rows = peers.length > 0 ? await savedDialogs(ctx).where('s.peer', 'in', peers).execute() : []
    const found = await viewSaved(
      ctx,
      rows.sort((a, b) => peers.indexOf(a.peer) - peers.indexOf(b.peer)),
    )
    return complete<tl.messages_savedDialogs>(ctx, { _: 'messages.savedDialogs', ...found })
  },
  { flood: 'read' },
)
