import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { ACCOUNTS, checkToken, forgetToken } from './tokens.ts'

/** DEVIATES: the token is kept, and nothing is sent there. See docs/notifications.md. */
export default method(
  'account.registerDevice',
  (ctx, req) => {
    const { tokenType, token, secret } = req
    checkToken(tokenType, token, secret)
    if (req.otherUids.length > ACCOUNTS) throw new RpcError('LIMIT_INVALID')
    return ctx.transact(async (tx) => {
      const owner = tx.userId
      // A token is one app's: accounts that it does not have any more get nothing there.
      await forgetToken(tx, { tokenType, token }, [owner, ...req.otherUids])
      const row = {
        auth_key: tx.session!.auth.id,
        no_muted: req.noMuted ? 1 : 0,
        sandbox: req.appSandbox ? 1 : 0,
        secret,
        date: tx.now,
      }
      // An authorization has one token of a kind: the newest.
      await tx.trx
        .deleteFrom('push_token')
        .where('owner', '=', owner)
        .where('token_type', '=', tokenType)
        .where('auth_key', '=', row.auth_key)
        .execute()
      await tx.trx
        .insertInto('push_token')
        .values({ owner, token_type: tokenType, token, ...row })
        .onConflict((c) => c.columns(['owner', 'token_type', 'token']).doUpdateSet(row))
        .execute()
      return true
    })
  },
  { flood: 'write' },
)
