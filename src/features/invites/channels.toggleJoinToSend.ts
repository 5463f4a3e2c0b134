import { changed, locked, mustBeTalk } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { toggle } from '../../domain/channel-settings.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.toggleJoinToSend',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeTalk(channel)
      mustInChannel(tx, channel, 'banUsers')
      return changed(tx, [await toggle(tx, channel, 'join_to_send', req.enabled)])
    }),
  { flood: 'write' },
)
