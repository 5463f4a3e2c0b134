import { access } from '../../domain/access.ts'
import { directTopic } from '../../domain/direct-messages.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { asksPosition, readPage } from '../../domain/pagination.ts'
import { method } from '../../rpc/method.ts'
import { historySource } from './history.ts'
import { countFound, searchIn } from './search-messages.ts'

export default method(
  'messages.getHistory',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    // Asked together: each costs a round trip where the database is another process.
    const [rows, dialog, offsetIdOffset] = await Promise.all([
      readPage(req, historySource(ctx, peer, req)),
      peer.kind === 'channel' ? undefined : dialogRow(ctx, ctx.userId, peer.peer),
      asksPosition(req) ? countFound(ctx, searchIn(peer), req.offsetId) : undefined,
    ])
    if (peer.kind === 'channel') {
      const own = peer.topic === undefined ? undefined : await directTopic(ctx, peer.id, peer.topic)
      const count = peer.topic === undefined ? peer.row.messages : (own?.messages ?? 0)
      return answerMessages(ctx, rows, { count, offsetIdOffset, hash: req.hash, channel: peer })
    }
    return answerMessages(ctx, rows, { count: dialog?.messages ?? 0, offsetIdOffset, hash: req.hash })
  },
  { flood: 'read' },
)
