import { issueMailCode } from '../../domain/mail-codes.ts'
import { atRest } from '../../domain/message-view.ts'
import { type NewPassword, type PasswordRow, setPassword, setRecoveryEmail, setSecure } from '../../domain/passwords.ts'
import type { Tx } from '../../rpc/context.ts'
import { seal, unseal } from '../../storage/seal.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

/** A change of the settings; what is missing stays as it is. */
export interface Change {
  password?: NewPassword | undefined
  secure?: tl.SecureSecretSettings | undefined
}

const context = (userId: number) => `password change:${userId}`

const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const toBytes = (text: string): Buffer => Buffer.from(text, 'base64')

function writeChange(change: Change): Buffer {
  const { password, secure } = change
  const kept =
    password === undefined || password === 'none'
      ? password
      : {
          verifier: toText(password.verifier),
          salt1: toText(password.salt1),
          salt2: toText(password.salt2),
          hint: password.hint,
        }
  return Buffer.from(JSON.stringify({ password: kept, secure: secure && toText(atRest(secure)) }))
}

function readChange(bytes: Buffer): Change {
  const { password, secure } = JSON.parse(bytes.toString())
  return {
    password:
      typeof password === 'object'
        ? {
            verifier: toBytes(password.verifier),
            salt1: toBytes(password.salt1),
            salt2: toBytes(password.salt2),
            hint: password.hint,
          }
        : password,
    secure: secure && (readObject(toBytes(secure)) as tl.SecureSecretSettings),
  }
}

/** Makes a change. A recovery address is set (or taken off, null) only when it has been confirmed. */
export async function applyChange(tx: Tx, userId: number, change: Change, email?: string | null): Promise<void> {
  if (change.password) await setPassword(tx, userId, change.password)
  if (change.password === 'none') return
  if (change.secure) await setSecure(tx, userId, change.secure)
  if (email !== undefined) await setRecoveryEmail(tx, userId, email)
}

/**
 * Keeps a change until its recovery address is confirmed with the code that goes there.
 * https://core.telegram.org/api/srp#setting-a-new-2fa-password
 */
export async function holdChange(tx: Tx, userId: number, change: Change, email: string) {
  const pending = seal(tx.app.secrets.seal, context(userId), writeChange(change))
  await tx.trx
    .insertInto('password')
    .values({
      user_id: userId,
      verifier: null,
      salt1: new Uint8Array(),
      salt2: new Uint8Array(),
      pending,
      pending_email: email,
    })
    .onConflict((c) => c.column('user_id').doUpdateSet({ pending, pending_email: email }))
    .execute()
  return mailConfirmation(tx, userId, email)
}

/** Mails the code that confirms a recovery address. */
export async function mailConfirmation(tx: Tx, userId: number, email: string) {
  return issueMailCode(tx, { purpose: 'recovery-email', userId, email, subject: 'Confirm your recovery address' })
}

/** Makes the change that was waiting. */
export async function applyHeld(tx: Tx, row: PasswordRow): Promise<void> {
  const change = readChange(unseal(tx.app.secrets.seal, context(row.user_id), row.pending!))
  await applyChange(tx, row.user_id, change, row.pending_email)
}
