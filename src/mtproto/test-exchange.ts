// The client's side of the key exchange, for tests and for bench/.
import { constants, publicEncrypt, randomBytes } from 'node:crypto'
import { Reader } from '../tl/reader.ts'
import { Writer } from '../tl/writer.ts'
import { authKeyId, type Direction, direction, exchangeKey, newNonceHash, sha1, sha256 } from './crypto.ts'
import { dhCreate, dhShared } from './dh.ts'
import * as id from './ids.ts'
import { igeDecrypt, igeEncrypt } from './ige.ts'
import type { RsaKey } from './rsa.ts'

export interface ExchangeOptions {
  rsa: RsaKey
  /** The older padding, SHA1(data) + data + random. */
  oldPadding?: boolean
  /** req_pq instead of req_pq_multi. */
  single?: boolean
  dc?: number
  /** Seconds, for a temporary key. */
  expiresIn?: number
  /** Changes p_q_inner_data before it is encrypted. */
  spoilInner?: (inner: Buffer) => void
  /** A g_b of one's own. */
  gB?: Buffer
  /** Draws another secret until the key is such a one. */
  suits?: (authKey: Buffer) => boolean
}

/** What the client has of an authorization key. */
export class ClientKey {
  readonly key: Buffer
  readonly id: bigint
  readonly idBytes = Buffer.alloc(8)
  readonly outgoing: Direction
  readonly incoming: Direction
  salt: bigint

  constructor(key: Buffer, salt = 0n) {
    this.key = key
    this.id = authKeyId(key)
    this.idBytes.writeBigUInt64LE(this.id)
    this.outgoing = direction(key, 0)
    this.incoming = direction(key, 8)
    this.salt = salt
  }
}

export interface Exchanged {
  key: ClientKey
  /** Server time less local time, ms. */
  timeOffset: number
}

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

/** The whole key exchange. Checks everything that a careful client checks. */
export async function exchange(
  ask: (body: Uint8Array) => Promise<Buffer>,
  options: ExchangeOptions,
): Promise<Exchanged> {
  const { rsa } = options
  const nonce = randomBytes(16)
  const w = new Writer(new Map(), 2048)
  w.int(options.single === true ? id.REQ_PQ : id.REQ_PQ_MULTI)
  w.fixed(nonce, 16)
  const r = new Reader(new Map())
  const expect = (kind: number) => {
    const got = r.int()
    if (got !== kind) throw new Error(`#${(got >>> 0).toString(16)} came`)
    if (!buffer(r.fixed(16)).equals(nonce)) throw new Error('nonce')
  }
  r.reset(await ask(w.copy()))
  expect(id.RES_PQ)
  const serverNonce = buffer(r.fixed(16))
  const pq = buffer(r.bytes())
  if (!r.vecLong().includes(rsa.fingerprint)) throw new Error('fingerprint')
  const { p, q } = factorise(pq)
  const newNonce = randomBytes(32)
  const { dc, expiresIn } = options
  const temp = expiresIn !== undefined
  w.reset()
  w.int(dc === undefined ? (temp ? 0x3c6a84d4 : 0x83c95aec | 0) : temp ? 0x56fddf88 : 0xa9f55f95 | 0)
  w.bytes(pq)
  w.bytes(p)
  w.bytes(q)
  w.fixed(nonce, 16)
  w.fixed(serverNonce, 16)
  w.fixed(newNonce, 32)
  if (dc !== undefined) w.int(dc)
  if (temp) w.int(expiresIn)
  const inner = buffer(w.copy())
  options.spoilInner?.(inner)
  w.reset()
  w.int(id.REQ_DH_PARAMS)
  w.fixed(nonce, 16)
  w.fixed(serverNonce, 16)
  w.bytes(p)
  w.bytes(q)
  w.long(rsa.fingerprint)
  w.bytes(options.oldPadding === true ? oldPadding(rsa, inner) : rsaPad(rsa, inner))
  r.reset(await ask(w.copy()))
  expect(id.SERVER_DH_PARAMS_OK)
  if (!buffer(r.fixed(16)).equals(serverNonce)) throw new Error('server nonce')
  const { key, iv } = exchangeKey(newNonce, serverNonce)
  const answer = igeDecrypt(r.bytes(), key, iv)
  r.reset(answer.subarray(20))
  expect(id.SERVER_DH_INNER_DATA)
  if (!buffer(r.fixed(16)).equals(serverNonce)) throw new Error('server nonce')
  const start = r.pos - 36
  r.int()
  r.bytes()
  const gA = r.bytes()
  const timeOffset = r.int() * 1000 - Date.now()
  if (!sha1(answer.subarray(20, 20 + r.pos - start)).equals(answer.subarray(0, 20))) throw new Error('hash')
  let retryId = 0n
  for (;;) {
    let half = dhCreate()
    while (options.suits?.(dhShared(half.secret, gA)) === false) half = dhCreate()
    w.reset()
    w.int(0x6643b654)
    w.fixed(nonce, 16)
    w.fixed(serverNonce, 16)
    w.long(retryId)
    w.bytes(options.gB ?? half.power)
    const data = buffer(w.copy())
    const padding = randomBytes((16 - ((20 + data.length) & 15)) & 15)
    const encrypted = igeEncrypt(Buffer.concat([sha1(data), data, padding]), key, iv)
    w.reset()
    w.int(id.SET_CLIENT_DH_PARAMS)
    w.fixed(nonce, 16)
    w.fixed(serverNonce, 16)
    w.bytes(encrypted)
    r.reset(await ask(w.copy()))
    const authKey = dhShared(half.secret, gA)
    const outcome = r.int()
    const which = outcome === id.DH_GEN_OK ? 1 : outcome === id.DH_GEN_RETRY ? 2 : 3
    r.fixed(32)
    if (!buffer(r.fixed(16)).equals(newNonceHash(newNonce, which, authKey))) throw new Error('new nonce hash')
    if (which === 3) throw new Error('dh_gen_fail')
    if (which === 2) {
      retryId = sha1(authKey).readBigInt64LE(0)
      continue
    }
    const salt = BigInt.asIntN(64, newNonce.readBigInt64LE(0) ^ serverNonce.readBigInt64LE(0))
    return { key: new ClientKey(authKey, salt), timeOffset }
  }
}

function rsaEncrypt(rsa: RsaKey, data: Buffer): Buffer {
  return publicEncrypt({ key: rsa.publicPem, padding: constants.RSA_NO_PADDING }, data)
}

function oldPadding(rsa: RsaKey, inner: Buffer): Buffer {
  return rsaEncrypt(rsa, Buffer.concat([Buffer.of(0), sha1(inner), inner, randomBytes(235 - inner.length)]))
}

function rsaPad(rsa: RsaKey, inner: Buffer): Buffer {
  const padded = Buffer.concat([inner, randomBytes(192 - inner.length)])
  for (;;) {
    const tempKey = randomBytes(32)
    const withHash = Buffer.concat([Buffer.from(padded).reverse(), sha256(Buffer.concat([tempKey, padded]))])
    const encrypted = igeEncrypt(withHash, tempKey, Buffer.alloc(32))
    const mask = sha256(encrypted)
    for (let i = 0; i < 32; i++) tempKey[i] = tempKey[i]! ^ mask[i]!
    const data = Buffer.concat([tempKey, encrypted])
    if (data.compare(rsa.modulus) < 0) return rsaEncrypt(rsa, data)
  }
}

// Pollard's rho with Brent's batches: some milliseconds for two primes of 31 bits.
export function factorise(pq: Buffer): { p: Buffer; q: Buffer } {
  const n = pq.readBigUInt64BE(0)
  const gcd = (a: bigint, b: bigint): bigint => {
    let x = a
    let y = b
    while (y !== 0n) [x, y] = [y, x % y]
    return x
  }
  for (let c = 1n; ; c++) {
    let x = 2n
    let y = 2n
    let d = 1n
    while (d === 1n) {
      let product = 1n
      for (let i = 0; i < 256; i++) {
        x = (x * x + c) % n
        y = (y * y + c) % n
        y = (y * y + c) % n
        const difference = x > y ? x - y : y - x
        if (difference === 0n) break
        product = (product * difference) % n
      }
      d = gcd(product, n)
      if (d === 1n && x === y) break
    }
    if (d === 1n || d === n) continue
    const other = n / d
    const [p, q] = d < other ? [d, other] : [other, d]
    const four = (v: bigint) => Buffer.from(v.toString(16).padStart(8, '0'), 'hex')
    return { p: four(p), q: four(q) }
  }
}
