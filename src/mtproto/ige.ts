// AES-256-IGE. Short data goes through WASM. Long data is encrypted by OpenSSL, which has no IGE but has CBC in hardware:
// with y[i] = E(p[i] ^ c[i-1]) and c[i] = y[i] ^ p[i-1], y is the CBC encryption of q[i] = p[i] ^ p[i-2]. Decryption has
// no such form. bench/ige.ts measures both.
import { createCipheriv } from 'node:crypto'
import { INPUT, IV, KEY, memory, OUTPUT, PIECE, wasm } from './wasm.ts'

/** From how many bytes on encryption goes through OpenSSL. */
export const OPENSSL_FROM = 1024

/** Encrypts a multiple of 16 bytes; `iv` is 32 bytes. */
export function igeEncrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(data.length)
  if (data.length >= OPENSSL_FROM) return igeEncryptOpenssl(data, key, iv, out, 0)
  return igeEncryptWasm(data, key, iv, out, 0)
}

/** The same by WASM whatever the length, into `out` at `at`. */
export function igeEncryptWasm(data: Uint8Array, key: Uint8Array, iv: Uint8Array, out: Buffer, at: number): Buffer {
  const mem = memory()
  mem.set(key, KEY)
  mem.set(iv, IV)
  for (let from = 0; from < data.length; from += PIECE) {
    const n = Math.min(PIECE, data.length - from)
    mem.set(n === data.length ? data : data.subarray(from, from + n), INPUT)
    wasm.ige256_encrypt(INPUT, n, OUTPUT)
    mem.copy(out, at + from, OUTPUT, OUTPUT + n)
    if (from + n < data.length) {
      mem.copy(mem, IV, OUTPUT + n - 16, OUTPUT + n)
      mem.copy(mem, IV + 16, INPUT + n - 16, INPUT + n)
    }
  }
  return out
}

let mixed = new Uint32Array(0)
let plain = new Uint32Array(0)

/** The same by OpenSSL whatever the length, into `out` at `at`. */
export function igeEncryptOpenssl(data: Uint8Array, key: Uint8Array, iv: Uint8Array, out: Buffer, at: number): Buffer {
  const words = data.length >>> 2
  if (mixed.length < words) {
    // Kept for the next call; frames are bounded, so these are.
    mixed = new Uint32Array(words)
    plain = new Uint32Array(words + 4)
  }
  // plain[i] is p[i - 1] by blocks: the second half of the iv stands before the text.
  const p = plain
  const q = mixed
  new Uint8Array(p.buffer).set(iv.subarray(16), 0)
  new Uint8Array(p.buffer, 16, data.length).set(data)
  for (let i = 0; i < 4; i++) q[i] = p[i + 4]!
  for (let i = 4; i < words; i++) q[i] = p[i + 4]! ^ p[i - 4]!
  const cipher = createCipheriv('aes-256-cbc', key, iv.subarray(0, 16)).setAutoPadding(false)
  const y = cipher.update(new Uint8Array(q.buffer, 0, data.length))
  const c = y.byteOffset % 4 === 0 ? new Uint32Array(y.buffer, y.byteOffset, words) : words32(y)
  for (let i = 0; i < words; i++) q[i] = c[i]! ^ p[i]!
  out.set(new Uint8Array(q.buffer, 0, data.length), at)
  return out
}

function words32(bytes: Uint8Array): Uint32Array {
  const copy = new Uint32Array(bytes.length >>> 2)
  new Uint8Array(copy.buffer).set(bytes)
  return copy
}

/** Decrypts a multiple of 16 bytes; `iv` is 32 bytes. */
export function igeDecrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer {
  const mem = memory()
  mem.set(key, KEY)
  mem.set(iv, IV)
  const out = Buffer.allocUnsafe(data.length)
  igeDecryptPieces(data, 0, data.length, out, 0)
  return out
}

/** Decrypts with the key and iv that lie in the shared buffers already. */
export function igeDecryptPieces(data: Uint8Array, from: number, length: number, out: Buffer, at: number): void {
  const mem = memory()
  for (let done = 0; done < length; done += PIECE) {
    const n = Math.min(PIECE, length - done)
    mem.set(data.subarray(from + done, from + done + n), INPUT)
    wasm.ige256_decrypt(INPUT, n, OUTPUT)
    mem.copy(out, at + done, OUTPUT, OUTPUT + n)
    if (done + n < length) {
      mem.copy(mem, IV, INPUT + n - 16, INPUT + n)
      mem.copy(mem, IV + 16, OUTPUT + n - 16, OUTPUT + n)
    }
  }
}
