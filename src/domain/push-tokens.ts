import type { Tx } from '../rpc/context.ts'

/**
 * Forgets where an authorization wanted its notifications, when it ends: signed out, ended from another device, or gone
 * with the account. https://core.telegram.org/api/push-updates
 */
export async function forgetPushTokens(tx: Tx, authKeys: readonly string[]): Promise<void> {
  if (authKeys.length === 0) return
  await tx.trx.deleteFrom('push_token').where('auth_key', 'in', authKeys).execute()
  await tx.trx.deleteFrom('device_lock').where('auth_key', 'in', authKeys).execute()
}
