import { mustHaveLevel } from '../../domain/boosts.ts'
import { changed, locked } from '../../domain/channel-named.ts'
import { mustCreate } from '../../domain/channel-rights.ts'
import { toggle } from '../../domain/channel-settings.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.restrictSponsoredMessages',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      if (channel.row.megagroup === 1) throw new RpcError('CHANNEL_INVALID')
      mustCreate(channel)
      if (req.restricted) mustHaveLevel(tx, channel.row, 'channel_restrict_sponsored_level_min')
      if (channel.row.no_sponsored === (req.restricted ? 1 : 0)) {
        return changed(tx, [{ _: 'updateChannel', channelId: channel.id }])
      }
      return changed(tx, [await toggle(tx, channel, 'no_sponsored', req.restricted)])
    }),
  { flood: 'write' },
)
