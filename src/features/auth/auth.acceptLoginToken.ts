import { viewAuthorization } from '../../domain/authorizations.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { acceptToken, tokenRow } from './tokens.ts'

export default method(
  'auth.acceptLoginToken',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const token = await tokenRow(tx, 'qr', req.token)
      if (!token) throw new RpcError('AUTH_TOKEN_INVALIDX')
      if (token.expires_at <= tx.now) throw new RpcError('AUTH_TOKEN_EXPIRED')
      if ((JSON.parse(token.others) as number[]).includes(tx.userId)) throw new RpcError('AUTH_TOKEN_EXCEPTION')
      const waiting = await tx.trx.selectFrom('auth_key').selectAll().where('id', '=', token.key).executeTakeFirst()
      if (!waiting) throw new RpcError('AUTH_TOKEN_EXPIRED')
      if (!(await acceptToken(tx, token, tx.userId))) {
        // Meanwhile the device may have drawn another.
        const stands = await tokenRow(tx, 'qr', req.token)
        throw new RpcError(stands ? 'AUTH_TOKEN_ALREADY_ACCEPTED' : 'AUTH_TOKEN_EXPIRED')
      }
      tx.onCommit(() => tx.app.nodes.toKey(token.key, { _: 'updateLoginToken' }))
      return viewAuthorization(tx, { ...waiting, flags: 0, signed_in_at: tx.now, password_pending_user: null })
    }),
  { flood: 'write' },
)
