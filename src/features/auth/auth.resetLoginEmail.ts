import { phoneNumber } from '../../domain/phones.ts'
import { tellAccount } from '../../domain/service-account.ts'
import { userByPhone } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { namedCode } from './codes.ts'
import { sendBySms, viewMailed } from './login-codes.ts'
import { loginEmail } from './login-email.ts'

/**
 * Takes off a login address that its owner cannot read any more: after a while, in which whoever can may object by
 * signing in with it. Then the code goes to the phone. https://core.telegram.org/api/auth#email-verification
 */
export default method(
  'auth.resetLoginEmail',
  async (ctx, req) => {
    const row = await namedCode(ctx, req.phoneNumber, req.phoneCodeHash)
    const user = await userByPhone(ctx, phoneNumber(ctx, req.phoneNumber))
    if (!user || row.way !== 'email') throw new RpcError('EMAIL_INSTALL_MISSING')
    const gone = await ctx.transact(async (tx) => {
      const kept = await loginEmail(tx, user.id)
      if (!kept) throw new RpcError('EMAIL_INSTALL_MISSING')
      const wait = tx.app.config.limits.loginEmailResetSeconds
      if (kept.reset_at > tx.now) throw new RpcError('TASK_ALREADY_EXISTS')
      if (kept.reset_at > 0 || wait === 0) {
        await tx.trx.deleteFrom('login_email').where('user_id', '=', user.id).execute()
        return true
      }
      await tx.trx
        .updateTable('login_email')
        .set({ reset_at: tx.now + wait })
        .where('user_id', '=', user.id)
        .execute()
      await tellAccount(
        tx,
        user.id,
        'Somebody asked for your login mail address to be taken off. Sign in with it to keep it.',
      )
      return false
    })
    return gone ? sendBySms(ctx, row) : viewMailed(ctx, row.id, user.id)
  },
  { anonymous: true, flood: 'code' },
)
