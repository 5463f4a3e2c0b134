import { adoptKey, viewSignedIn } from '../../domain/authorizations.ts'
import { userRow } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { sessionOf } from './actions.ts'
import { takeToken } from './tokens.ts'

export default method(
  'auth.importAuthorization',
  async (ctx, req) => {
    const userId = await ctx.transact(async (tx) => {
      const token = await takeToken(tx, 'export', req.bytes)
      if (!token) throw new RpcError('AUTH_BYTES_INVALID')
      if (BigInt(token.user_id) !== req.id) throw new RpcError('USER_ID_INVALID')
      const { auth } = sessionOf(tx)
      const from = await tx.trx
        .selectFrom('auth_key')
        .select(['user_id', 'parent'])
        .where('id', '=', token.key)
        .executeTakeFirst()
      const user = await userRow(tx, token.user_id)
      // Whoever exported it may have been signed out since.
      if (!user || from?.user_id !== token.user_id) throw new RpcError('AUTH_BYTES_INVALID')
      // A client that connects twice over one key has nothing to import.
      const parent = from.parent ?? token.key
      if (parent !== auth.id) await adoptKey(tx, auth.id, parent, user.id, user.bot === 1)
      return user.id
    })
    return viewSignedIn(ctx, userId)
  },
  { anonymous: true, flood: 'write' },
)
