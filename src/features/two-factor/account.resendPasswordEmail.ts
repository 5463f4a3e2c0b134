import { passwordRow } from '../../domain/passwords.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { mailConfirmation } from './actions.ts'

export default method(
  'account.resendPasswordEmail',
  async (ctx) => {
    const { send } = await ctx.transact(async (tx) => {
      const row = await passwordRow(tx, tx.userId)
      if (!row?.pending_email) throw new RpcError('EMAIL_HASH_EXPIRED')
      return mailConfirmation(tx, tx.userId, row.pending_email)
    })
    await send()
    return true
  },
  { flood: 'code' },
)
