import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { issueToken } from './tokens.ts'

/** The token is for the same client's next connection. */
const SECONDS = 300
/** Data centres that clients know; this server answers for each of them. */
const DCS = 5

export default method(
  'auth.exportAuthorization',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.dcId < 1 || req.dcId > DCS) throw new RpcError('DC_ID_INVALID')
      const bytes = await issueToken(tx, 'export', tx.userId, SECONDS)
      return { _: 'auth.exportedAuthorization', id: BigInt(tx.userId), bytes }
    }),
  { flood: 'write' },
)
