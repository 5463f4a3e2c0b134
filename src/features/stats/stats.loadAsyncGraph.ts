import { ownChannel } from '../../domain/access.ts'
import { flushStats, mayViewStats } from '../../domain/channel-stats.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { around } from './counters.ts'
import { GRAPHS, type GraphName, graphNow, graphOfDay } from './graphs.ts'
import { namedBy } from './tokens.ts'

export default method(
  'stats.loadAsyncGraph',
  async (ctx, req) => {
    const { graph, channel: id, message, dark, zoom } = namedBy(ctx, req.token)
    // Its viewer may see no statistics of it any more.
    const channel = await ownChannel(ctx, id)
    if (!Object.hasOwn(GRAPHS, graph) || !mayViewStats(ctx, channel)) throw new RpcError('GRAPH_INVALID_RELOAD')
    await flushStats(ctx.app)
    const place = around(ctx, channel)
    if (!zoom) return graphNow(place, graph as GraphName, dark, message)
    if (req.x === undefined || req.x < 0n) throw new RpcError('GRAPH_INVALID_RELOAD')
    return graphOfDay(place, graph as GraphName, dark, req.x)
  },
  { flood: 'read' },
)
