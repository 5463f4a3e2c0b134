import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.declinePasswordReset',
  (ctx) =>
    ctx.transact(async (tx) => {
      const declined = await tx.trx
        .updateTable('password')
        .set({ reset_at: 0, declined_at: tx.now })
        .where('user_id', '=', tx.userId)
        .where('reset_at', '>', 0)
        .returning('user_id')
        .executeTakeFirst()
      if (!declined) throw new RpcError('RESET_REQUEST_MISSING')
      return true
    }),
  { flood: 'write' },
)
