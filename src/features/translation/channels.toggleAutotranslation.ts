import { mustHaveLevel } from '../../domain/boosts.ts'
import { changed, locked } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { toggle } from '../../domain/channel-settings.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Clients translate the posts by messages.translateText; the server only says that they are to. */
export default method(
  'channels.toggleAutotranslation',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      if (channel.row.megagroup === 1) throw new RpcError('CHANNEL_INVALID')
      mustInChannel(tx, channel, 'changeInfo')
      if (req.enabled) mustHaveLevel(tx, channel.row, 'channel_autotranslation_level_min')
      if (channel.row.autotranslation === (req.enabled ? 1 : 0)) {
        return changed(tx, [{ _: 'updateChannel', channelId: channel.id }])
      }
      const action = { _: 'channelAdminLogEventActionToggleAutotranslation' as const, newValue: req.enabled }
      return changed(tx, [await toggle(tx, channel, 'autotranslation', req.enabled, action)])
    }),
  { flood: 'write' },
)
