import { access } from '../../domain/access.ts'
import { tellUser } from '../../domain/acquaintances.ts'
import { ownPublicChannels } from '../../domain/send-as.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.updatePersonalChannel',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = req.channel._ === 'inputChannelEmpty' ? undefined : await access.channel(tx, req.channel)
      // The same that channels.getAdminedPublicChannels offers for it.
      if (channel && !(await ownPublicChannels(tx)).includes(channel.peer)) throw new RpcError('CHANNEL_INVALID')
      const personal_channel = channel?.id ?? null
      await tx.trx.updateTable('user').set({ personal_channel }).where('id', '=', tx.userId).execute()
      await tellUser(tx, tx.userId)
      return true
    }),
  { flood: 'write' },
)
