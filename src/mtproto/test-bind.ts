// What a client sends to bind a temporary key.
import { randomBytes } from 'node:crypto'
import type { BindMessage } from './bind.ts'
import { authKeyId, deriveV1, sha1 } from './crypto.ts'
import { BIND_AUTH_KEY_INNER } from './ids.ts'
import { igeEncrypt } from './ige.ts'

/**
 * bind_auth_key_inner, encrypted as in MTProto 1.0 with the permanent key; `edit` changes it before.
 * https://core.telegram.org/method/auth.bindTempAuthKey, https://core.telegram.org/mtproto/description_v1
 */
export function encryptBinding(
  permanent: Buffer,
  fields: BindMessage,
  edit: (text: Buffer) => void = () => {},
): Buffer {
  const text = Buffer.alloc(72)
  randomBytes(16).copy(text)
  text.writeBigInt64LE(fields.msgId, 16)
  text.writeInt32LE(40, 28)
  text.writeInt32LE(BIND_AUTH_KEY_INNER, 32)
  text.writeBigInt64LE(fields.nonce, 36)
  text.writeBigUInt64LE(fields.tempAuthKeyId, 44)
  text.writeBigUInt64LE(fields.permAuthKeyId, 52)
  text.writeBigInt64LE(fields.tempSessionId, 60)
  text.writeInt32LE(fields.expiresAt, 68)
  edit(text)
  const msgKey = sha1(text).subarray(4, 20)
  const { key, iv } = deriveV1(permanent, msgKey, 0)
  const keyId = Buffer.alloc(8)
  keyId.writeBigUInt64LE(authKeyId(permanent))
  return Buffer.concat([keyId, msgKey, igeEncrypt(Buffer.concat([text, randomBytes(8)]), key, iv)])
}
