import { access } from '../../domain/access.ts'
import { countReading } from '../../domain/usage.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Clients of a channel's readers say how long its posts were on their screens: counters for the operator. */
export default method(
  'messages.reportReadMetrics',
  async (ctx, req) => {
    if (req.metrics.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    const peer = await access.peer(ctx, req.peer)
    // Whoever writes elsewhere does not get to know how they are read, and nobody else does.
    if (peer.kind !== 'channel' || peer.row.megagroup === 1) throw new RpcError('PEER_ID_INVALID')
    const ids = req.metrics.map((metric) => metric.msgId)
    const posts = await access.channelMessages(ctx, peer, ids)
    await ctx.transact((tx) => countReading(tx, posts, req.metrics))
    return true
  },
  { flood: 'write' },
)
