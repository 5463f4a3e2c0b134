import { mailAddress, sendMailCode } from '../../domain/mail-codes.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { loginEmail } from './login-email.ts'
import { checkSetup, emailCode } from './verify-email.ts'

export default method(
  'account.sendVerifyEmailCode',
  async (ctx, req) => {
    const mail = await emailCode(ctx, req.purpose, 'PHONE_HASH_EXPIRED')
    const email = mailAddress(req.email)
    if (mail.login) await checkSetup(ctx, mail.login)
    if (mail.purpose === 'verify' && !(await loginEmail(ctx, mail.userId))) throw new RpcError('EMAIL_NOT_SETUP')
    return sendMailCode(ctx, { ...mail, email })
  },
  { anonymous: true, flood: 'code' },
)
