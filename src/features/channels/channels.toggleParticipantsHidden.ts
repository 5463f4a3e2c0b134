import { changed, locked, mustBeGroup } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { toggle } from '../../domain/channel-settings.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.toggleParticipantsHidden',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeGroup(channel)
      mustInChannel(tx, channel, 'banUsers')
      const small = channel.row.members < tx.app.config.limits.hiddenMembers
      if (req.enabled && small) throw new RpcError('PARTICIPANTS_TOO_FEW')
      return changed(tx, [await toggle(tx, channel, 'participants_hidden', req.enabled)])
    }),
  { flood: 'write' },
)
