import { access } from '../../domain/access.ts'
import { announce, bumpVersion, tellParticipants } from '../../domain/chat-members.ts'
import { isCreator } from '../../domain/chat-rights.ts'
import { GONE, memberRow } from '../../domain/chat-rows.ts'
import { checkPassword } from '../../domain/passwords.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { passOn } from './actions.ts'

export default method(
  'messages.editChatCreator',
  async (ctx, req) => {
    const before = await access.peer(ctx, req.peer)
    if (before.kind !== 'chat') throw new RpcError('PEER_ID_INVALID')
    if (!isCreator(before)) throw new RpcError('CHAT_ADMIN_REQUIRED')
    // Only who has a password, and shows it, may give a group away. https://core.telegram.org/api/rights#ownership-transfer
    if (!(await checkPassword(ctx, ctx.userId, req.password))) throw new RpcError('PASSWORD_MISSING')
    return ctx.transact(async (tx) => {
      const chat = await access.chat(tx, before.id)
      await bumpVersion(tx, chat.id)
      const user = await access.user(tx, req.userId)
      const member = await memberRow(tx, chat.id, user.id)
      if (user.self || user.row.bot) throw new RpcError('USER_ID_INVALID')
      if (!member || member.gone !== GONE.in) throw new RpcError('USER_NOT_PARTICIPANT')
      await passOn(tx, chat.id, tx.userId, user.id)
      const sent = await announce(tx, chat.id, { action: { _: 'messageActionChangeCreator', newCreatorId: user.id } })
      return sentUpdates(tx, [sent], [await tellParticipants(tx, chat.id)])
    })
  },
  { flood: 'write' },
)
