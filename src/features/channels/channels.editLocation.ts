import { logEvent, tellAll } from '../../domain/channel-members.ts'
import { locked } from '../../domain/channel-named.ts'
import { mustCreate } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { atRest } from '../../domain/message-view.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { locationOf } from './location.ts'

export default method(
  'channels.editLocation',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      if (channel.row.megagroup === 0) throw new RpcError('MEGAGROUP_REQUIRED')
      mustCreate(channel)
      const before = channel.row.location
      if (before === null) throw new RpcError('MEGAGROUP_GEO_REQUIRED')
      const newValue = locationOf(tx, req.geoPoint, req.address)
      const location = atRest(newValue)
      if (Buffer.compare(before, location) === 0) throw new RpcError('CHAT_NOT_MODIFIED')
      await setChannel(tx, channel, { location: newValue._ === 'channelLocationEmpty' ? null : location })
      const prevValue = readObject(before) as tl.ChannelLocation
      await logEvent(tx, channel.id, 'settings', { _: 'channelAdminLogEventActionChangeLocation', prevValue, newValue })
      await tellAll(tx, channel.id)
      return true
    }),
  { flood: 'write' },
)
