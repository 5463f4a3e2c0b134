import { access, ownUser } from '../../domain/access.ts'
import { addMember, announce, tellParticipants } from '../../domain/chat-members.ts'
import { ROLE } from '../../domain/chat-rows.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { nextId } from '../../storage/index.ts'
import { lockBoxes } from '../../updates/log.ts'
import { checkTitle, inviteable } from './checks.ts'

export default method(
  'messages.createChat',
  async (ctx, req) => {
    const title = checkTitle(ctx, req.title)
    if (req.ttlPeriod !== undefined && (req.ttlPeriod < 0 || req.ttlPeriod > YEAR))
      throw new RpcError('TTL_PERIOD_INVALID')
    const users = (await access.users(ctx, req.users)).filter((u) => !u.self)
    if (users.length + 1 > ctx.app.config.limits.chatMembers) throw new RpcError('USERS_TOO_MUCH')
    if (users.some((u) => u.row.deleted)) throw new RpcError('INPUT_USER_DEACTIVATED')
    const { invited, missing } = await inviteable(ctx, users)
    if (users.length > 0 && invited.length === 0 && missing.length === 0) throw new RpcError('USERS_TOO_FEW')
    return ctx.transact(async (tx) => {
      const chatId = await nextId(tx.trx, 'chat')
      const self = await ownUser(tx, tx.userId)
      const settings = { title, creator: self.id, date: tx.now, version: 1, count: invited.length + 1 }
      await tx.trx
        .insertInto('chat')
        .values({ id: chatId, ...settings, ttl: req.ttlPeriod ?? 0 })
        .execute()
      const members = [self.id, ...invited.map((u) => u.id)]
      await lockBoxes(tx, members)
      await addMember(tx, chatId, self, self.id, { role: ROLE.creator })
      for (const user of invited) await addMember(tx, chatId, user, self.id)
      const created = await announce(tx, chatId, { action: { _: 'messageActionChatCreate', title, users: members } })
      const participants = await tellParticipants(tx, chatId)
      const updates = await sentUpdates(tx, [created], [participants])
      return { _: 'messages.invitedUsers', updates, missingInvitees: missing }
    })
  },
  { flood: 'create' },
)

const YEAR = 366 * 86_400
