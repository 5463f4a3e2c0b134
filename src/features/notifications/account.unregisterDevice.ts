import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { ACCOUNTS, forgetToken } from './tokens.ts'

/** With the caller's account goes every other that the app does not say it has. */
export default method(
  'account.unregisterDevice',
  (ctx, { tokenType, token, otherUids }) => {
    if (otherUids.length > ACCOUNTS) throw new RpcError('LIMIT_INVALID')
    return ctx.transact(async (tx) => {
      const gone = await forgetToken(
        tx,
        { tokenType, token },
        otherUids.filter((id) => id !== tx.userId),
      )
      if (!gone.includes(tx.userId)) throw new RpcError('TOKEN_INVALID')
      return true
    })
  },
  { flood: 'write' },
)
