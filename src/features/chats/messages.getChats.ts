import { access } from '../../domain/access.ts'
import { viewChat } from '../../domain/chats.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getChats',
  async (ctx, req) => {
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    const chats = []
    for (const id of new Set(req.id)) chats.push(await viewChat(ctx, (await access.chat(ctx, id)).row))
    return { _: 'messages.chats', chats }
  },
  { flood: 'read' },
)
