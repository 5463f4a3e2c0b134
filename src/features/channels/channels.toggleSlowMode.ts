import { logEvent, tellAll } from '../../domain/channel-members.ts'
import { changed, locked, mustBeTalk } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** What can be chosen, seconds. https://core.telegram.org/method/channels.toggleSlowMode */
const SECONDS = new Set([0, 5, 10, 30, 60, 300, 900, 3600])

export default method(
  'channels.toggleSlowMode',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeTalk(channel)
      mustInChannel(tx, channel, 'banUsers')
      const { seconds } = req
      if (!SECONDS.has(seconds)) throw new RpcError('SECONDS_INVALID')
      const prevValue = channel.row.slowmode
      if (prevValue === seconds) throw new RpcError('CHAT_NOT_MODIFIED')
      await setChannel(tx, channel, { slowmode: seconds })
      const action = { _: 'channelAdminLogEventActionToggleSlowMode' as const, prevValue, newValue: seconds }
      await logEvent(tx, channel.id, 'settings', action)
      return changed(tx, [await tellAll(tx, channel.id)])
    }),
  { flood: 'write' },
)
