import { createHash } from 'node:crypto'
import { DH_G, DH_PRIME, dhInRange, dhPower } from '../mtproto/dh.ts'

/**
 * The server's side of two-factor passwords: it keeps v = g^x and never learns the password.
 * https://core.telegram.org/api/srp
 */
export const SRP_G = DH_G
export const SRP_PRIME = DH_PRIME

const SIZE = 256

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const number = (bytes: Uint8Array): bigint =>
  bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const bytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(SIZE * 2, '0'), 'hex')
const pad = (value: Uint8Array): Buffer => Buffer.concat([Buffer.alloc(Math.max(0, SIZE - value.length)), value])

const P = number(SRP_PRIME)
const G = Buffer.of(SRP_G)
const G_PADDED = pad(G)
const K = number(sha256(SRP_PRIME, G_PADDED))
const HEAD = (() => {
  const p = sha256(SRP_PRIME)
  const g = sha256(G_PADDED)
  return p.map((byte, i) => byte ^ g[i]!)
})()

/** Whether a number may stand for a public value or a verifier: 256 bytes at most, far from 0 and from the prime. */
export const srpInRange = (value: Uint8Array): boolean => value.length <= SIZE && dhInRange(value)

/** srp_B for a verifier and the server's secret exponent (64 bytes). */
export function srpPublic(verifier: Uint8Array, exponent: Uint8Array): Buffer {
  return bytes((K * number(verifier) + number(dhPower(exponent, G))) % P)
}

export interface SrpCheck {
  verifier: Uint8Array
  exponent: Uint8Array
  salt1: Uint8Array
  salt2: Uint8Array
  /** What the client sent. */
  A: Uint8Array
  M1: Uint8Array
}

/** Whether the client knows the password. Takes about 3 ms of OpenSSL's time. */
export function srpVerify(check: SrpCheck): boolean {
  if (check.M1.length !== 32 || !srpInRange(check.A)) return false
  const A = pad(check.A)
  const B = srpPublic(check.verifier, check.exponent)
  const u = sha256(A, B)
  const base = (number(A) * number(dhPower(u, check.verifier))) % P
  if (base <= 1n || base >= P - 1n) return false
  const key = sha256(dhPower(check.exponent, bytes(base)))
  const expected = sha256(HEAD, sha256(check.salt1), sha256(check.salt2), A, B, key)
  return expected.equals(check.M1)
}
