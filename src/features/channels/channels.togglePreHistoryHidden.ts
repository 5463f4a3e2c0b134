import { isPublic } from '../../domain/access.ts'
import { changed, locked, mustBeGroup } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { toggle } from '../../domain/channel-settings.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.togglePreHistoryHidden',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeGroup(channel)
      mustInChannel(tx, channel, 'changeInfo')
      if (req.enabled && channel.row.forum === 1) throw new RpcError('FORUM_ENABLED')
      if (req.enabled && (channel.row.linked !== null || (await isPublic(tx, channel.row))))
        throw new RpcError('CHAT_LINK_EXISTS')
      const action = { _: 'channelAdminLogEventActionTogglePreHistoryHidden' as const, newValue: req.enabled }
      return changed(tx, [await toggle(tx, channel, 'hidden_prehistory', req.enabled, action)])
    }),
  { flood: 'write' },
)
