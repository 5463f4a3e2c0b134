import { access } from '../../domain/access.ts'
import { mustInChat } from '../../domain/chat-rights.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { changeChat } from './actions.ts'
import { checkTitle } from './checks.ts'

export default method(
  'messages.editChatTitle',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const chat = await access.chat(tx, req.chatId)
      mustInChat(chat, 'changeInfo')
      const title = checkTitle(tx, req.title)
      if (title === chat.row.title) throw new RpcError('CHAT_NOT_MODIFIED')
      return changeChat(tx, chat, { title }, { _: 'messageActionChatEditTitle', title })
    }),
  { flood: 'write' },
)
