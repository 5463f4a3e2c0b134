import { authorizationsOf } from '../../domain/authorizations.ts'
import { admitCode, type CodeRow, drawCode, issueCode, reissueCode } from '../../domain/codes.ts'
import { MAIL_DIGITS, maskEmail } from '../../domain/mail-codes.ts'
import { phoneCode, textCode, viewTexted } from '../../domain/phone-codes.ts'
import { testCode } from '../../domain/phones.ts'
import { tellAccount } from '../../domain/service-account.ts'
import type { UserRow } from '../../domain/user-rows.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { loginEmail } from './login-email.ts'

/** How a login code travels: to the account's other devices, as a text message, or to its login mail address. */
type Way = 'app' | 'sms' | 'email'

/** The first way a code goes. https://core.telegram.org/api/auth#code-types */
async function firstWay(ctx: Ctx, phone: string, user: UserRow | undefined): Promise<Way> {
  if (!user || testCode(ctx, phone) !== undefined) return 'sms'
  if (await loginEmail(ctx, user.id)) return 'email'
  return (await authorizationsOf(ctx, user.id)).length > 0 ? 'app' : 'sms'
}

/** Sends a code to sign in with, to whoever has this number. https://core.telegram.org/method/auth.sendCode */
export async function sendLoginCode(ctx: Ctx, phone: string, user: UserRow | undefined): Promise<tl.auth_sentCode> {
  const way = await firstWay(ctx, phone, user)
  const userId = user?.id ?? 0
  const code = way === 'email' ? drawCode(ctx, MAIL_DIGITS) : phoneCode(ctx, phone)
  const sent = await ctx.transact(async (tx) => {
    await admitCode(tx, phone)
    const id = await issueCode(tx, { purpose: 'login', target: phone, userId, way, code })
    return deliver(tx, { id, phone, userId, way, code })
  })
  await sent.send()
  return sent.answer
}

/** Sends the code by the next way, or SEND_CODE_UNAVAILABLE. https://core.telegram.org/method/auth.resendCode */
export async function resendLoginCode(ctx: Ctx, row: CodeRow): Promise<tl.auth_sentCode> {
  if (row.way !== 'app') throw new RpcError('SEND_CODE_UNAVAILABLE')
  return sendBySms(ctx, row)
}

/** Sends the code as a text message, whatever way it went before. */
export async function sendBySms(ctx: Ctx, row: CodeRow): Promise<tl.auth_sentCode> {
  const code = phoneCode(ctx, row.target)
  const sent = await ctx.transact(async (tx) => {
    await admitCode(tx, row.target)
    await reissueCode(tx, row, 'sms', code)
    return deliver(tx, { id: row.id, phone: row.target, userId: row.user_id, way: 'sms', code })
  })
  await sent.send()
  return sent.answer
}

interface Delivery {
  answer: tl.auth_sentCode
  /** What leaves the server, once the transaction has committed. */
  send: () => Promise<void>
}

async function deliver(
  tx: Tx,
  to: { id: string; phone: string; userId: number; way: Way; code: string },
): Promise<Delivery> {
  const { id, phone, userId, code } = to
  const { app } = tx
  switch (to.way) {
    case 'app':
      await tellAccount(tx, userId, appText(code))
      return { answer: viewSentToApp(id, code), send: async () => {} }
    case 'email': {
      const { email } = (await loginEmail(tx, userId))!
      const answer = await viewMailed(tx, id, userId)
      return { answer, send: () => app.senders.mail(email, 'Your login code', mailText(code)) }
    }
    case 'sms':
      return { answer: viewTexted(tx, id, code), send: () => textCode(app, phone, code) }
  }
}

function viewSentToApp(phoneCodeHash: string, code: string): tl.auth_sentCode {
  return {
    _: 'auth.sentCode',
    phoneCodeHash,
    type: { _: 'auth.sentCodeTypeApp', length: code.length },
    nextType: { _: 'auth.codeTypeSms' },
  }
}

/** A code that has gone to the login address. https://core.telegram.org/constructor/auth.sentCodeTypeEmailCode */
export async function viewMailed(ctx: Ctx, phoneCodeHash: string, userId: number): Promise<tl.auth_sentCode> {
  const { email, reset_at: reset } = (await loginEmail(ctx, userId))!
  return {
    _: 'auth.sentCode',
    phoneCodeHash,
    type: {
      _: 'auth.sentCodeTypeEmailCode',
      emailPattern: maskEmail(email),
      length: MAIL_DIGITS,
      resetAvailablePeriod: reset === 0 ? ctx.app.config.limits.loginEmailResetSeconds : undefined,
      resetPendingDate: reset === 0 ? undefined : reset,
    },
  }
}

/** What was answered when this code went out, as it is now. */
export async function viewSent(ctx: Ctx, row: CodeRow): Promise<tl.auth_sentCode> {
  if (row.way === 'email') return viewMailed(ctx, row.id, row.user_id)
  const code = '0'.repeat(phoneCode(ctx, row.target).length)
  return row.way === 'app' ? viewSentToApp(row.id, code) : viewTexted(ctx, row.id, code)
}

const appText = (code: string) =>
  `Login code: ${code}\n\nGive it to nobody, whoever asks. If you did not ask for it, ignore this message.`

const mailText = (code: string) => `Your code to sign in is ${code}. If you did not ask for it, ignore this message.`
