import type { Generated } from 'kysely'

/** Codes sent to phones and mail addresses: to sign in, to change or confirm a number, to set up or prove an address. */
export interface CodeTable {
  /** What the client names it by: phone_code_hash, or made of purpose and account for codes it needs no name for. */
  id: string
  purpose: string
  /** Phone (digits only) or mail address that the code proves. */
  target: string
  /** The authorization key that asked; others cannot use the code. */
  key: string
  /** The account concerned, 0 when none exists yet. */
  user_id: number
  /** `app`, `sms`, `email`, `test`. */
  way: string
  /** Keyed hash of id and code. */
  code: string
  attempts: Generated<number>
  /** 1 once the right code was given and only signing up is left; 2 when it is good for nothing any more. */
  state: Generated<number>
  /** An address that was confirmed while this code was on its way: the login address once the code is given. */
  email: string | null
  ip: string
  sent_at: number
  expires_at: number
}

/** Short-lived secrets that sign another key in: QR logins, authorizations for other data centres, logout tokens. */
export interface LoginTokenTable {
  /** SHA-256 of the token, hexadecimal. */
  id: string
  /** `qr`, `export` or `logout`. */
  kind: string
  /** The account, 0 while nobody accepted. */
  user_id: number
  /** The key that asked for it. */
  key: string
  /** Accounts signed in on that client already, JSON. */
  others: string
  expires_at: number
}

/** The mail address that an account's login codes go to instead of its phone. */
export interface LoginEmailTable {
  user_id: number
  email: string
  /** When it will be taken off because its owner cannot read it any more; 0 while nobody asked. */
  reset_at: Generated<number>
}

/** Mail addresses that an account has proven to own, for Passport. */
export interface VerifiedEmailTable {
  user_id: number
  email: string
  date: number
}

/** Which terms of service an account agreed to. */
export interface AcceptedTermsTable {
  user_id: number
  terms: string
  date: number
}

declare module './index.ts' {
  interface Tables {
    code: CodeTable
    login_token: LoginTokenTable
    login_email: LoginEmailTable
    verified_email: VerifiedEmailTable
    accepted_terms: AcceptedTermsTable
  }
}
