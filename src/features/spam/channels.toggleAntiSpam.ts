import { makeAntispamAccount } from '../../domain/antispam.ts'
import { changed, locked, mustBeGroup } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { toggle } from '../../domain/channel-settings.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.toggleAntiSpam',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeGroup(channel, 'CHANNEL_INVALID')
      if (channel.row.gigagroup === 1) throw new RpcError('CHANNEL_INVALID')
      mustInChannel(tx, channel, 'deleteMessages')
      // Groups of a place may have it at any size. https://core.telegram.org/api/antispam
      const small = channel.row.location === null && channel.row.members < tx.app.config.limits.antispamMembers
      if (req.enabled && small) throw new RpcError('PARTICIPANTS_TOO_FEW')
      if (req.enabled) await makeAntispamAccount(tx)
      const action = { _: 'channelAdminLogEventActionToggleAntiSpam' as const, newValue: req.enabled }
      return changed(tx, [await toggle(tx, channel, 'antispam', req.enabled, action)])
    }),
  { flood: 'write' },
)
