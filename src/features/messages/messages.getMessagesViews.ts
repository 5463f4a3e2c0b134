import { access } from '../../domain/access.ts'
import { countViews } from '../../domain/channel-seen.ts'
import { complete } from '../../domain/complete.ts'
import { messageRows } from '../../domain/message-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.getMessagesViews',
  async (ctx, req) => {
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    const peer = await access.peer(ctx, req.peer)
    if (peer.kind === 'channel') {
      const views = await countViews(ctx, peer, req.id, req.increment)
      return complete<tl.messages_messageViews>(ctx, { _: 'messages.messageViews', views, chats: [], users: [] })
    }
    const rows = await messageRows(ctx, ctx.userId, [...new Set(req.id)])
    const found = new Map(rows.filter((row) => row.peer === peer.peer).map((row) => [row.id, row]))
    // Views are counted of channels' posts; what was forwarded from one brings its own along.
    const views = req.id.map((id): tl.MessageViews => {
      const row = found.get(id)
      return { _: 'messageViews', views: row?.views ?? undefined, forwards: row?.forwards ?? undefined }
    })
    return complete<tl.messages_messageViews>(ctx, { _: 'messages.messageViews', views, chats: [], users: [] })
  },
  { flood: 'read' },
)
