import { access } from '../../domain/access.ts'
import { bumpVersion, tellMembers } from '../../domain/chat-members.ts'
import { mustInChat } from '../../domain/chat-rights.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.editChatAbout',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const chat = await access.peer(tx, req.peer)
      if (chat.kind !== 'chat') throw new RpcError('PEER_ID_INVALID')
      mustInChat(chat, 'changeInfo')
      const about = req.about.trim()
      if (about.length > tx.app.config.limits.chatAboutLength) throw new RpcError('CHAT_ABOUT_TOO_LONG')
      if (about === chat.row.about) throw new RpcError('CHAT_ABOUT_NOT_MODIFIED')
      await bumpVersion(tx, chat.id)
      await tx.trx.updateTable('chat').set({ about }).where('id', '=', chat.id).execute()
      await tellMembers(tx, chat.id, { _: 'updateChat', chatId: chat.id })
      return true
    }),
  { flood: 'write' },
)
