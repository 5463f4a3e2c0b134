import assert from 'node:assert/strict'
import { createHash, pbkdf2Sync, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { SRP_G, SRP_PRIME, srpInRange, srpPublic, srpVerify } from './srp.ts'

// The client's side with plain BigInt, as https://core.telegram.org/api/srp writes it.
const P = BigInt(`0x${SRP_PRIME.toString('hex')}`)
const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const num = (b: Uint8Array) => BigInt(`0x${Buffer.from(b).toString('hex')}`)
const pad = (n: bigint) => Buffer.from(n.toString(16).padStart(512, '0'), 'hex')

function pow(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let b = base % P, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P
  return result
}

function hash(password: string, salt1: Uint8Array, salt2: Uint8Array): bigint {
  const salted = (data: Uint8Array, salt: Uint8Array) => sha(salt, data, salt)
  const first = salted(salted(Buffer.from(password), salt1), salt2)
  return num(salted(pbkdf2Sync(first, salt1, 100_000, 64, 'sha512'), salt2))
}

function check(password: string, salt1: Uint8Array, salt2: Uint8Array, B: Buffer) {
  const g = pad(BigInt(SRP_G))
  const x = hash(password, salt1, salt2)
  const a = num(randomBytes(256))
  const A = pad(pow(BigInt(SRP_G), a))
  const k = num(sha(SRP_PRIME, g))
  const t = (((num(B) - k * pow(BigInt(SRP_G), x)) % P) + P) % P
  const key = sha(pad(pow(t, a + num(sha(A, B)) * x)))
  const head = sha(SRP_PRIME).map((byte, i) => byte ^ sha(g)[i]!)
  return { A, M1: sha(head, sha(salt1), sha(salt2), A, B, key) }
}

test('the right password is known from a wrong one', () => {
  const salt1 = randomBytes(40)
  const salt2 = randomBytes(16)
  const exponent = randomBytes(64)
  const verifier = pad(pow(BigInt(SRP_G), hash('correct horse', salt1, salt2)))
  assert.ok(srpInRange(verifier))
  const B = srpPublic(verifier, exponent)
  assert.equal(B.length, 256)
  const common = { verifier, exponent, salt1, salt2 }
  assert.equal(srpVerify({ ...common, ...check('correct horse', salt1, salt2, B) }), true)
  assert.equal(srpVerify({ ...common, ...check('wrong horse', salt1, salt2, B) }), false)
  // The answer to another challenge is none to this one.
  const other = check('correct horse', salt1, salt2, srpPublic(verifier, randomBytes(64)))
  assert.equal(srpVerify({ ...common, ...other }), false)
})

test('values that would make the key known beforehand are refused', () => {
  const salt1 = randomBytes(40)
  const salt2 = randomBytes(16)
  const verifier = pad(pow(3n, 12345678901234567890n * 2n ** 100n))
  const common = { verifier, exponent: randomBytes(64), salt1, salt2, M1: randomBytes(32) }
  for (const A of [pad(0n), pad(1n), pad(P), pad(P - 1n), pad(P + 1n), Buffer.alloc(0), Buffer.alloc(300, 1)]) {
    assert.equal(srpVerify({ ...common, A }), false)
  }
})
