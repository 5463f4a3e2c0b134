import type { Generated } from 'kysely'

/** Authorization keys: a client's device. A temporary key (PFS) names the permanent one it is bound to. */
export interface AuthKeyTable {
  /** The unsigned 64-bit id, as 16 hexadecimal digits. */
  id: string
  /** The 256 bytes, sealed under the server's secret. */
  sealed: Uint8Array
  temp: number
  /** 0 for a permanent key. */
  expires_at: number
  perm_id: string | null
  user_id: number | null
  layer: number
  api_id: number
  device_model: string
  platform: string
  system_version: string
  app_version: string
  lang_code: string
  system_lang_code: string
  lang_pack: string
  ip: string
  created_at: number
  active_at: number
  /** Whoever gave the right code and still owes the password. */
  password_pending_user: number | null
  /** Bits of AUTHORIZATION in domain/authorizations.ts. */
  flags: number
  /** When the account signed in with it; 0 while none has. */
  signed_in_at: Generated<number>
  /** The key of the same client that this one got its authorization from (for another data centre): both end together. */
  parent: string | null
}

declare module './index.ts' {
  interface Tables {
    auth_key: AuthKeyTable
  }
}
