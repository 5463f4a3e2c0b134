import { signInKey, viewSignedIn } from '../../domain/authorizations.ts'
import { readNewPassword, setPassword } from '../../domain/passwords.ts'
import { method } from '../../rpc/method.ts'
import { sessionOf } from './actions.ts'
import { checkRecovery, recovering } from './recovery.ts'

/** Without new settings the password is taken off, and what Passport kept under it is lost. */
export default method(
  'auth.recoverPassword',
  async (ctx, req) => {
    const userId = recovering(ctx)
    const password = req.newSettings ? readNewPassword(ctx, userId, req.newSettings) : undefined
    await checkRecovery(ctx, userId, req.code, true)
    await ctx.transact(async (tx) => {
      await setPassword(tx, userId, password ?? 'none')
      if (tx.viewer === 0) await signInKey(tx, sessionOf(tx).auth.id, userId, true)
    })
    return viewSignedIn(ctx, userId)
  },
  { anonymous: true, flood: 'code' },
)
