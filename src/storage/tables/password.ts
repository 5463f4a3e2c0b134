import type { Generated } from 'kysely'

/** An account's two-factor password, or one that it is about to have. */
export interface PasswordTable {
  user_id: number
  /** g to the power of the hashed password, sealed; null while there is no password. */
  verifier: Uint8Array | null
  salt1: Uint8Array
  salt2: Uint8Array
  hint: Generated<string>
  /** Confirmed address for recovery; null without. */
  email: string | null
  /** TL SecureSecretSettings of Passport. */
  secure: Uint8Array | null
  /** Counts changes of the password, so that a check begun with an earlier one is told apart. */
  version: Generated<number>
  /** When it was set. */
  set_at: Generated<number>
  /** Wrong passwords given since `fails_at`. */
  fails: Generated<number>
  fails_at: Generated<number>
  /** When a password that its owner forgot can be taken off; 0 while nobody asked. */
  reset_at: Generated<number>
  /** When such a request was taken back. */
  declined_at: Generated<number>
  /** A change that waits for its address to be confirmed: sealed JSON; null without. */
  pending: Uint8Array | null
  pending_email: string | null
}

declare module './index.ts' {
  interface Tables {
    password: PasswordTable
  }
}
