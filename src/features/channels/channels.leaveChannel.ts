import { leaveMyself } from '../../domain/channel-join.ts'
import { changed, locked } from '../../domain/channel-named.ts'
import { mustBeIn } from '../../domain/channel-rights.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.leaveChannel',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeIn(channel)
      const sent = await leaveMyself(tx, channel)
      return changed(tx, [{ _: 'updateChannel', channelId: channel.id }], sent)
    }),
  { flood: 'write' },
)
