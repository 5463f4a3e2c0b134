import { sendMailCode } from '../../domain/mail-codes.ts'
import { passwordRow } from '../../domain/passwords.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { recovering, recoveryMail } from './recovery.ts'

export default method(
  'auth.requestPasswordRecovery',
  async (ctx) => {
    const row = await passwordRow(ctx, recovering(ctx))
    if (!row?.verifier) throw new RpcError('PASSWORD_EMPTY')
    const { emailPattern } = await sendMailCode(ctx, recoveryMail(row))
    return { _: 'auth.passwordRecovery', emailPattern }
  },
  { anonymous: true, flood: 'code' },
)
