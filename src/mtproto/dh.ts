// Diffie-Hellman over the group of the protocol's documents. Clients know this prime and skip testing it.
import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject, randomBytes } from 'node:crypto'

/** The 2048-bit safe prime of https://core.telegram.org/mtproto/auth_key. */
export const DH_PRIME = Buffer.from(
  'c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4dbfa336f6e0ac92513' +
    '9543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f642477fe96bb2a941d5bcd1d4ac8cc4988' +
    '0708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4' +
    'b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f' +
    '0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b',
  'hex',
)
export const DH_G = 3

// In a group with a safe prime an exponent of twice the group's strength (112 bits) loses nothing; this one has 512 bits.
const EXPONENT = 64

// Node's DiffieHellman object tests its prime for 0.3 s, and its exponents are as long as the prime. Keys read from DER
// have neither property, so the keys are written as DER here: PKCS#8 and SubjectPublicKeyInfo of PKCS#3 dhKeyAgreement.
function tlv(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const n = body.length
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

function integer(bytes: Uint8Array): Buffer {
  let from = 0
  while (from < bytes.length - 1 && bytes[from] === 0) from++
  const digits = bytes.subarray(from)
  return tlv(2, digits[0]! & 0x80 ? Buffer.of(0) : Buffer.alloc(0), digits)
}

const ALGORITHM = tlv(
  0x30,
  Buffer.from('06092a864886f70d010301', 'hex'),
  tlv(0x30, integer(DH_PRIME), integer(Buffer.of(DH_G))),
)

function privateKey(exponent: Uint8Array): KeyObject {
  const key = tlv(0x30, integer(Buffer.of(0)), ALGORITHM, tlv(4, integer(exponent)))
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

function publicKey(value: Uint8Array): KeyObject {
  const key = tlv(0x30, ALGORITHM, tlv(3, Buffer.of(0), integer(value)))
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

// g to the power of a secret: the INTEGER in the BIT STRING at the end of the public key.
function powerOf(secret: KeyObject): Buffer {
  const der = createPublicKey(secret).export({ format: 'der', type: 'spki' })
  let at = der.indexOf(ALGORITHM) + ALGORITHM.length
  // Steps over a tag and its length, gives the length.
  const enter = (): number => {
    const first = der[at + 1]!
    const bytes = first & 0x80 ? first & 0x7f : 0
    const length = bytes === 0 ? first : der.readUIntBE(at + 2, bytes)
    at += 2 + bytes
    return length
  }
  enter()
  at += 1
  const length = enter()
  const digits = der.subarray(at, at + length)
  const out = Buffer.alloc(256)
  digits.copy(out, Math.max(0, 256 - length), Math.max(0, length - 256))
  return out
}

/** One side of an exchange: the secret, and g to its power (256 bytes). */
export interface Half {
  secret: KeyObject
  power: Buffer
}

export function dhCreate(): Half {
  for (;;) {
    const secret = privateKey(randomBytes(EXPONENT))
    const power = powerOf(secret)
    if (dhInRange(power)) return { secret, power }
  }
}

/** `value` to the power of the secret, 256 bytes. `value` must be in range. */
export function dhShared(secret: KeyObject, value: Uint8Array): Buffer {
  return diffieHellman({ privateKey: secret, publicKey: publicKey(value) })
}

/** `value` to the power of an exponent that is computed rather than drawn, 256 bytes: two-factor passwords (SRP). */
export function dhPower(exponent: Uint8Array, value: Uint8Array): Buffer {
  return dhShared(privateKey(exponent), value)
}

/** Whether a value lies between 2^(2048-64) and the prime less that, as both sides must check. */
export function dhInRange(value: Uint8Array): boolean {
  const v = Buffer.alloc(256)
  if (value.length > 256) return false
  v.set(value, 256 - value.length)
  if (v.readBigUInt64BE(0) === 0n) return false
  // value < prime - 2^1984: the upper 64 bits alone differ by one, the rest of the number is compared as it is.
  const limit = Buffer.from(DH_PRIME)
  limit.writeBigUInt64BE(limit.readBigUInt64BE(0) - 1n, 0)
  return v.compare(limit) < 0
}
