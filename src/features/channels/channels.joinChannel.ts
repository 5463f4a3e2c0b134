import { access } from '../../domain/access.ts'
import { joinMyself } from '../../domain/channel-join.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.joinChannel',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await access.channel(tx, req.channel)
      const updates = await joinMyself(tx, channel.id)
      return { _: 'messages.chatInviteJoinResultOk', updates }
    }),
  { flood: 'write' },
)
