import assert from 'node:assert/strict'
import { createCipheriv, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { igeDecrypt, igeEncrypt, igeEncryptOpenssl, igeEncryptWasm, OPENSSL_FROM } from './ige.ts'
import { igeNative } from './native-aes.ts'
import { PIECE } from './wasm.ts'

// The definition, block by block: c[i] = E(p[i] ^ c[i-1]) ^ p[i-1].
function byDefinition(data: Buffer, key: Buffer, iv: Buffer): Buffer {
  const xor = (a: Buffer, b: Buffer) => Buffer.from(a.map((byte, i) => byte ^ b[i]!))
  const ecb = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  const out: Buffer[] = []
  let c = iv.subarray(0, 16)
  let p = iv.subarray(16)
  for (let at = 0; at < data.length; at += 16) {
    const block = data.subarray(at, at + 16)
    c = xor(ecb.update(xor(block, c)), p)
    p = block
    out.push(c)
  }
  return Buffer.concat(out)
}

test('IGE gives the published ciphertext', () => {
  const hex = (s: string) => Buffer.from(s, 'hex')
  const key = hex('5468697320697320616e20696d706c655468697320697320616e20696d706c65')
  const iv = hex('6d656e746174696f6e206f6620494745206d6f646520666f72204f70656e5353')
  const plain = hex('99706487a1cde613bc6de0b6f24b1c7aa448c8b9c3403e3467a8cad89340f53b')
  const cipher = hex('792ea8ae577b1a66cb3bd92679b8030ca54ee631976bd3a04547fdcb4639fa69')
  assert.deepEqual(igeEncrypt(plain, key, iv), cipher)
  assert.deepEqual(igeDecrypt(cipher, key, iv), plain)
})

test('WASM and OpenSSL give what the definition says, at every length where something changes', () => {
  for (const length of [16, 32, 48, OPENSSL_FROM - 16, OPENSSL_FROM, PIECE - 16, PIECE, PIECE + 16, 3 * PIECE + 48]) {
    const data = randomBytes(length)
    const key = randomBytes(32)
    const iv = randomBytes(32)
    const expected = byDefinition(data, key, iv)
    assert.deepEqual(igeEncryptWasm(data, key, iv, Buffer.alloc(length), 0), expected, `wasm ${length}`)
    assert.deepEqual(igeEncryptOpenssl(data, key, iv, Buffer.alloc(length), 0), expected, `openssl ${length}`)
    assert.deepEqual(igeEncrypt(data, key, iv), expected)
    assert.deepEqual(igeDecrypt(expected, key, iv), data, `decrypt ${length}`)
  }
})

test("the processor's AES gives the same both ways, in place and not, or is not there", (t) => {
  const key = randomBytes(32)
  const iv = randomBytes(32)
  if (!igeNative(true, Buffer.alloc(16), 0, 16, key, iv, Buffer.alloc(16), 0)) {
    t.skip('this processor, or this Node, does not offer it')
    return
  }
  for (const length of [16, 32, 48, 1024, 65536 - 16, 65536, 65536 + 16, 3 * 65536 + 48]) {
    const data = randomBytes(length)
    const expected = igeEncryptWasm(data, key, iv, Buffer.alloc(length), 0)
    const out = Buffer.alloc(length + 7)
    assert.ok(igeNative(true, data, 0, length, key, iv, out, 7))
    assert.deepEqual(out.subarray(7), expected, `encrypted ${length}`)
    assert.ok(igeNative(false, out, 7, length, key, iv, out, 7))
    assert.deepEqual(out.subarray(7), data, `decrypted ${length}`)
  }
})
