import type { App } from '../rpc/app.ts'
import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { admitCode, type CodePurpose, drawCode, issueCode } from './codes.ts'
import { testCode } from './phones.ts'
import { sendByAccount } from './sms-jobs.ts'

const PHONE_DIGITS = 5

/** A code for a number: the one that test numbers take, or one drawn. */
export function phoneCode(ctx: Pick<Ctx, 'app'>, phone: string): string {
  return testCode(ctx, phone) ?? drawCode(ctx, PHONE_DIGITS)
}

/** Sends a code as a text message; test numbers get none. SMS_CODE_CREATE_FAILED when the gateway does not take it. */
export async function textCode(app: App, phone: string, code: string): Promise<void> {
  if (testCode({ app }, phone) !== undefined) return
  try {
    const text = `Your code: ${code}`
    if (await sendByAccount(app, phone, text, code)) return
    await app.senders.sms(`+${phone}`, text, code)
  } catch (error) {
    app.log.error({ err: error }, 'a code could not be sent')
    throw new RpcError('SMS_CODE_CREATE_FAILED')
  }
}

/** A code that has gone out as a text message. https://core.telegram.org/constructor/auth.sentCode */
export function viewTexted(ctx: Ctx, id: string, code: string): tl.auth_sentCode {
  return {
    _: 'auth.sentCode',
    phoneCodeHash: id,
    type: { _: 'auth.sentCodeTypeSms', length: code.length },
    timeout: ctx.app.config.limits.codeResendSeconds,
  }
}

/** Sends a code that proves a number for something other than signing in. */
export async function sendPhoneCode(
  ctx: Ctx,
  purpose: CodePurpose,
  phone: string,
  userId: number,
): Promise<tl.auth_sentCode> {
  const code = phoneCode(ctx, phone)
  const id = await ctx.transact(async (tx) => {
    await admitCode(tx, phone)
    return issueCode(tx, { purpose, target: phone, userId, way: 'sms', code })
  })
  await textCode(ctx.app, phone, code)
  return viewTexted(ctx, id, code)
}
