import { access } from '../../domain/access.ts'
import { outOfGroup } from '../../domain/chat-join.ts'
import { tellParticipants } from '../../domain/chat-members.ts'
import { isAdmin, isCreator, isPresent } from '../../domain/chat-rights.ts'
import { GONE, memberRow, ROLE } from '../../domain/chat-rows.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { revokeMessages } from './actions.ts'

export default method(
  'messages.deleteChatUser',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const chat = await access.chat(tx, req.chatId)
      const user = await access.user(tx, req.userId)
      const member = await memberRow(tx, chat.id, user.id)
      if (!isPresent(chat) || !member || member.gone !== GONE.in) throw new RpcError('USER_NOT_PARTICIPANT')
      // Members take out whom they invited themselves, administrators other members, the creator everybody.
      const may =
        user.self ||
        isCreator(chat) ||
        (isAdmin(chat) && member.role === ROLE.member) ||
        (member.inviter === tx.userId && member.role === ROLE.member)
      if (!may) throw new RpcError('CHAT_ADMIN_REQUIRED')
      const sent = await outOfGroup(tx, chat, user.id)
      if (req.revokeHistory && !user.self) await revokeMessages(tx.aloud, chat, user.id)
      const participants = await tellParticipants(tx, chat.id)
      return sentUpdates(tx, [sent], [participants])
    }),
  { flood: 'write' },
)
