import { access } from '../../domain/access.ts'
import { pinUpdate } from '../../domain/message-facts.ts'
import { mayPin } from '../../domain/rights.ts'
import type { Sent } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { announcePin, logPin, setPinned } from './pins.ts'

export default method(
  'messages.updatePinnedMessage',
  async (ctx, req) => {
    const { update, sent } = await ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      const { row } = await access.message(tx, peer, req.id)
      mayPin(tx, peer)
      if (req.pmOneside && tx.session?.auth.bot) throw new RpcError('BOT_ONESIDE_NOT_AVAIL')
      if (row.action) throw new RpcError('MESSAGE_ID_INVALID')
      const pinned = req.unpin !== true
      const oneside = req.pmOneside === true && peer.kind === 'user'
      const at = await setPinned(tx, peer, [row], pinned, oneside)
      if (!at) throw new RpcError('CHAT_NOT_MODIFIED')
      const update = pinUpdate(at.owner, { peer: peer.peer, ids: [row.id], pinned }, at)
      if (peer.kind === 'channel') await logPin(tx, peer, { ...row, pinned: pinned ? 1 : 0 })
      const sent: Sent[] = []
      // What one pins for oneself is nobody's news.
      const heard = pinned && !oneside && !(peer.kind === 'user' && peer.self)
      if (heard) sent.push(await announcePin(tx, peer, row, req.silent === true))
      return { update, sent }
    })
    return sentUpdates(ctx, sent, [update])
  },
  { flood: 'write' },
)
