import { access } from '../../domain/access.ts'
import { mayViewVotes, pollIdOf, pollRow } from '../../domain/polls.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { drawn } from './chart.ts'
import { votes } from './message-graphs.ts'

export default method(
  'stats.getPollStats',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const { row } = await access.message(ctx, peer, req.msgId)
    const id = pollIdOf(row)
    const poll = id === undefined ? undefined : await pollRow(ctx, id)
    if (!poll) throw new RpcError('MESSAGE_ID_INVALID')
    if (!(await mayViewVotes(ctx, row, poll))) throw new RpcError('CHAT_ADMIN_REQUIRED')
    return { _: 'stats.pollStats', votesGraph: drawn(await votes(ctx, poll), req.dark === true) }
  },
  { flood: 'read' },
)
