import { passwordRow, setPassword } from '../../domain/passwords.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/**
 * Takes a forgotten password off for somebody who is signed in: asked for once, due after a while in which any device
 * of the account can decline it, done when it is asked for again then.
 * https://core.telegram.org/api/srp#password-reset
 */
export default method(
  'account.resetPassword',
  (ctx) =>
    ctx.transact(async (tx) => {
      const wait = tx.app.config.limits.passwordResetSeconds
      const row = await passwordRow(tx, tx.userId)
      if (!row?.verifier) throw new RpcError('PASSWORD_EMPTY')
      if (row.reset_at > tx.now) return { _: 'account.resetPasswordRequestedWait', untilDate: row.reset_at }
      if (row.reset_at > 0 || wait === 0) {
        await setPassword(tx, tx.userId, 'none')
        return { _: 'account.resetPasswordOk' }
      }
      const retry = row.declined_at + wait
      if (row.declined_at > 0 && retry > tx.now) return { _: 'account.resetPasswordFailedWait', retryDate: retry }
      const untilDate = tx.now + wait
      await tx.trx.updateTable('password').set({ reset_at: untilDate }).where('user_id', '=', tx.userId).execute()
      return { _: 'account.resetPasswordRequestedWait', untilDate }
    }),
  { flood: 'write' },
)
