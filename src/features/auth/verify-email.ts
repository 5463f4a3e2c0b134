import { type CodeRow, liveCode } from '../../domain/codes.ts'
import type { MailCode } from '../../domain/mail-codes.ts'
import { phoneNumber } from '../../domain/phones.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { loginEmail } from './login-email.ts'

/**
 * Which code a client means that proves a mail address: for a login address chosen while signing in, for another one,
 * or for Passport. https://core.telegram.org/api/auth#email-verification
 */
export async function emailCode(
  ctx: Ctx,
  purpose: tl.EmailVerifyPurpose,
  expired: 'PHONE_HASH_EXPIRED' | 'PHONE_CODE_EXPIRED',
): Promise<Pick<MailCode, 'purpose' | 'userId' | 'id' | 'subject'> & { login?: CodeRow }> {
  switch (purpose._) {
    case 'emailVerifyPurposeLoginSetup': {
      const login = await liveCode(ctx, 'login', purpose.phoneCodeHash, phoneNumber(ctx, purpose.phoneNumber))
      if (!login) throw new RpcError(expired)
      return {
        purpose: 'setup',
        userId: login.user_id,
        id: `setup:${login.id}`,
        subject: 'Confirm your login address',
        login,
      }
    }
    case 'emailVerifyPurposeLoginChange':
      return { purpose: 'verify', userId: ctx.userId, subject: 'Confirm your login address' }
    case 'emailVerifyPurposePassport':
      return { purpose: 'passport', userId: ctx.userId, subject: 'Confirm your address' }
  }
}

/** Somebody who is signing in may choose a login address only where there is none yet. EMAIL_NOT_ALLOWED. */
export async function checkSetup(ctx: Ctx, login: CodeRow): Promise<void> {
  if (login.user_id !== 0 && (await loginEmail(ctx, login.user_id))) throw new RpcError('EMAIL_NOT_ALLOWED')
}
