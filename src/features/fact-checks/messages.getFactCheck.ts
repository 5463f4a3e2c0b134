import { access, firstVisible } from '../../domain/access.ts'
import { countryOf, factChecks, viewFactCheck } from '../../domain/fact-checks.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getFactCheck',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    if (peer.kind !== 'channel') throw new RpcError('PEER_ID_INVALID')
    if (req.msgId.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    const from = firstVisible(peer)
    const found = await factChecks(ctx, peer.peer, [...new Set(req.msgId)])
    const country = await countryOf(ctx, ctx.userId)
    return req.msgId.map((id) => viewFactCheck(id < from ? undefined : found.get(id), country))
  },
  { flood: 'read' },
)
