import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { answerLogin, finishLogin, sessionOf } from './actions.ts'
import { takeToken, tokenRow } from './tokens.ts'

/**
 * For clients that were sent to another data centre by auth.loginTokenMigrateTo. This server never sends anybody away,
 * so the token is one that the calling key has exported here itself.
 */
export default method(
  'auth.importLoginToken',
  async (ctx, req) => {
    const login = await ctx.transact(async (tx) => {
      const token = await tokenRow(tx, 'qr', req.token)
      if (!token || token.key !== sessionOf(tx).auth.id) throw new RpcError('AUTH_TOKEN_INVALID')
      if (token.expires_at <= tx.now) throw new RpcError('AUTH_TOKEN_EXPIRED')
      if (token.user_id === 0) return token
      await takeToken(tx, 'qr', req.token)
      return finishLogin(tx, token.user_id, true)
    })
    if ('expires_at' in login) return { _: 'auth.loginToken', token: req.token, expires: login.expires_at }
    return { _: 'auth.loginTokenSuccess', authorization: await answerLogin(ctx, login) }
  },
  { anonymous: true, flood: 'write' },
)
