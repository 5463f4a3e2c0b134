import { tellAll } from '../../domain/channel-members.ts'
import { changed, locked, mustBeGroup } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** https://core.telegram.org/method/channels.setBoostsToUnblockRestrictions */
const MOST = 8

export default method(
  'channels.setBoostsToUnblockRestrictions',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeGroup(channel, 'CHANNEL_INVALID')
      mustInChannel(tx, channel, 'banUsers')
      const { boosts } = req
      if (boosts < 0 || boosts > MOST) throw new RpcError('LIMIT_INVALID')
      if (channel.row.boosts_unrestrict === boosts) return changed(tx, [])
      await setChannel(tx, channel, { boosts_unrestrict: boosts })
      return changed(tx, [await tellAll(tx, channel.id)])
    }),
  { flood: 'write' },
)
