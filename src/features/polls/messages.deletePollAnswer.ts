import { access } from '../../domain/access.ts'
import { optionKey } from '../../domain/polls.ts'
import { maySend } from '../../domain/rights.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { method } from '../../rpc/method.ts'
import { deleteAnswer } from './answers.ts'
import { pollMessage, pollNow } from './votes.ts'

export default method(
  'messages.deletePollAnswer',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const { row, poll } = await pollMessage(ctx, peer, req.msgId, 'MESSAGE_ID_INVALID')
    await maySend(ctx, peer, [])
    return ctx.transact(async (tx) => {
      const sent = await deleteAnswer(tx, peer, row, poll.id, optionKey(req.option))
      return sentUpdates(tx, [sent], [await pollNow(tx, row)])
    })
  },
  { flood: 'send' },
)
