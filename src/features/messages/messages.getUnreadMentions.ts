import { access } from '../../domain/access.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { readPage } from '../../domain/pagination.ts'
import { method } from '../../rpc/method.ts'
import { countMentions, mentionSource } from './mentions.ts'

export default method(
  'messages.getUnreadMentions',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const rows = await readPage(req, mentionSource(ctx, peer, req))
    const channel = peer.kind === 'channel' ? peer : undefined
    if (req.topMsgId) return answerMessages(ctx, rows, { count: await countMentions(ctx, peer, req.topMsgId), channel })
    const dialog = await dialogRow(ctx, ctx.userId, peer.peer)
    return answerMessages(ctx, rows, { count: dialog?.unread_mentions ?? 0, channel })
  },
  { flood: 'read' },
)
