import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.cancelPasswordEmail',
  (ctx) =>
    ctx.transact(async (tx) => {
      const dropped = await tx.trx
        .updateTable('password')
        .set({ pending: null, pending_email: null })
        .where('user_id', '=', tx.userId)
        .where('pending_email', 'is not', null)
        .returning('user_id')
        .executeTakeFirst()
      if (!dropped) throw new RpcError('EMAIL_HASH_EXPIRED')
      return true
    }),
  { flood: 'write' },
)
