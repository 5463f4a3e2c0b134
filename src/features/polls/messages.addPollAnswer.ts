import { access } from '../../domain/access.ts'
import { addedAnswer } from '../../domain/make-poll.ts'
import { makePart } from '../../domain/media.ts'
import { maySend } from '../../domain/rights.ts'
import { doerIn } from '../../domain/send-as.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { method } from '../../rpc/method.ts'
import { addAnswer } from './answers.ts'
import { pollMessage, pollNow } from './votes.ts'

export default method(
  'messages.addPollAnswer',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const { row, poll } = await pollMessage(ctx, peer, req.msgId, 'MESSAGE_ID_INVALID')
    await maySend(ctx, peer, ['sendPlain'])
    const answer = await addedAnswer(ctx, req.answer, await doerIn(ctx, peer), (part) => makePart(ctx, part))
    return ctx.transact(async (tx) => {
      const sent = await addAnswer(tx, peer, row, poll.id, answer)
      return sentUpdates(tx, [sent], [await pollNow(tx, row)])
    })
  },
  { flood: 'send' },
)
