import { spendCodes } from '../../domain/codes.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Codes that a client may name at once. */
const MAX_CODES = 100

/** Clients call it when somebody is about to send a login code to another person. */
export default method(
  'account.invalidateSignInCodes',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.codes.length > MAX_CODES) throw new RpcError('INPUT_REQUEST_TOO_LONG')
      await spendCodes(tx, 'login', tx.userId, req.codes)
      return true
    }),
  { flood: 'write' },
)
