import { access } from '../../domain/access.ts'
import { announceIn, logEvent, takeOut } from '../../domain/channel-members.ts'
import { changed, locked } from '../../domain/channel-named.ts'
import { isCreator, mustBeIn } from '../../domain/channel-rights.ts'
import type { Sent } from '../../domain/send.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.leaveChannel',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeIn(channel)
      if (isCreator(channel.member) && channel.row.megagroup === 0) throw new RpcError('USER_CREATOR')
      const { userId } = tx
      const sent: Sent[] = []
      if (channel.row.megagroup === 1) {
        const action = { _: 'messageActionChatDeleteUser' as const, userId }
        sent.push(await announceIn(tx, access.me(tx), channel.id, { action }))
      }
      await takeOut(tx, channel.id, userId)
      await logEvent(tx, channel.id, 'leave', { _: 'channelAdminLogEventActionParticipantLeave' })
      return changed(tx, [{ _: 'updateChannel', channelId: channel.id }], sent)
    }),
  { flood: 'write' },
)
