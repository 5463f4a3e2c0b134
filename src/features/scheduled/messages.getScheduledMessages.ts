import { access } from '../../domain/access.ts'
import { complete } from '../../domain/complete.ts'
import { toPeer } from '../../domain/peers.ts'
import { scheduledRow, viewScheduled } from '../../domain/scheduled-rows.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { checkIds, mustQueue } from './ids.ts'

export default method(
  'messages.getScheduledMessages',
  async (ctx, req) => {
    const { peer } = mustQueue(await access.peer(ctx, req.peer))
    const messages: tl.Message[] = []
    for (const id of checkIds(ctx, req.id)) {
      const row = await scheduledRow(ctx, peer, id)
      messages.push(row ? viewScheduled(ctx, row) : { _: 'messageEmpty', id, peerId: toPeer(peer) })
    }
    const answer: tl.messages_messages = { _: 'messages.messages', messages, topics: [], chats: [], users: [] }
    return complete(ctx, answer)
  },
  { flood: 'read' },
)
