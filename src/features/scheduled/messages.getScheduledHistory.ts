import { access } from '../../domain/access.ts'
import { complete } from '../../domain/complete.ts'
import { listHash } from '../../domain/list-hash.ts'
import { scheduledRows, viewScheduled } from '../../domain/scheduled-rows.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { mustQueue } from './ids.ts'

export default method(
  'messages.getScheduledHistory',
  async (ctx, req) => {
    const { peer } = mustQueue(await access.peer(ctx, req.peer))
    const rows = await scheduledRows(ctx, peer)
    const numbers = rows.flatMap((row) => [row.id, row.edit_date ?? 0, row.date])
    if (req.hash !== 0n && req.hash === listHash(numbers)) {
      return { _: 'messages.messagesNotModified', count: rows.length }
    }
    const messages = rows.map((row) => viewScheduled(ctx, row))
    const answer: tl.messages_messages = { _: 'messages.messages', messages, topics: [], chats: [], users: [] }
    return complete(ctx, answer)
  },
  { flood: 'read' },
)
