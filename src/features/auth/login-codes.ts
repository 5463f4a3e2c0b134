import type * as tl from '../../tl/gen/types.ts'
import { authorizationsOf } from '../../domain/authorizations.ts'
import { admitCode, type CodeRow, drawCode, issueCode, reissueCode } from '../../domain/codes.ts'
import { MAIL_DIGITS, maskEmail } from '../../domain/mail-codes.ts'
import { testCode } from '../../domain/phones.ts'
import { tellAccount } from '../../domain/service-account.ts'
import type { UserRow } from '../../domain/user-rows.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { loginEmail } from './login-email.ts'

/** How a login code travels: to the account's other devices, as a text message, or to its login mail address. */
type Way = 'app' | 'sms' | 'email'

const PHONE_DIGITS = 5

/** The first way a code goes. https://core.telegram.org/api/auth#code-types */
async function firstWay(ctx: Ctx, phone: string, user: UserRow | undefined): Promise<Way> {
  if (!user || testCode(ctx, phone) !== undefined) return 'sms'
  if (await loginEmail(ctx, user.id)) return 'email'
  return (await authorizationsOf(ctx, user.id)).length > 0 ? 'app' : 'sms'
}

/** What is left to do once the transaction has committed: what leaves the server. */
type Outbox = (() => Promise<void>)[]

/** Sends a code to sign in with, to whoever has this number. https://core.telegram.org/method/auth.sendCode */
export async function sendLoginCode(ctx: Ctx, phone: string, user: UserRow | undefined): Promise<tl.auth_sentCode> {
  const way = await firstWay(ctx, phone, user)
  const code = drawFor(ctx, phone, way)
  const outbox: Outbox = []
  const answer = await ctx.transact(async (tx) => {
    outbox.length = 0
    await admitCode(tx, phone)
    const id = await issueCode(tx, { purpose: 'login', target: phone, userId: user?.id ?? 0, way, code })
    return deliver(tx, { id, phone, userId: user?.id ?? 0, way, code }, outbox)
  })
  await sendAll(outbox)
  return answer
}

/** Sends the code by the next way, or SEND_CODE_UNAVAILABLE. https://core.telegram.org/method/auth.resendCode */
export async function resendLoginCode(ctx: Ctx, row: CodeRow): Promise<tl.auth_sentCode> {
  if (row.way !== 'app') throw new RpcError('SEND_CODE_UNAVAILABLE')
  return sendBySms(ctx, row)
}

/** Sends the code as a text message, whatever way it went before. */
export async function sendBySms(ctx: Ctx, row: CodeRow): Promise<tl.auth_sentCode> {
  const code = drawFor(ctx, row.target, 'sms')
  const outbox: Outbox = []
  const answer = await ctx.transact(async (tx) => {
    outbox.length = 0
    await reissueCode(tx, row, 'sms', code)
    return deliver(tx, { id: row.id, phone: row.target, userId: row.user_id, way: 'sms', code }, outbox)
  })
  await sendAll(outbox)
  return answer
}

function drawFor(ctx: Ctx, phone: string, way: Way): string {
  return testCode(ctx, phone) ?? drawCode(ctx, way === 'email' ? MAIL_DIGITS : PHONE_DIGITS)
}

async function sendAll(outbox: Outbox): Promise<void> {
  for (const send of outbox) await send()
}

async function deliver(
  tx: Tx,
  to: { id: string; phone: string; userId: number; way: Way; code: string },
  outbox: Outbox,
): Promise<tl.auth_sentCode> {
  const { id, phone, code } = to
  const { senders, log, config } = tx.app
  const sent = { _: 'auth.sentCode' as const, phoneCodeHash: id }
  switch (to.way) {
    case 'app':
      await tellAccount(tx, to.userId, appText(code))
      return { ...sent, type: { _: 'auth.sentCodeTypeApp', length: code.length }, nextType: { _: 'auth.codeTypeSms' } }
    case 'email': {
      const { email, reset_at: reset } = (await loginEmail(tx, to.userId))!
      outbox.push(() => senders.mail(email, 'Your login code', mailText(code)))
      return {
        ...sent,
        type: {
          _: 'auth.sentCodeTypeEmailCode',
          emailPattern: maskEmail(email),
          length: code.length,
          resetAvailablePeriod: reset === 0 ? config.limits.loginEmailResetSeconds : undefined,
          resetPendingDate: reset === 0 ? undefined : reset,
        },
      }
    }
    case 'sms':
      if (testCode(tx, phone) === undefined) {
        outbox.push(() =>
          senders.sms(`+${phone}`, `Your code: ${code}`, code).catch((error) => {
            log.error({ err: error }, 'a login code could not be sent')
            throw new RpcError('SMS_CODE_CREATE_FAILED')
          }),
        )
      }
      return {
        ...sent,
        type: { _: 'auth.sentCodeTypeSms', length: code.length },
        timeout: config.limits.codeResendSeconds,
      }
  }
}

const appText = (code: string) =>
  `Login code: ${code}\n\nGive it to nobody, whoever asks. If you did not ask for it, ignore this message.`

const mailText = (code: string) => `Your code to sign in is ${code}. If you did not ask for it, ignore this message.`
