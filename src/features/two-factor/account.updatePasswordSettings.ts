import { MAIL_DIGITS, mailAddress } from '../../domain/mail-codes.ts'
import { checkPassword, passwordRow, readNewPassword } from '../../domain/passwords.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { applyChange, holdChange } from './actions.ts'

export default method(
  'account.updatePasswordSettings',
  async (ctx, req) => {
    const { userId } = ctx
    const row = await checkPassword(ctx, userId, req.password)
    const settings = req.newSettings
    const change = { password: readNewPassword(ctx, userId, settings), secure: settings.newSecureSettings }
    if (!change.password && !change.secure && settings.email === undefined) throw new RpcError('NEW_SETTINGS_EMPTY')
    if (!row && change.password === 'none') throw new RpcError('NEW_SETTINGS_EMPTY')
    // Without a password there is nothing to recover, and no key for what Passport keeps.
    if (!row && !change.password) throw new RpcError('NEW_SETTINGS_INVALID')
    const email = settings.email ? mailAddress(settings.email) : undefined
    const unconfirmed = change.password !== 'none' && email !== undefined && email !== row?.email
    const send = await ctx.transact(async (tx) => {
      // What was proven must still be the password.
      const now = await passwordRow(tx, userId)
      if ((now?.version ?? 0) !== (row?.version ?? now?.version ?? 0)) throw new RpcError('SRP_PASSWORD_CHANGED')
      if (!row && now?.verifier) throw new RpcError('SRP_PASSWORD_CHANGED')
      if (unconfirmed) return (await holdChange(tx, userId, change, email)).send
      await applyChange(tx, userId, change, settings.email === '' ? null : undefined)
    })
    if (!send) return true
    await send()
    throw new RpcError(`EMAIL_UNCONFIRMED_${MAIL_DIGITS}`)
  },
  { flood: 'password' },
)
