import { access } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { newMessageUpdate } from '../../domain/message-facts.ts'
import { mayQueue } from '../../domain/scheduled-rows.ts'
import { claim, sendClaimed } from '../../domain/scheduled-send.ts'
import { asUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { checkIds } from './ids.ts'

export default method(
  'messages.sendScheduledMessages',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const to = await access.peer(tx, req.peer)
      if (!mayQueue(to)) throw new RpcError('MESSAGE_ID_INVALID')
      const { peer } = to
      const ids = checkIds(tx, req.id)
      const rows = ids.length > 0 ? await claim(tx, peer, { ids }) : []
      if (rows.length === 0) throw new RpcError('MESSAGE_ID_INVALID')
      const { sent, updates } = await sendClaimed(tx, peer, rows)
      const views = await viewMessages(
        tx,
        sent.map((one) => one.row),
      )
      const messages = sent.map(({ row, published }, i) => newMessageUpdate(row.owner, views[i]!, published))
      return asUpdates(tx, [...messages, ...updates])
    }),
  { flood: 'send' },
)
