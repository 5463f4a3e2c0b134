import { access } from '../../domain/access.ts'
import { asUpdates } from '../../domain/sent.ts'
import { method } from '../../rpc/method.ts'
import { pollMessage, pollNow } from './votes.ts'

export default method(
  'messages.getPollResults',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const { row, poll } = await pollMessage(ctx, peer, req.msgId, 'MESSAGE_ID_INVALID')
    // Who has it as it is gets nothing again.
    const known = req.pollHash !== 0n && req.pollHash === BigInt(poll.version)
    return asUpdates(ctx, known ? [] : [await pollNow(ctx, row)])
  },
  { flood: 'read' },
)
