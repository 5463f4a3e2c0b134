import { authorizationByHash, checkNotFresh, endKeys } from '../../domain/authorizations.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.resetAuthorization',
  async (ctx, req) => {
    // The calling session ends by auth.logOut.
    if (req.hash === 0n) throw new RpcError('HASH_INVALID')
    await checkNotFresh(ctx)
    return ctx.transact(async (tx) => {
      await endKeys(tx, [(await authorizationByHash(tx, req.hash)).id])
      return true
    })
  },
  { flood: 'write' },
)
