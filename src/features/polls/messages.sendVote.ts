import { access, boxOf } from '../../domain/access.ts'
import { messageRow } from '../../domain/message-rows.ts'
import { asUpdates } from '../../domain/sent.ts'
import { method } from '../../rpc/method.ts'
import { pollMessage, pollNow, vote } from './votes.ts'

export default method(
  'messages.sendVote',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const { row, poll } = await pollMessage(ctx, peer, req.msgId, 'MESSAGE_ID_INVALID')
    return ctx.transact(async (tx) => {
      await vote(tx, peer, row, poll.id, req.options)
      return asUpdates(tx, [await pollNow(tx, (await messageRow(tx, boxOf(tx, peer), row.id)) ?? row)])
    })
  },
  { flood: 'write' },
)
