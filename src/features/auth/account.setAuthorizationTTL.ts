import { checkNotFresh, watchIdle } from '../../domain/authorizations.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Days. */
const MAX = 366

export default method(
  'account.setAuthorizationTTL',
  async (ctx, req) => {
    const days = req.authorizationTtlDays
    if (days < 1 || days > MAX) throw new RpcError('TTL_DAYS_INVALID')
    await checkNotFresh(ctx)
    return ctx.transact(async (tx) => {
      await tx.trx.updateTable('user').set({ authorization_ttl: days }).where('id', '=', tx.userId).execute()
      await watchIdle(tx, tx.userId)
      return true
    })
  },
  { flood: 'write' },
)
