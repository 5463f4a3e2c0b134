import { logEvent, tellAll } from '../../domain/channel-members.ts'
import { changed, locked } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.toggleSignatures',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      if (channel.row.megagroup === 1) throw new RpcError('CHAT_ID_INVALID')
      mustInChannel(tx, channel, 'changeInfo')
      const on = req.signaturesEnabled === true
      const profiles = on && req.profilesEnabled === true
      const set = { signatures: on ? 1 : 0, signature_profiles: profiles ? 1 : 0 }
      const { signatures, signature_profiles } = channel.row
      if (signatures === set.signatures && signature_profiles === set.signature_profiles) {
        throw new RpcError('CHAT_NOT_MODIFIED')
      }
      await setChannel(tx, channel, set)
      if (signatures !== set.signatures) {
        await logEvent(tx, channel.id, 'settings', { _: 'channelAdminLogEventActionToggleSignatures', newValue: on })
      }
      if (signature_profiles !== set.signature_profiles) {
        const action = { _: 'channelAdminLogEventActionToggleSignatureProfiles' as const, newValue: profiles }
        await logEvent(tx, channel.id, 'settings', action)
      }
      return changed(tx, [await tellAll(tx, channel.id)])
    }),
  { flood: 'write' },
)
