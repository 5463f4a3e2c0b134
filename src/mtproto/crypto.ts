// What MTProto makes of hashes and AES: the keys of one message, its encryption and its check.
// https://core.telegram.org/mtproto/description
import { createHash, hash } from 'node:crypto'
import { igeDecryptPieces, igeEncryptOpenssl, OPENSSL_FROM } from './ige.ts'
import { igeNative, NATIVE_FROM } from './native-aes.ts'
import { DIGEST, INPUT, IV, KDF_A, KDF_B, KEY, memory, memoryWords, OUTPUT, wasm } from './wasm.ts'

// Up to here WASM hashes faster than a call into OpenSSL.
const WASM_HASH = 96

export const sha1 = (data: Uint8Array): Buffer => hash('sha1', data, 'buffer')
export const sha256 = (data: Uint8Array): Buffer => hash('sha256', data, 'buffer')

/** Lower 64 bits of the key's SHA1, unsigned. */
export function authKeyId(key: Uint8Array): bigint {
  return sha1(key).readBigUInt64LE(12)
}

/** The half of an authorization key that messages of one direction are keyed with. */
export interface Direction {
  /** The whole key. */
  readonly words: Int32Array
  /** The word that the half begins with. */
  readonly from: number
}

/** `x` is 0 for what the client sends and 8 for what the server sends. */
export function direction(key: Buffer, x: 0 | 8): Direction {
  return directionAt(keyWords(key), 0, x)
}

/** The same of a key that lies among others, from a word on. */
export function directionAt(words: Int32Array, from: number, x: 0 | 8): Direction {
  return { words, from: from + (x >> 2) }
}

/** An authorization key as words: a view of it where it lies right for that. */
export function keyWords(key: Buffer): Int32Array {
  if ((key.byteOffset & 3) === 0) return new Int32Array(key.buffer, key.byteOffset, 64)
  const words = new Int32Array(64)
  new Uint8Array(words.buffer).set(key.subarray(0, 256))
  return words
}

// The ciphers' shared memory in words: few bytes are moved faster one by one than by a call.
const WORD_A = KDF_A >> 2
const WORD_B = KDF_B >> 2
const WORD_KEY = KEY >> 2
const WORD_IV = IV >> 2
const WORD_DIGEST = DIGEST >> 2
/** In a direction's half of the key: what the two key derivations take, and the hash that is the message key. */
const PART_A = 0
const PART_B = 10
const CHECK = 22

/** Derives key and iv from the message key that lies at KDF_A, into the ciphers' shared memory. */
export function derive(m: Int32Array, { words, from }: Direction): void {
  for (let i = 0; i < 4; i++) m[WORD_B + 9 + i] = m[WORD_A + i]!
  for (let i = 0; i < 9; i++) {
    m[WORD_A + 4 + i] = words[from + PART_A + i]!
    m[WORD_B + i] = words[from + PART_B + i]!
  }
  wasm.sha256(KDF_A, 52)
  m[WORD_KEY] = m[WORD_DIGEST]!
  m[WORD_KEY + 1] = m[WORD_DIGEST + 1]!
  m[WORD_KEY + 6] = m[WORD_DIGEST + 6]!
  m[WORD_KEY + 7] = m[WORD_DIGEST + 7]!
  for (let i = 2; i < 6; i++) m[WORD_IV + i] = m[WORD_DIGEST + i]!
  wasm.sha256(KDF_B, 52)
  for (let i = 2; i < 6; i++) m[WORD_KEY + i] = m[WORD_DIGEST + i]!
  m[WORD_IV] = m[WORD_DIGEST]!
  m[WORD_IV + 1] = m[WORD_DIGEST + 1]!
  m[WORD_IV + 6] = m[WORD_DIGEST + 6]!
  m[WORD_IV + 7] = m[WORD_DIGEST + 7]!
}

/** Writes into memory (in words, at `at`) what is hashed before the text of this direction. */
function putCheck(m: Int32Array, { words, from }: Direction, at: number): void {
  for (let i = 0; i < PREFIX >> 2; i++) m[at + i] = words[from + CHECK + i]!
}

// A digest as text, a character a byte: that spares the buffer, which costs as much as the hash.
const digestOf = (data: Uint8Array): string => hash('sha256', data, 'latin1')

function putKey(mem: Buffer, digest: string): void {
  for (let i = 0; i < 16; i++) mem[KDF_A + i] = digest.charCodeAt(8 + i)
}

/** Room that `encryptMessage` needs before the text. */
export const PREFIX = 32

/**
 * Encrypts `text[PREFIX ..]` (salt, session, message, padding: a multiple of 16 bytes, so many as `length` says) and
 * writes message key and ciphertext into `out` at `at`. The first PREFIX bytes of `text` are written over.
 */
export function encryptMessage(d: Direction, text: Uint8Array, length: number, out: Buffer, at: number): void {
  const mem = memory()
  const m = memoryWords()
  if (length < OPENSSL_FROM) {
    mem.set(text.subarray(PREFIX, PREFIX + length), INPUT + PREFIX)
    putCheck(m, d, INPUT >> 2)
    if (length <= WASM_HASH) {
      wasm.sha256(INPUT, PREFIX + length)
      for (let i = 0; i < 4; i++) m[WORD_A + i] = m[WORD_DIGEST + 2 + i]!
    } else putKey(mem, digestOf(mem.subarray(INPUT, INPUT + PREFIX + length)))
    mem.copy(out, at, KDF_A, KDF_A + 16)
    derive(m, d)
    wasm.ige256_encrypt(INPUT + PREFIX, length, OUTPUT)
    mem.copy(out, at + 16, OUTPUT, OUTPUT + length)
    return
  }
  putCheck(m, d, INPUT >> 2)
  text.set(mem.subarray(INPUT, INPUT + PREFIX), 0)
  putKey(mem, digestOf(text.subarray(0, PREFIX + length)))
  mem.copy(out, at, KDF_A, KDF_A + 16)
  derive(m, d)
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
  const m = memoryWords()
  for (let i = 0; i < 16; i++) mem[KDF_A + i] = frame[from - 16 + i]!
  derive(m, d)
  const out = inPlace ? frame.subarray(from, from + length) : Buffer.allocUnsafe(length)
  const short = length < OPENSSL_FROM
  let digest: string
  if (short) {
    mem.set(frame.subarray(from, from + length), INPUT)
    putCheck(m, d, OUTPUT >> 2)
    wasm.ige256_decrypt(INPUT, length, OUTPUT + PREFIX)
    if (length <= WASM_HASH) {
      wasm.sha256(OUTPUT, PREFIX + length)
      digest = mem.toString('latin1', DIGEST, DIGEST + 32)
    } else digest = digestOf(mem.subarray(OUTPUT, OUTPUT + PREFIX + length))
  } else {
    const native =
      length >= NATIVE_FROM &&
      igeNative(false, frame, from, length, mem.subarray(KEY, KEY + 32), mem.subarray(IV, IV + 32), out, 0)
    if (!native) igeDecryptPieces(frame, from, length, out, 0)
    putCheck(m, d, INPUT >> 2)
    const check = mem.subarray(INPUT, INPUT + PREFIX)
    digest = createHash('sha256').update(check).update(out).digest('latin1')
  }
  let different = 0
  for (let i = 0; i < 16; i++) different |= digest.charCodeAt(8 + i) ^ frame[from - 16 + i]!
  if (different !== 0) return undefined
  if (short) mem.copy(out, 0, OUTPUT + PREFIX, OUTPUT + PREFIX + length)
  quickToken =
    digest.charCodeAt(0) | (digest.charCodeAt(1) << 8) | (digest.charCodeAt(2) << 16) | (digest.charCodeAt(3) << 24)
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
