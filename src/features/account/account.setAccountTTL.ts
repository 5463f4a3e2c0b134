import { watchActivity } from '../../domain/accounts.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Days: a month to two years. */
const MIN = 30
const MAX = 730

export default method(
  'account.setAccountTTL',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { days } = req.ttl
      if (days < MIN || days > MAX) throw new RpcError('TTL_DAYS_INVALID')
      await tx.trx.updateTable('user').set({ account_ttl: days }).where('id', '=', tx.userId).execute()
      await watchActivity(tx, tx.userId)
      return true
    }),
  { flood: 'write' },
)
