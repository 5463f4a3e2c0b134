import { deleteAccount } from '../../domain/accounts.ts'
import { checkPassword, hasPassword } from '../../domain/passwords.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { inUse, postpone } from './deletion.ts'

/**
 * Also for whoever gave the login code and does not know the password: an account that is in use is then deleted only
 * after a while.
 */
export default method(
  'account.deleteAccount',
  async (ctx, req) => {
    const userId = ctx.viewer || ctx.session?.auth.passwordPending || 0
    if (userId === 0) throw new RpcError('AUTH_KEY_UNREGISTERED')
    if (req.password?._ === 'inputCheckPasswordSRP') await checkPassword(ctx, userId, req.password)
    const known = req.password?._ === 'inputCheckPasswordSRP' || !(await hasPassword(ctx, userId))
    const wait = await ctx.transact(async (tx) => {
      if (!known && (await inUse(tx, userId))) return postpone(tx, userId)
      tx.app.log.info({ userId, reason: req.reason.slice(0, 256) }, 'an account is deleted by its owner')
      await deleteAccount(tx, userId)
      return 0
    })
    if (wait > 0) throw new RpcError(`2FA_CONFIRM_WAIT_${wait}`)
    return true
  },
  { anonymous: true, flood: 'password' },
)
