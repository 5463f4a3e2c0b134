import { access } from '../../domain/access.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { readPage } from '../../domain/pagination.ts'
import { method } from '../../rpc/method.ts'
import { countUnread, unreadSource } from './unread.ts'

export default method(
  'messages.getUnreadReactions',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const savedPeer = req.savedPeerId && (await access.peer(ctx, req.savedPeerId)).peer
    const rows = await readPage(req, unreadSource(ctx, peer, req, savedPeer))
    if (req.topMsgId || savedPeer !== undefined) {
      const count = await countUnread(ctx, peer, req.topMsgId, savedPeer)
      return answerMessages(ctx, rows, { count, channel: peer.kind === 'channel' ? peer : undefined })
    }
    const dialog = await dialogRow(ctx, ctx.userId, peer.peer)
    const channel = peer.kind === 'channel' ? peer : undefined
    return answerMessages(ctx, rows, { count: dialog?.unread_reactions ?? 0, channel })
  },
  { flood: 'read' },
)
