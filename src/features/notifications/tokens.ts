import { createECDH } from 'node:crypto'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'

/** Kinds of tokens: APNS 1, FCM 2, MPNS 3, simple push 4, Ubuntu 5, BlackBerry 6, MTProto 7, WNS 8, VoIP 9, web 10, MPNS VoIP 11, Tizen 12, Huawei 13. */
const TYPES = 13
const WEB = 10
/** Tokens may be whole objects of JSON, with an address in them. */
const LONGEST = 4096
/** Keys for what is pushed have this many bytes. */
const SECRET = 256

/**
 * Refuses tokens that no kind of push could use: TOKEN_TYPE_INVALID, TOKEN_EMPTY, TOKEN_INVALID, WEBPUSH_*.
 * https://core.telegram.org/api/push-updates#subscribing-to-notifications
 */
export function checkToken(type: number, token: string, secret: Uint8Array): void {
  if (!(type >= 1 && type <= TYPES)) throw new RpcError('TOKEN_TYPE_INVALID')
  if (token === '') throw new RpcError('TOKEN_EMPTY')
  if (token.length > LONGEST || (secret.length !== 0 && secret.length !== SECRET)) throw new RpcError('TOKEN_INVALID')
  if (type === WEB) checkWebToken(token)
}

/** Accounts of one app at a time. */
export const ACCOUNTS = 100

/** A token is one app's: takes it from all accounts but those that stay in the app. @returns from which it was taken */
export async function forgetToken(
  tx: Tx,
  { tokenType, token }: { tokenType: number; token: string },
  stay: readonly number[],
): Promise<number[]> {
  const rows = await tx.trx
    .deleteFrom('push_token')
    .where('token', '=', token)
    .where('token_type', '=', tokenType)
    .$if(stay.length > 0, (q) => q.where('owner', 'not in', stay))
    .returning('owner')
    .execute()
  return rows.map((row) => row.owner)
}

function checkWebToken(token: string): void {
  let subscription: { endpoint?: unknown; keys?: { p256dh?: unknown; auth?: unknown } }
  try {
    subscription = JSON.parse(token)
  } catch {
    throw new RpcError('WEBPUSH_TOKEN_INVALID')
  }
  const { endpoint, keys } = subscription ?? {}
  if (typeof endpoint !== 'string' || !/^https:\/\/[^\s/]/.test(endpoint)) throw new RpcError('WEBPUSH_TOKEN_INVALID')
  if (!isPublicKey(keys?.p256dh)) throw new RpcError('WEBPUSH_KEY_INVALID')
  if (typeof keys?.auth !== 'string' || Buffer.from(keys.auth, 'base64url').length !== 16) {
    throw new RpcError('WEBPUSH_AUTH_INVALID')
  }
}

/** A point of P-256, written uncompressed. https://www.rfc-editor.org/rfc/rfc8291 */
function isPublicKey(key: unknown): boolean {
  if (typeof key !== 'string') return false
  const point = Buffer.from(key, 'base64url')
  if (point.length !== 65 || point[0] !== 4) return false
  try {
    const own = createECDH('prime256v1')
    own.generateKeys()
    own.computeSecret(point)
    return true
  } catch {
    return false
  }
}
