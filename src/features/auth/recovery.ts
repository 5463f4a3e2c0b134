import { CODE_STATE, codeName, setCodeState, tryCode } from '../../domain/codes.ts'
import type { MailCode } from '../../domain/mail-codes.ts'
import { type PasswordRow, passwordRow } from '../../domain/passwords.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { sessionOf } from './actions.ts'

/** The account whose password is to be recovered: the one signed in, or the one that still owes it. */
export function recovering(ctx: Ctx): number {
  const userId = ctx.viewer || sessionOf(ctx).auth.passwordPending
  if (userId === 0) throw new RpcError('AUTH_KEY_UNREGISTERED')
  return userId
}

/** The mailed code that recovers a password. PASSWORD_RECOVERY_NA without an address. */
export function recoveryMail(row: PasswordRow): MailCode {
  if (row.email === null) throw new RpcError('PASSWORD_RECOVERY_NA')
  return { purpose: 'recovery', userId: row.user_id, email: row.email, subject: 'Recover your password' }
}

/**
 * Tries a recovery code and leaves it good when it is right: it is asked for twice, to check it and then to use it.
 * CODE_EMPTY, CODE_INVALID, PASSWORD_RECOVERY_EXPIRED.
 */
export async function checkRecovery(ctx: Ctx, userId: number, code: string, spend = false): Promise<void> {
  if (code === '') throw new RpcError('CODE_EMPTY')
  const verdict = await ctx.transact(async (tx) => {
    const row = await passwordRow(tx, userId)
    if (!row?.verifier || row.email === null) return 'expired'
    const id = codeName(tx, 'recovery', userId)
    const tried = await tryCode(tx, 'recovery', id, row.email, code)
    if (tried.verdict === 'ok' && spend) await setCodeState(tx, id, CODE_STATE.spent)
    return tried.verdict
  })
  if (verdict === 'expired') throw new RpcError('PASSWORD_RECOVERY_EXPIRED')
  if (verdict === 'invalid') throw new RpcError('CODE_INVALID')
}
