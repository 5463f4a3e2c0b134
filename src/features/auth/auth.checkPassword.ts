import { signInKey, viewSignedIn } from '../../domain/authorizations.ts'
import { checkPassword } from '../../domain/passwords.ts'
import { method } from '../../rpc/method.ts'
import { pendingUser, sessionOf } from './actions.ts'

export default method(
  'auth.checkPassword',
  async (ctx, req) => {
    const userId = pendingUser(ctx)
    await checkPassword(ctx, userId, req.password)
    await ctx.transact((tx) => signInKey(tx, sessionOf(tx).auth.id, userId, true))
    return viewSignedIn(ctx, userId)
  },
  { anonymous: true, flood: 'password' },
)
