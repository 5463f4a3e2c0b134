import { access } from '../../domain/access.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { readPage } from '../../domain/pagination.ts'
import { method } from '../../rpc/method.ts'
import { historySource } from './history.ts'

export default method(
  'messages.getHistory',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const rows = await readPage(req, historySource(ctx, peer, req))
    if (peer.kind === 'channel') {
      return answerMessages(ctx, rows, { count: peer.row.messages, hash: req.hash, channel: peer })
    }
    const dialog = await dialogRow(ctx, ctx.userId, peer.peer)
    return answerMessages(ctx, rows, { count: dialog?.messages ?? 0, hash: req.hash })
  },
  { flood: 'read' },
)
