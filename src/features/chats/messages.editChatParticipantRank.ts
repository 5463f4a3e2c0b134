import { access } from '../../domain/access.ts'
import { bumpVersion, tellMembers } from '../../domain/chat-members.ts'
import { isAdmin, isCreator, mayInChat } from '../../domain/chat-rights.ts'
import { GONE, memberRow, ROLE } from '../../domain/chat-rows.ts'
import { asUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** https://core.telegram.org/api/rights#admin-rights: a title of at most 16 characters. */
const MAX_RANK = 16

export default method(
  'messages.editChatParticipantRank',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const chat = await access.peer(tx, req.peer)
      if (chat.kind !== 'chat') throw new RpcError('PEER_ID_INVALID')
      const user = await access.userPeer(tx, req.participant)
      const member = await memberRow(tx, chat.id, user.id)
      if (!member || member.gone !== GONE.in) throw new RpcError('USER_NOT_PARTICIPANT')
      const rank = req.rank.trim()
      if (rank.length > MAX_RANK) throw new RpcError('ADMIN_RANK_INVALID')
      if (/\p{Extended_Pictographic}/u.test(rank)) throw new RpcError('ADMIN_RANK_EMOJI_NOT_ALLOWED')
      const own = user.self && mayInChat(chat, 'editRank')
      if (!own && !isCreator(chat) && !(isAdmin(chat) && member.role === ROLE.member)) {
        throw new RpcError('CHAT_ADMIN_REQUIRED')
      }
      const { version } = await bumpVersion(tx, chat.id)
      await tx.trx
        .updateTable('chat_member')
        .set({ rank: rank || null })
        .where('chat_id', '=', chat.id)
        .where('user_id', '=', user.id)
        .execute()
      const update: tl.Update = { _: 'updateChatParticipantRank', chatId: chat.id, userId: user.id, rank, version }
      await tellMembers(tx, chat.id, update)
      return asUpdates(tx, [update])
    }),
  { flood: 'write' },
)
