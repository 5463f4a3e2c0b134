import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { decryptMessage, direction, encryptMessage, PREFIX } from './crypto.ts'
import { DH_PRIME, dhCreate, dhInRange, dhShared } from './dh.ts'
import { igeEncrypt } from './ige.ts'
import { isPrime, primeProduct } from './primes.ts'
import { createRsaKey, loadRsaKey, rsaFingerprint } from './rsa.ts'

// https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector, word for word.
function byDefinition(authKey: Buffer, text: Buffer, x: 0 | 8): Buffer {
  const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
  const part = (from: number, length: number) => authKey.subarray(from + x, from + x + length)
  const msgKey = sha(part(88, 32), text).subarray(8, 24)
  const a = sha(msgKey, part(0, 36))
  const b = sha(part(40, 36), msgKey)
  const key = Buffer.concat([a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)])
  const iv = Buffer.concat([b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)])
  return Buffer.concat([msgKey, igeEncrypt(text, key, iv)])
}

test('messages are encrypted and checked as the description of MTProto 2.0 says', () => {
  const authKey = randomBytes(256)
  for (const x of [0, 8] as const) {
    for (const length of [48, 192, 208, 1008, 1024, 4096, 40_000]) {
      const text = randomBytes(length)
      const out = Buffer.alloc(16 + length)
      encryptMessage(direction(authKey, x), Buffer.concat([Buffer.alloc(PREFIX), text]), length, out, 0)
      assert.deepEqual(out, byDefinition(authKey, text, x), `x ${x}, ${length} bytes`)
      assert.deepEqual(decryptMessage(direction(authKey, x), out, 16, length), text)
      out[20] = out[20]! ^ 1
      assert.equal(decryptMessage(direction(authKey, x), out, 16, length), undefined)
    }
  }
})

test('both sides of the key exchange compute the same key', () => {
  const a = dhCreate()
  const b = dhCreate()
  assert.equal(a.power.length, 256)
  assert.deepEqual(dhShared(a.secret, b.power), dhShared(b.secret, a.power))
})

test('values near 0 and near the prime are out of range', () => {
  const value = (edit: (v: bigint) => bigint) =>
    Buffer.from(
      edit(BigInt(`0x${DH_PRIME.toString('hex')}`))
        .toString(16)
        .padStart(512, '0'),
      'hex',
    )
  const edge = 1n << 1984n
  assert.equal(dhInRange(value(() => edge)), true)
  assert.equal(dhInRange(value(() => edge - 1n)), false)
  assert.equal(dhInRange(value((p) => p - edge)), false)
  assert.equal(dhInRange(value((p) => p - edge - 1n)), true)
  assert.equal(dhInRange(value((p) => p - 1n)), false)
  assert.equal(dhInRange(Buffer.of(1)), false)
  assert.equal(dhInRange(Buffer.alloc(257, 1)), false)
})

test('primes are told from other numbers, those that nearly are included', () => {
  const byTrial = (n: number) => {
    for (let p = 3; p * p <= n; p += 2) if (n % p === 0) return false
    return true
  }
  for (let n = 2 ** 31 - 1; n > 2 ** 31 - 4000; n -= 2) assert.equal(isPrime(n), byTrial(n), `${n}`)
  // Strong pseudoprimes to base 2, and to bases 2, 3 and 5.
  for (const n of [1_082_401, 25_326_001, 1_194_649, 1_157_839_381, 1_934_350_351]) assert.equal(isPrime(n), byTrial(n))
})

test('pq is a product of two primes of 31 bits', () => {
  for (let i = 0; i < 20; i++) {
    const { pq, p, q } = primeProduct(randomBytes)
    const [a, b] = [p.readUInt32BE(0), q.readUInt32BE(0)]
    assert.ok(a < b && a >= 2 ** 30 && b < 2 ** 31)
    assert.equal(BigInt(a) * BigInt(b), pq.readBigUInt64BE(0))
    for (const n of [a, b]) for (let d = 2; d * d <= n; d++) if (n % d === 0) assert.fail(`${n} = ${d} * ${n / d}`)
  }
})

test('the fingerprint of a known key is the published one', () => {
  // The key of Telegram's production servers, as every client carries it.
  const modulus =
    'e8bb3305c0b52c6cf2afdf7637313489e63e05268e5badb601af417786472e5f93b85438968e20e6729a301c0afc121bf7151f834436f7fd' +
    'a680847a66bf64accec78ee21c0b316f0edafe2f41908da7bd1f4a5107638eeb67040ace472a14f90d9f7c2b7def99688ba3073adb5750bb' +
    '02964902a359fe745d8170e36876d4fd8a5d41b2a76cbff9a13267eb9580b2d06d10357448d20d9da2191cb5d8c93982961cdfdeda629e37' +
    'f1fb09a0722027696032fe61ed663db7a37f6f263d370f69db53a0dc0a1748bdaaff6209d5645485e6e001d1953255757e4b8e42813347b1' +
    '1da6ab500fd0ace7e6dfa3736199ccaf9397ed0745a427dcfa6cd67bcb1acff3'
  const fingerprint = rsaFingerprint(Buffer.from(modulus, 'hex'), Buffer.of(1, 0, 1))
  assert.equal(BigInt.asUintN(64, fingerprint), 0xd09d1d85de64fd85n)
})

test('an RSA key survives its PEM', () => {
  const key = createRsaKey()
  const again = loadRsaKey(key.privatePem)
  assert.deepEqual(again, key)
  assert.match(key.publicPem, /^-----BEGIN RSA PUBLIC KEY-----/)
  assert.throws(() => loadRsaKey(key.publicPem))
})
