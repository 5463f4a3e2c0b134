import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import {
  admitCode,
  CODE_STATE,
  type CodePurpose,
  codeName,
  drawCode,
  issueCode,
  setCodeState,
  tryCode,
} from './codes.ts'

export const MAIL_DIGITS = 6

/** An address as it is kept: trimmed, its host in lower case. EMAIL_INVALID for what is none. */
export function mailAddress(raw: string): string {
  const address = raw.trim()
  const at = address.lastIndexOf('@')
  const host = address.slice(at + 1).toLowerCase()
  const valid =
    address.length <= 254 &&
    at > 0 &&
    at <= 64 &&
    /^[^\s@<>,;:"\\\p{Cc}]+$/u.test(address.slice(0, at)) &&
    /^(?:[\p{L}\d](?:[\p{L}\d-]*[\p{L}\d])?\.)*[\p{L}\d](?:[\p{L}\d-]*[\p{L}\d])?$/u.test(host)
  if (!valid) throw new RpcError('EMAIL_INVALID')
  return `${address.slice(0, at)}@${host}`
}

/** An address as it is shown to whoever has not proven to own it: `a***e@example.org`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const last = at > 2 ? email[at - 1] : ''
  return `${email[0]}***${last}${email.slice(at)}`
}

/** A code that goes to a mail address. It is written down in the transaction and leaves after the commit. */
export interface MailCode {
  purpose: CodePurpose
  userId: number
  email: string
  /** What the code does, as the mail's subject. */
  subject: string
  id?: string
}

/** Draws a code and writes it down. `send` is called after the transaction. */
export async function issueMailCode(
  tx: Tx,
  mail: MailCode,
): Promise<{ sent: tl.account_sentEmailCode; send: () => Promise<void> }> {
  const code = drawCode(tx, MAIL_DIGITS)
  await admitCode(tx, mail.email)
  await issueCode(tx, {
    purpose: mail.purpose,
    id: mail.id ?? codeName(tx, mail.purpose, mail.userId),
    target: mail.email,
    userId: mail.userId,
    way: 'email',
    code,
    seconds: tx.app.config.limits.mailCodeSeconds,
  })
  const text = `Your code is ${code}. If you did not ask for it, ignore this message.`
  return {
    sent: { _: 'account.sentEmailCode', emailPattern: maskEmail(mail.email), length: MAIL_DIGITS },
    send: () => tx.app.senders.mail(mail.email, mail.subject, text),
  }
}

/** Draws a code, writes it down and mails it. */
export async function sendMailCode(ctx: Ctx, mail: MailCode): Promise<tl.account_sentEmailCode> {
  const { sent, send } = await ctx.transact((tx) => issueMailCode(tx, mail))
  await send()
  return sent
}

/** Tries a code that was mailed; the right one is spent. The caller commits before it refuses. */
export async function tryMailCode(
  tx: Tx,
  mail: Pick<MailCode, 'purpose' | 'userId' | 'email' | 'id'>,
  code: string,
): Promise<'ok' | 'invalid' | 'expired'> {
  const id = mail.id ?? codeName(tx, mail.purpose, mail.userId)
  const tried = await tryCode(tx, mail.purpose, id, mail.email, code)
  if (tried.verdict === 'ok') await setCodeState(tx, id, CODE_STATE.spent)
  return tried.verdict
}
