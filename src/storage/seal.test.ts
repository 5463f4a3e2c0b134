import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { SealBroken, seal, unseal } from './seal.ts'

test('seal: opens with the same secret and context only', () => {
  const secret = randomBytes(32)
  const plain = randomBytes(256)
  const sealed = seal(secret, 'auth_key:01', plain)
  assert.deepEqual(unseal(secret, 'auth_key:01', sealed), plain)
  assert.deepEqual(unseal(Buffer.from(secret), 'auth_key:01', new Uint8Array(sealed)), plain)
  assert.notDeepEqual(seal(secret, 'auth_key:01', plain), sealed, 'no two alike')
  assert.equal(Buffer.from(sealed).includes(plain.subarray(0, 8)), false)
  assert.throws(() => unseal(secret, 'auth_key:02', sealed), SealBroken)
  assert.throws(() => unseal(randomBytes(32), 'auth_key:01', sealed), SealBroken)
  for (const at of [0, 1, 20, sealed.length - 1]) {
    const changed = Uint8Array.from(sealed)
    changed[at]! ^= 1
    assert.throws(() => unseal(secret, 'auth_key:01', changed), SealBroken)
  }
  for (const length of [0, 1, 28]) {
    assert.throws(() => unseal(secret, 'auth_key:01', sealed.subarray(0, length)), SealBroken)
  }
  assert.throws(() => seal(Buffer.alloc(0), 'x', plain), TypeError)
})
