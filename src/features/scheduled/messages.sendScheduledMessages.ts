import { access } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { claim, sendClaimed } from '../../domain/scheduled-send.ts'
import { asUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { checkIds } from './ids.ts'

export default method(
  'messages.sendScheduledMessages',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { peer } = await access.peer(tx, req.peer)
      const ids = checkIds(tx, req.id)
      const rows = ids.length > 0 ? await claim(tx, peer, { ids }) : []
      if (rows.length === 0) throw new RpcError('MESSAGE_ID_INVALID')
      const { sent, updates } = await sendClaimed(tx, peer, rows)
      const views = await viewMessages(
        tx,
        sent.map((one) => one.row),
      )
      const messages = sent.map(({ published }, i): tl.Update => {
        const { pts, ptsCount } = published
        return { _: 'updateNewMessage', message: views[i]!, pts, ptsCount }
      })
      return asUpdates(tx, [...messages, ...updates])
    }),
  { flood: 'send' },
)
