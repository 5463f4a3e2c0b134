import { access } from '../../domain/access.ts'
import { addPeople } from '../../domain/channel-join.ts'
import { announceIn } from '../../domain/channel-members.ts'
import { locked } from '../../domain/channel-named.ts'
import { mustInChannel, mustNotBeDirect } from '../../domain/channel-rights.ts'
import type { Sent } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** People added in one call. */
const MOST = 200
/** Members above which a channel grows by links alone. */
const CHANNEL_INVITED = 200

export default method(
  'channels.inviteToChannel',
  async (ctx, req) => {
    if (req.users.length === 0 || req.users.length > MOST) throw new RpcError('USERS_TOO_MUCH')
    const users = (await access.users(ctx, req.users)).filter((user) => !user.self)
    return ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustNotBeDirect(channel.row)
      mustInChannel(tx, channel, 'inviteUsers')
      // Those who come in by themselves are many enough. https://core.telegram.org/api/channel#gigagroups
      if (channel.row.gigagroup === 1) throw new RpcError('CHAT_INVALID')
      const most = channel.row.megagroup === 1 ? tx.app.config.limits.megagroupMembers : CHANNEL_INVITED
      if (channel.row.members + users.length > most) throw new RpcError('USERS_TOO_MUCH')
      const { added, missing } = await addPeople(tx, channel, users)
      const sent: Sent[] = []
      if (channel.row.megagroup === 1 && added.length > 0) {
        const action = { _: 'messageActionChatAddUser' as const, users: added }
        sent.push(await announceIn(tx, access.me(tx), channel.id, { action }))
      }
      const updates = await sentUpdates(tx, sent, [{ _: 'updateChannel', channelId: channel.id }])
      return { _: 'messages.invitedUsers', updates, missingInvitees: missing }
    })
  },
  { flood: 'create' },
)
