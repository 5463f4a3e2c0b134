// What MTProto makes of hashes and AES: the keys of one message, its encryption and its check.
// https://core.telegram.org/mtproto/description
import { createHash, hash } from 'node:crypto'
import { igeDecryptPieces, igeEncryptOpenssl, OPENSSL_FROM } from './ige.ts'
import { igeNative, NATIVE_FROM } from './native-aes.ts'
import { DIGEST, INPUT, IV, KDF_A, KDF_B, KEY, memory, OUTPUT, PIECE, wasm } from './wasm.ts'

// Up to here WASM hashes faster than a call into OpenSSL.
const WASM_HASH = 96

export const sha1 = (data: Uint8Array): Buffer => hash('sha1', data, 'buffer')
export const sha256 = (data: Uint8Array): Buffer => hash('sha256', data, 'buffer')

/** Lower 64 bits of the key's SHA1, unsigned. */
export function authKeyId(key: Uint8Array): bigint {
  return sha1(key).readBigUInt64LE(12)
}

/** The parts of an authorization key that messages of one direction are keyed with. */
export interface Direction {
  check: Buffer
  a: Buffer
  b: Buffer
}

/** `x` is 0 for what the client sends and 8 for what the server sends. */
export function direction(key: Buffer, x: 0 | 8): Direction {
  return {
    check: key.subarray(88 + x, 120 + x),
    a: key.subarray(x, 36 + x),
    b: key.subarray(40 + x, 76 + x),
  }
}

// Derives key and iv from the message key that lies at KDF_A, into the ciphers' shared buffers.
function derive(mem: Buffer, d: Direction): void {
  mem.copy(mem, KDF_B + 36, KDF_A, KDF_A + 16)
  mem.set(d.a, KDF_A + 16)
  mem.set(d.b, KDF_B)
  wasm.sha256(KDF_A, 52)
  mem.copy(mem, KEY, DIGEST, DIGEST + 8)
  mem.copy(mem, KEY + 24, DIGEST + 24, DIGEST + 32)
  mem.copy(mem, IV + 8, DIGEST + 8, DIGEST + 24)
  wasm.sha256(KDF_B, 52)
  mem.copy(mem, KEY + 8, DIGEST + 8, DIGEST + 24)
  mem.copy(mem, IV, DIGEST, DIGEST + 8)
  mem.copy(mem, IV + 24, DIGEST + 24, DIGEST + 32)
}

/** Room that `encryptMessage` needs before the text. */
export const PREFIX = 32

/**
 * Encrypts `text[PREFIX ..]` (salt, session, message, padding: a multiple of 16 bytes, so many as `length` says) and
 * writes message key and ciphertext into `out` at `at`. The first PREFIX bytes of `text` are written over.
 */
export function encryptMessage(d: Direction, text: Uint8Array, length: number, out: Buffer, at: number): void {
  const mem = memory()
  text.set(d.check, 0)
  if (length <= PIECE && length < OPENSSL_FROM) {
    mem.set(text.subarray(0, PREFIX + length), INPUT)
    if (length <= WASM_HASH) {
      wasm.sha256(INPUT, PREFIX + length)
      mem.copy(mem, KDF_A, DIGEST + 8, DIGEST + 24)
    } else {
      mem.set(sha256(text.subarray(0, PREFIX + length)).subarray(8, 24), KDF_A)
    }
    mem.copy(out, at, KDF_A, KDF_A + 16)
    derive(mem, d)
    wasm.ige256_encrypt(INPUT + PREFIX, length, OUTPUT)
    mem.copy(out, at + 16, OUTPUT, OUTPUT + length)
    return
  }
  mem.set(sha256(text.subarray(0, PREFIX + length)).subarray(8, 24), KDF_A)
  mem.copy(out, at, KDF_A, KDF_A + 16)
  derive(mem, d)
  const key = mem.subarray(KEY, KEY + 32)
  const iv = mem.subarray(IV, IV + 32)
  if (length >= NATIVE_FROM && igeNative(true, text, PREFIX, length, key, iv, out, at + 16)) return
  igeEncryptOpenssl(text.subarray(PREFIX, PREFIX + length), key, iv, out, at + 16)
}

/** First 32 bits of the hash of the message decrypted last, for its quick acknowledgement. */
export let quickToken = 0

/**
 * Decrypts the ciphertext `frame[from ..]` of `length` bytes whose message key lies in the 16 bytes before it.
 * @param inPlace whether the text may take the ciphertext's place
 * @returns salt, session, message and padding, in a buffer of its own if it is not in place, or undefined when the
 * message key does not match
 */
export function decryptMessage(
  d: Direction,
  frame: Buffer,
  from: number,
  length: number,
  inPlace = false,
): Buffer | undefined {
  const mem = memory()
  mem.set(frame.subarray(from - 16, from), KDF_A)
  derive(mem, d)
  const out = inPlace ? frame.subarray(from, from + length) : Buffer.allocUnsafe(length)
  let digest = mem
  let digestAt = DIGEST
  if (length <= WASM_HASH) {
    mem.set(frame.subarray(from, from + length), INPUT)
    mem.set(d.check, OUTPUT)
    wasm.ige256_decrypt(INPUT, length, OUTPUT + PREFIX)
    wasm.sha256(OUTPUT, PREFIX + length)
    mem.copy(out, 0, OUTPUT + PREFIX, OUTPUT + PREFIX + length)
  } else {
    const native =
      length >= NATIVE_FROM &&
      igeNative(false, frame, from, length, mem.subarray(KEY, KEY + 32), mem.subarray(IV, IV + 32), out, 0)
    if (!native) igeDecryptPieces(frame, from, length, out, 0)
    digest = createHash('sha256').update(d.check).update(out).digest()
    digestAt = 0
  }
  let different = 0
  for (let i = 0; i < 16; i++) different |= digest[digestAt + 8 + i]! ^ frame[from - 16 + i]!
  if (different !== 0) return undefined
  quickToken = digest.readInt32LE(digestAt)
  return out
}

/** Key and iv of the old derivation (MTProto 1.0), which auth.bindTempAuthKey still uses for its inner message. */
export function deriveV1(key: Buffer, msgKey: Uint8Array, x: 0 | 8): { key: Buffer; iv: Buffer } {
  const part = (from: number, to: number) => key.subarray(from + x, to + x)
  const a = sha1(Buffer.concat([msgKey, part(0, 32)]))
  const b = sha1(Buffer.concat([part(32, 48), msgKey, part(48, 64)]))
  const c = sha1(Buffer.concat([part(64, 96), msgKey]))
  const d = sha1(Buffer.concat([msgKey, part(96, 128)]))
  return {
    key: Buffer.concat([a.subarray(0, 8), b.subarray(8, 20), c.subarray(4, 16)]),
    iv: Buffer.concat([a.subarray(8, 20), b.subarray(0, 8), c.subarray(16, 20), d.subarray(0, 8)]),
  }
}

/** Key and iv that the key exchange encrypts its inner data with. https://core.telegram.org/mtproto/auth_key */
export function exchangeKey(newNonce: Buffer, serverNonce: Buffer): { key: Buffer; iv: Buffer } {
  const ns = sha1(Buffer.concat([newNonce, serverNonce]))
  const sn = sha1(Buffer.concat([serverNonce, newNonce]))
  const nn = sha1(Buffer.concat([newNonce, newNonce]))
  return {
    key: Buffer.concat([ns, sn.subarray(0, 12)]),
    iv: Buffer.concat([sn.subarray(12, 20), nn, newNonce.subarray(0, 4)]),
  }
}

/** The hash by which dh_gen_ok (1), dh_gen_retry (2) and dh_gen_fail (3) prove that the server knows the new key. */
export function newNonceHash(newNonce: Buffer, which: 1 | 2 | 3, authKey: Buffer): Buffer {
  const aux = sha1(authKey).subarray(0, 8)
  return sha1(Buffer.concat([newNonce, Buffer.of(which), aux])).subarray(4, 20)
}
