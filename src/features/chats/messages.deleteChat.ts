import { access } from '../../domain/access.ts'
import { tellChatBots } from '../../domain/bot-updates.ts'
import { announce, bumpVersion, tellParticipants } from '../../domain/chat-members.ts'
import { isCreator } from '../../domain/chat-rights.ts'
import { GONE, memberRows } from '../../domain/chat-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

// The group is closed to everybody: each member leaves it, told by a service message, and nobody can write or be
// added any more. Copies of its history stay with those who have them.
export default method(
  'messages.deleteChat',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const chat = await access.chat(tx, req.chatId)
      if (!isCreator(chat)) throw new RpcError('CHAT_ADMIN_REQUIRED')
      const members = await memberRows(tx, chat.id)
      await announce(tx.aloud, chat.id, { action: { _: 'messageActionChatDeleteUser', userId: tx.userId } })
      await bumpVersion(tx, chat.id, -members.length)
      await tx.trx.updateTable('chat').set({ deactivated: 1 }).where('id', '=', chat.id).execute()
      await tellParticipants(tx.aloud, chat.id)
      await tx.trx
        .updateTable('chat_member')
        .set({ gone: GONE.left })
        .where('chat_id', '=', chat.id)
        .where('gone', '=', GONE.in)
        .execute()
      for (const member of members) await tellChatBots(tx, chat.id, member.user_id, member)
      return true
    }),
  { flood: 'write' },
)
