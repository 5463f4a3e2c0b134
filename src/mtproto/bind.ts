// The message by which a client binds a temporary key: https://core.telegram.org/method/auth.bindTempAuthKey
import { timingSafeEqual } from 'node:crypto'
import { authKeyId, deriveV1, sha1 } from './crypto.ts'
import { BIND_AUTH_KEY_INNER } from './ids.ts'
import { igeDecrypt } from './ige.ts'

/** bind_auth_key_inner, and the message id of the message it came in. */
export interface BindMessage {
  nonce: bigint
  /** Unsigned, like `AuthKey.id`. */
  tempAuthKeyId: bigint
  permAuthKeyId: bigint
  tempSessionId: bigint
  /** Unix seconds. */
  expiresAt: number
  msgId: bigint
}

/**
 * Opens `encrypted_message` of auth.bindTempAuthKey, which is encrypted as in MTProto 1.0 with the permanent key.
 * Whether its fields are right is for the caller to check: nonce, ids, session, time, and that `msgId` is the request's.
 * @returns undefined when it was not encrypted with this key, or is no bind_auth_key_inner
 */
export function openBindMessage(permKey: Buffer, encrypted: Uint8Array): BindMessage | undefined {
  const data = Buffer.from(encrypted)
  const length = data.length - 24
  if (length < 80 || length > 1024 || (length & 15) !== 0) return undefined
  if (data.readBigUInt64LE(0) !== authKeyId(permKey)) return undefined
  const msgKey = data.subarray(8, 24)
  const { key, iv } = deriveV1(permKey, msgKey, 0)
  const text = igeDecrypt(data.subarray(24), key, iv)
  // random:int128 msg_id:long seq_no:int length:int body, then padding of up to 15 bytes outside of the hash.
  const bodyLength = text.readInt32LE(28)
  if (bodyLength !== 40 || 32 + bodyLength > text.length) return undefined
  if (!timingSafeEqual(sha1(text.subarray(0, 32 + bodyLength)).subarray(4, 20), msgKey)) return undefined
  if (text.readInt32LE(32) !== BIND_AUTH_KEY_INNER) return undefined
  return {
    nonce: text.readBigInt64LE(36),
    tempAuthKeyId: text.readBigUInt64LE(44),
    permAuthKeyId: text.readBigUInt64LE(52),
    tempSessionId: text.readBigInt64LE(60),
    expiresAt: text.readInt32LE(68),
    msgId: text.readBigInt64LE(16),
  }
}
