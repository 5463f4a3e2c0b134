import { access } from '../../domain/access.ts'
import { bumpVersion, setInChat, tellMembers } from '../../domain/chat-members.ts'
import { isCreator, isPresent } from '../../domain/chat-rights.ts'
import { GONE, memberRow, ROLE } from '../../domain/chat-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.editChatAdmin',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const chat = await access.chat(tx, req.chatId)
      if (!isPresent(chat)) throw new RpcError('CHAT_ID_INVALID')
      if (!isCreator(chat)) throw new RpcError('CHAT_ADMIN_REQUIRED')
      const user = await access.user(tx, req.userId)
      const member = await memberRow(tx, chat.id, user.id)
      if (!member || member.gone !== GONE.in) throw new RpcError('USER_NOT_PARTICIPANT')
      if (member.role === ROLE.creator) throw new RpcError('USER_ID_INVALID')
      const role = req.isAdmin ? ROLE.admin : ROLE.member
      if (member.role === role) return true
      const { version } = await bumpVersion(tx, chat.id)
      await setInChat(tx, chat.id, user.id, { role, ...(req.isAdmin ? {} : { rank: null }) })
      const { isAdmin } = req
      await tellMembers(tx, chat.id, {
        _: 'updateChatParticipantAdmin',
        chatId: chat.id,
        userId: user.id,
        isAdmin,
        version,
      })
      return true
    }),
  { flood: 'write' },
)
