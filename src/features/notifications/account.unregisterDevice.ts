import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.unregisterDevice',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const gone = await tx.trx
        .deleteFrom('push_token')
        .where('owner', '=', tx.userId)
        .where('token_type', '=', req.tokenType)
        .where('token', '=', req.token)
        .returning('owner')
        .executeTakeFirst()
      if (!gone) throw new RpcError('TOKEN_INVALID')
      return true
    }),
  { flood: 'write' },
)
