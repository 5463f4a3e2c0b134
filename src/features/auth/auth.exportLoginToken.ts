import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { answerLogin, checkApi, finishLogin } from './actions.ts'
import { dropUnaccepted, issueToken, takeAccepted } from './tokens.ts'

/** Accounts that one client is signed in to at once. */
const MAX_OTHERS = 100

export default method(
  'auth.exportLoginToken',
  async (ctx, req) => {
    checkApi(req.apiId, req.apiHash)
    if (req.exceptIds.length > MAX_OTHERS) throw new RpcError('INPUT_REQUEST_TOO_LONG')
    const seconds = ctx.app.config.limits.loginTokenSeconds
    const done = await ctx.transact(async (tx) => {
      const accepted = await takeAccepted(tx)
      if (accepted) return finishLogin(tx, accepted.user_id, true)
      await dropUnaccepted(tx)
      return issueToken(tx, 'qr', 0, seconds, req.exceptIds.map(Number))
    })
    if (Buffer.isBuffer(done)) return { _: 'auth.loginToken', token: done, expires: ctx.now + seconds }
    return { _: 'auth.loginTokenSuccess', authorization: await answerLogin(ctx, done) }
  },
  { anonymous: true, flood: 'write' },
)
