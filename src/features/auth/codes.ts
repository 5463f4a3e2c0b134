import { type CodeRow, liveCode } from '../../domain/codes.ts'
import { phoneNumber } from '../../domain/phones.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Why a login code does not sign in, said once the try has been counted. */
export function refuse(why: 'invalid' | 'expired'): never {
  throw new RpcError(why === 'invalid' ? 'PHONE_CODE_INVALID' : 'PHONE_CODE_EXPIRED')
}

/** The code a client gives, and whether it says to have it from its mail. PHONE_CODE_EMPTY, PHONE_CODE_INVALID. */
export function givenCode(
  phoneCode: string | undefined,
  verification: tl.EmailVerification | undefined,
): { code: string; byMail: boolean } {
  // Accounts of other companies prove nothing here: addresses are confirmed by their codes alone.
  if (verification && verification._ !== 'emailVerificationCode') throw new RpcError('PHONE_CODE_INVALID')
  const code = verification ? verification.code : phoneCode
  if (!code) throw new RpcError('PHONE_CODE_EMPTY')
  return { code, byMail: verification !== undefined }
}

/** A code on its way to a phone that this session asked for and may still use. PHONE_CODE_EXPIRED without one. */
export async function namedCode(ctx: Ctx, number: string, hash: string): Promise<CodeRow> {
  const phone = phoneNumber(ctx, number)
  for (const purpose of ['login', 'change', 'confirm'] as const) {
    const row = await liveCode(ctx, purpose, hash, phone)
    if (row) return row
  }
  throw new RpcError('PHONE_CODE_EXPIRED')
}
