import { access, namedPeer } from '../../domain/access.ts'
import { complete } from '../../domain/complete.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { noMonoforum, savedDialogs, viewSaved } from './dialogs.ts'

export default method(
  'messages.getSavedDialogsByID',
  async (ctx, req) => {
    noMonoforum(req.parentPeer && (await access.peer(ctx, req.parentPeer)))
    if (req.ids.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    const peers = req.ids.map((id) => namedPeer(ctx, id))
    const rows = peers.length > 0 ? await savedDialogs(ctx).where('s.peer', 'in', peers).execute() : []
    const found = await viewSaved(
      ctx,
      rows.sort((a, b) => peers.indexOf(a.peer) - peers.indexOf(b.peer)),
    )
    return complete<tl.messages_savedDialogs>(ctx, { _: 'messages.savedDialogs', ...found })
  },
  { flood: 'read' },
)
