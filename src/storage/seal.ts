import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const VERSION = 1
const IV = 12
const TAG = 16

/** What was to be unsealed is not what was sealed: another secret, another context, or changed bytes. */
export class SealBroken extends Error {
  override name = 'SealBroken'
}

/**
 * Seals a secret for the database: AES-256-GCM under a key made of the server's secret (HKDF-SHA256, at least 16
 * bytes). `context` says what it is and whose (`auth_key:0123456789abcdef`): a value moved to another row does not open
 * there. One byte of version comes first, so that the way of sealing can change while old values stay readable.
 */
export function seal(secret: Uint8Array, context: string, plain: Uint8Array): Uint8Array {
  const iv = randomBytes(IV)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv)
  cipher.setAAD(Buffer.from(context))
  return Buffer.concat([Buffer.of(VERSION), iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Opens what `seal` gave, with the same secret and context. Throws SealBroken. */
export function unseal(secret: Uint8Array, context: string, sealed: Uint8Array): Buffer {
  if (sealed[0] !== VERSION || sealed.length < 1 + IV + TAG) {
    throw new SealBroken(`${context}: sealed in a way that is unknown here`)
  }
  const end = sealed.length - TAG
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), sealed.subarray(1, 1 + IV), { authTagLength: TAG })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(end))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(1 + IV, end)), decipher.final()])
  } catch (cause) {
    throw new SealBroken(`${context}: sealed under another secret, or changed`, { cause })
  }
}

const keys = new WeakMap<Uint8Array, Buffer>()

function keyOf(secret: Uint8Array): Buffer {
  let key = keys.get(secret)
  if (key === undefined) {
    if (secret.length < 16) throw new TypeError('the secret is too short')
    key = Buffer.from(hkdfSync('sha256', secret, '', 'chappe seal 1', 32))
    keys.set(secret, key)
  }
  return key
}
