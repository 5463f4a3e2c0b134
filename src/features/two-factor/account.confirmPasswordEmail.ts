import { tryMailCode } from '../../domain/mail-codes.ts'
import { passwordRow } from '../../domain/passwords.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { applyHeld } from './actions.ts'

export default method(
  'account.confirmPasswordEmail',
  async (ctx, req) => {
    const { userId } = ctx
    const verdict = await ctx.transact(async (tx) => {
      const row = await passwordRow(tx, userId)
      if (!row?.pending || !row.pending_email) return 'expired'
      const tried = await tryMailCode(tx, { purpose: 'recovery-email', userId, email: row.pending_email }, req.code)
      if (tried === 'ok') await applyHeld(tx, row)
      return tried
    })
    if (verdict === 'expired') throw new RpcError('EMAIL_HASH_EXPIRED')
    if (verdict === 'invalid') throw new RpcError('CODE_INVALID')
    return true
  },
  { flood: 'password' },
)
