import { secretChat } from '../../domain/secret-chats.ts'
import { method } from '../../rpc/method.ts'

/** There is no update for having stopped: who sees somebody type forgets it after some seconds. */
export default method(
  'messages.setEncryptedTyping',
  async (ctx, { peer, typing }) => {
    const { row, other } = await secretChat(ctx, peer)
    if (!typing || other.auth === null) return true
    ctx.app.hub.signal(other.user, { _: 'updateEncryptedChatTyping', chatId: row.id }, 0, other.auth)
    return true
  },
  { flood: 'write' },
)
