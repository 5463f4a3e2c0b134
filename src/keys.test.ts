import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError } from './config.ts'
import { fingerprintText, openKeys } from './keys.ts'

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'chappe-keys-'))
  return { path, keys: join(path, 'keys'), [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

test('nodes that start together in one folder take the same keys', async () => {
  using dir = folder()
  const all = await Promise.all(Array.from({ length: 5 }, () => openKeys(dir.path)))
  for (const { secret, rsa } of all) {
    assert.deepEqual(secret, all[0]!.secret)
    assert.equal(rsa.fingerprint, all[0]!.rsa.fingerprint)
  }
  assert.deepEqual(readdirSync(dir.keys).sort(), ['rsa.pem', 'rsa.pub.pem', 'secret'])
})

test('keys are made once, private, and found again', async () => {
  using dir = folder()
  const first = await openKeys(dir.path)
  const second = await openKeys(dir.path)
  assert.equal(second.rsa.fingerprint, first.rsa.fingerprint)
  assert.deepEqual(second.secret, first.secret)
  assert.equal(first.secret.length, 32)
  assert.deepEqual(readdirSync(dir.keys).sort(), ['rsa.pem', 'rsa.pub.pem', 'secret'])
  for (const name of ['rsa.pem', 'secret']) assert.equal(statSync(join(dir.keys, name)).mode & 0o777, 0o600, name)
  const pem = readFileSync(first.publicPath, 'utf8')
  assert.match(pem, /^-----BEGIN RSA PUBLIC KEY-----\n/)
  assert.equal(createPublicKey(pem).asymmetricKeyDetails?.modulusLength, 2048)
  assert.match(fingerprintText(first.rsa), /^[1-9a-f][0-9a-f]{15} \(-?\d+\)$/)
})

test('a missing public key is written again, a foreign one replaced', async () => {
  using dir = folder()
  const { publicPath, rsa } = await openKeys(dir.path)
  rmSync(publicPath)
  await openKeys(dir.path)
  assert.equal(readFileSync(publicPath, 'utf8'), rsa.publicPem)
  writeFileSync(publicPath, 'something else')
  await openKeys(dir.path)
  assert.equal(readFileSync(publicPath, 'utf8'), rsa.publicPem)
})

test('a lost secret is not replaced', async () => {
  using dir = folder()
  await openKeys(dir.path)
  rmSync(join(dir.keys, 'secret'))
  await assert.rejects(openKeys(dir.path), (error: Error) => {
    assert.ok(error instanceof ConfigError)
    assert.match(error.message, /secret: missing beside rsa\.pem/)
    return true
  })
  assert.deepEqual(readdirSync(dir.keys).sort(), ['rsa.pem', 'rsa.pub.pem'])
})

test('files that are no keys stop the start', async () => {
  using dir = folder()
  await openKeys(dir.path)
  writeFileSync(join(dir.keys, 'rsa.pem'), 'no key')
  await assert.rejects(openKeys(dir.path), /rsa\.pem: expected the PEM/)
  writeFileSync(join(dir.keys, 'secret'), 'short')
  await assert.rejects(openKeys(dir.path), /secret: expected 32 bytes, got 5/)
})
