import { access, boxOf } from '../../domain/access.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { readPage } from '../../domain/pagination.ts'
import { method } from '../../rpc/method.ts'
import { unreadSource } from './unread.ts'

export default method(
  'messages.getUnreadPollVotes',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const rows = await readPage(req, unreadSource(ctx, boxOf(ctx, peer), peer.peer, req))
    const dialog = await dialogRow(ctx, ctx.userId, peer.peer)
    return answerMessages(ctx, rows, { count: dialog?.unread_votes ?? 0 })
  },
  { flood: 'read' },
)
