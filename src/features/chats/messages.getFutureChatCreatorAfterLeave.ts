import { access } from '../../domain/access.ts'
import { channelHeir } from '../../domain/channel-heirs.ts'
import { mustCreate } from '../../domain/channel-rights.ts'
import { heir } from '../../domain/chat-join.ts'
import { isCreator } from '../../domain/chat-rights.ts'
import { viewUsers } from '../../domain/users.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getFutureChatCreatorAfterLeave',
  async (ctx, req) => {
    const chat = await access.peer(ctx, req.peer)
    if (chat.kind === 'user') throw new RpcError('PEER_ID_INVALID')
    if (chat.kind === 'channel') mustCreate(chat)
    else if (!isCreator(chat)) throw new RpcError('CHAT_ADMIN_REQUIRED')
    const next = await (chat.kind === 'channel' ? channelHeir(ctx, chat.id) : heir(ctx, chat))
    // Clients leave without a question when they are told an error.
    if (!next) throw new RpcError('CHANNEL_ID_INVALID')
    const [user] = await viewUsers(ctx, [next.user_id])
    return user!
  },
  { flood: 'read' },
)
