import { access } from '../../domain/access.ts'
import { withdrawRequest } from '../../domain/channel-invites.ts'
import { showHistory } from '../../domain/chat-history.ts'
import { addMember, announce, bumpVersion, tellParticipants } from '../../domain/chat-members.ts'
import { mustInChat } from '../../domain/chat-rights.ts'
import { GONE, memberRow } from '../../domain/chat-rows.ts'
import { hasBlocked } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { areMutual } from '../../domain/users.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { inviteable } from './checks.ts'

export default method(
  'messages.addChatUser',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const chat = await access.chat(tx, req.chatId)
      mustInChat(chat, 'inviteUsers')
      const user = await access.user(tx, req.userId)
      if (user.row.deleted) throw new RpcError('INPUT_USER_DEACTIVATED')
      if (await hasBlocked(tx, tx.userId, user.id)) throw new RpcError('YOU_BLOCKED_USER')
      if (await hasBlocked(tx, user.id, tx.userId)) throw new RpcError('USER_IS_BLOCKED')
      // Whoever is not added is to have changed nothing: the group is locked after.
      const { missing } = user.self ? { missing: [] } : await inviteable(tx, [user])
      if (missing.length > 0) {
        // Clients that are told who is missing offer to send them a link.
        if (tx.layer < MISSING) throw new RpcError('USER_PRIVACY_RESTRICTED')
        return { _: 'messages.invitedUsers', updates: await sentUpdates(tx, [], []), missingInvitees: missing }
      }
      const { count } = await bumpVersion(tx, chat.id, 1)
      if (count > ctx.app.config.limits.chatMembers) throw new RpcError('USERS_TOO_MUCH')
      const member = await memberRow(tx, chat.id, user.id)
      if (member?.gone === GONE.in) throw new RpcError('USER_ALREADY_PARTICIPANT')
      // Who left by themselves is brought back only by somebody they know.
      const left = member?.gone === GONE.left && user.row.bot === 0 && !user.self
      if (left && !(await areMutual(tx, user.id))) throw new RpcError('USER_NOT_MUTUAL_CONTACT')
      await withdrawRequest(tx, chat.peer, user.id)
      await addMember(tx, chat.id, user, tx.userId)
      await showHistory(tx, chat, user.id, Math.max(0, Math.min(req.fwdLimit, MAX_HISTORY)))
      const added = await announce(tx, chat.id, { action: { _: 'messageActionChatAddUser', users: [user.id] } })
      const participants = await tellParticipants(tx, chat.id)
      const updates = await sentUpdates(tx, [added], [participants])
      return { _: 'messages.invitedUsers', updates, missingInvitees: [] }
    }),
  { flood: 'create' },
)

/** The first layer whose answer names those who could not be added. */
const MISSING = 177
/** Messages of the group's past that a new member may be shown. */
const MAX_HISTORY = 100
