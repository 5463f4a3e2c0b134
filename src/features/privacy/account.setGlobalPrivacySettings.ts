import { atRest } from '../../domain/message-view.ts'
import { userRow } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** https://core.telegram.org/api/privacy#global-privacy-settings */
export default method(
  'account.setGlobalPrivacySettings',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { settings } = req
      // @TODO messages that strangers pay for: ends with the stars' own folder.
      if (settings.noncontactPeersPaidStars) throw new RpcError('NOT_IMPLEMENTED')
      const me = await userRow(tx, tx.userId)
      if ((settings.newNoncontactPeersRequirePremium || settings.disallowedGifts) && me?.premium !== 1) {
        throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
      }
      await tx.trx
        .updateTable('user')
        .set({ global_privacy: atRest(settings) })
        .where('id', '=', tx.userId)
        .execute()
      return settings
    }),
  { flood: 'write' },
)
