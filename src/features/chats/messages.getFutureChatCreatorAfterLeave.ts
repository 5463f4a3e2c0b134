import { access } from '../../domain/access.ts'
import { heir } from '../../domain/chat-join.ts'
import { isCreator } from '../../domain/chat-rights.ts'
import { viewUsers } from '../../domain/users.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getFutureChatCreatorAfterLeave',
  async (ctx, req) => {
    const chat = await access.peer(ctx, req.peer)
    if (chat.kind !== 'chat') throw new RpcError('PEER_ID_INVALID')
    if (!isCreator(chat)) throw new RpcError('CHAT_ADMIN_REQUIRED')
    const next = await heir(ctx, chat)
    const [user] = next ? await viewUsers(ctx, [next.user_id]) : []
    return user ?? { _: 'userEmpty', id: 0 }
  },
  { flood: 'read' },
)
