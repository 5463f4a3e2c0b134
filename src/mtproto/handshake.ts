// The key exchange, the server's side: https://core.telegram.org/mtproto/auth_key
import { Reader } from '../tl/reader.ts'
import { Writer } from '../tl/writer.ts'
import { type Connection, HOLD_WORK } from './connection.ts'
import { authKeyId, exchangeKey, newNonceHash, sha1 } from './crypto.ts'
import { DH_G, DH_PRIME, dhInRange } from './dh.ts'
import { endExchange, finishExchange, openExchange, warmExchange } from './exchange.ts'
import { Failures } from './failures.ts'
import type { AuthKey } from './host.ts'
import {
  DH_GEN_FAIL,
  DH_GEN_OK,
  DH_GEN_RETRY,
  MSGS_ACK,
  REQ_DH_PARAMS,
  REQ_PQ,
  REQ_PQ_MULTI,
  RES_PQ,
  SERVER_DH_INNER_DATA,
  SERVER_DH_PARAMS_OK,
  SET_CLIENT_DH_PARAMS,
} from './ids.ts'
import { igeDecrypt, igeEncrypt } from './ige.ts'
import { type PqInner, readClientDhInner, readPqInner } from './inner.ts'
import { type Product, primeProduct } from './primes.ts'
import type { Server } from './server.ts'

/** What clients are told for anything they cannot go on from: they begin anew. */
const NOT_FOUND = -404
const FLOOD = -429
const RETRIES = 5
/** Seconds a temporary key may live. */
const TEMPORARY = 30 * 86400

/** One exchange under way. It is found by the server's nonce, since over HTTP it spans several requests. */
interface Exchange {
  id: string
  ip: string
  nonce: Buffer
  serverNonce: Buffer
  product: Product
  /** Real time, ms. */
  until: number
  step: 'pq' | 'dh'
  /** Whether a step is being computed. */
  busy: boolean
  newNonce: Buffer
  expiresIn: number | undefined
  retryId: bigint
  retries: number
}

/** Sends the answer of a step. */
type Answer = () => void

const reader = new Reader(new Map())
const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

export class Exchanges {
  private readonly server: Server
  private readonly open = new Map<string, Exchange>()
  private readonly perIp = new Map<string, number>()
  private readonly failures: Failures
  /** Connections that are told at the next sweep that they are too many, so that they do not come again at once. */
  private refused: Connection[] = []

  constructor(server: Server) {
    this.server = server
    this.failures = new Failures(server.options.maxFailedHandshakes)
  }

  get size(): number {
    return this.open.size
  }

  /** Ends exchanges that took too long. They are in the order of their beginning. */
  sweep(now: number): void {
    const { refused } = this
    this.refused = []
    for (const link of refused) link.fail(FLOOD)
    this.failures.sweep(now)
    for (const exchange of this.open.values()) {
      if (exchange.until > now) return
      if (!exchange.busy) this.end(exchange, 'failed')
    }
  }

  /** The connection it began on is closed. */
  abandon(id: string): void {
    const exchange = this.open.get(id)
    if (exchange !== undefined && !exchange.busy) this.end(exchange, 'failed')
  }

  private end(exchange: Exchange, outcome: 'done' | 'failed'): void {
    if (!this.open.delete(exchange.id)) return
    if (exchange.step === 'dh') endExchange(exchange.id)
    const left = this.perIp.get(exchange.ip)! - 1
    if (left > 0) this.perIp.set(exchange.ip, left)
    else this.perIp.delete(exchange.ip)
    if (outcome === 'failed') this.failures.note(exchange.ip, this.server.time)
    this.server.host.metrics.handshake(outcome)
  }

  /** Takes an unencrypted message. Anything that is not part of a key exchange ends the connection. */
  receive(link: Connection, body: Buffer): void {
    const r = reader
    try {
      r.reset(body)
      const id = r.int()
      if (id === REQ_PQ || id === REQ_PQ_MULTI) {
        this.begin(link, buffer(r.fixed(16)))
        return
      }
      if (id === REQ_DH_PARAMS) {
        const exchange = this.find(r.fixed(16), r.fixed(16))
        const p = buffer(r.bytes())
        const q = buffer(r.bytes())
        const fingerprint = r.long()
        const encrypted = buffer(r.bytes())
        if (exchange === undefined || exchange.step !== 'pq') {
          link.fail(NOT_FOUND)
          return
        }
        this.work(link, exchange, this.params(link, exchange, p, q, fingerprint, encrypted))
        return
      }
      if (id === SET_CLIENT_DH_PARAMS) {
        const exchange = this.find(r.fixed(16), r.fixed(16))
        const encrypted = buffer(r.bytes())
        if (exchange === undefined || exchange.step !== 'dh') {
          link.fail(NOT_FOUND)
          return
        }
        this.work(link, exchange, this.finish(link, exchange, encrypted))
        return
      }
      // Clients acknowledge resPQ and the like unencrypted now and then, which changes nothing.
      if (id !== MSGS_ACK) link.fail(NOT_FOUND)
    } catch {
      link.fail(NOT_FOUND)
    }
  }

  private find(nonce: Uint8Array, serverNonce: Uint8Array): Exchange | undefined {
    const exchange = this.open.get(buffer(serverNonce).toString('latin1'))
    if (exchange === undefined || exchange.busy || !exchange.nonce.equals(nonce)) return undefined
    return exchange
  }

  // Steps take time: nothing more is read from the connection meanwhile. A step gives what sends its answer, which may
  // bring the next step at once.
  private work(link: Connection, exchange: Exchange, step: Promise<Answer | undefined>): void {
    exchange.busy = true
    link.hold(HOLD_WORK)
    step
      .catch((error: unknown) => {
        this.server.host.log.error({ err: error }, 'a key exchange failed')
        return undefined
      })
      .then((send) => {
        exchange.busy = false
        if (send === undefined) {
          this.end(exchange, 'failed')
          link.fail(NOT_FOUND)
        } else if (link.closed && link.carrier !== 'http') this.end(exchange, 'failed')
        else send()
        link.release(HOLD_WORK)
      })
  }

  private begin(link: Connection, nonce: Buffer): void {
    const { server } = this
    const { options, host } = server
    const count = this.perIp.get(link.ip) ?? 0
    if (this.open.size >= options.maxHandshakes || count >= options.maxHandshakesPerIp) {
      link.fail(FLOOD)
      return
    }
    if (this.failures.tooMany(link.ip, server.time)) {
      link.hold(HOLD_WORK)
      this.refused.push(link)
      return
    }
    if (link.exchange !== undefined) this.abandon(link.exchange)
    const serverNonce = Buffer.from(host.random(16))
    const exchange: Exchange = {
      id: serverNonce.toString('latin1'),
      ip: link.ip,
      nonce,
      serverNonce,
      product: primeProduct((n) => host.random(n)),
      until: server.time + options.handshakeMs,
      step: 'pq',
      busy: false,
      newNonce: Buffer.alloc(0),
      expiresIn: undefined,
      retryId: 0n,
      retries: 0,
    }
    this.open.set(exchange.id, exchange)
    this.perIp.set(link.ip, (this.perIp.get(link.ip) ?? 0) + 1)
    link.exchange = exchange.id
    host.metrics.handshake('begun')
    // The thread starts while the client factorises.
    warmExchange()
    const w = new Writer(new Map(), 256)
    w.int(RES_PQ)
    w.fixed(nonce, 16)
    w.fixed(serverNonce, 16)
    w.bytes(exchange.product.pq)
    w.vecLong(host.rsa.map((key) => key.fingerprint))
    link.sendPlain(server.nextMsgId(1), w.written())
  }

  private async params(
    link: Connection,
    exchange: Exchange,
    p: Buffer,
    q: Buffer,
    fingerprint: bigint,
    encrypted: Buffer,
  ): Promise<Answer | undefined> {
    const { host } = this.server
    const rsa = host.rsa.find((key) => key.fingerprint === fingerprint)
    const { product, nonce, serverNonce } = exchange
    if (rsa === undefined || !p.equals(product.p) || !q.equals(product.q) || encrypted.length > 256) return undefined
    const opened = await openExchange(link, exchange.id, rsa.privatePem, encrypted)
    if (opened === undefined) return undefined
    // From here on the thread keeps a secret, which ends with the exchange.
    exchange.step = 'dh'
    const inner = readPqInner(opened.inner)
    if (!matches(inner, exchange)) return undefined
    if (inner.expiresIn !== undefined && (inner.expiresIn <= 0 || inner.expiresIn > TEMPORARY)) return undefined
    exchange.newNonce = inner.newNonce
    exchange.expiresIn = inner.expiresIn
    const w = new Writer(new Map(), 1024)
    w.int(SERVER_DH_INNER_DATA)
    w.fixed(nonce, 16)
    w.fixed(serverNonce, 16)
    w.int(DH_G)
    w.bytes(DH_PRIME)
    w.bytes(opened.power)
    w.int(this.server.seconds())
    const data = w.copy()
    const padding = (16 - ((20 + data.length) & 15)) & 15
    const { key, iv } = exchangeKey(inner.newNonce, serverNonce)
    const answer = igeEncrypt(Buffer.concat([sha1(data), data, host.random(padding)]), key, iv)
    w.reset()
    w.int(SERVER_DH_PARAMS_OK)
    w.fixed(nonce, 16)
    w.fixed(serverNonce, 16)
    w.bytes(answer)
    return () => link.sendPlain(this.server.nextMsgId(1), w.written())
  }

  private async finish(link: Connection, exchange: Exchange, encrypted: Buffer): Promise<Answer | undefined> {
    const { server } = this
    const { host } = server
    if (encrypted.length === 0 || (encrypted.length & 15) !== 0) return undefined
    const { key, iv } = exchangeKey(exchange.newNonce, exchange.serverNonce)
    const data = igeDecrypt(encrypted, key, iv)
    const inner = readClientDhInner(data.subarray(20))
    if (!sha1(data.subarray(20, 20 + inner.length)).equals(data.subarray(0, 20))) return undefined
    if (!inner.nonce.equals(exchange.nonce) || !inner.serverNonce.equals(exchange.serverNonce)) return undefined
    if (inner.retryId !== exchange.retryId || !dhInRange(inner.gB)) return undefined
    const authKey = await finishExchange(link, exchange.id, inner.gB)
    if (authKey === undefined) return undefined
    const id = authKeyId(authKey)
    if (id === 0n || (await server.keys.exists(id))) {
      if (++exchange.retries > RETRIES) return undefined
      exchange.retryId = sha1(authKey).readBigInt64LE(0)
      return () => this.sendOutcome(link, exchange, DH_GEN_RETRY, 2, authKey)
    }
    const { expiresIn } = exchange
    const auth: AuthKey = {
      id,
      key: authKey,
      expiresAt: expiresIn === undefined ? 0 : server.seconds() + expiresIn,
      permId: 0n,
    }
    try {
      await host.saveKey(auth)
    } catch (error) {
      host.log.error({ err: error }, 'an authorization key could not be saved')
      this.end(exchange, 'failed')
      return () => this.sendOutcome(link, exchange, DH_GEN_FAIL, 3, authKey)
    }
    const salt = exchange.newNonce.readBigInt64LE(0) ^ exchange.serverNonce.readBigInt64LE(0)
    server.keys.add(auth, server.time).useFirstSalt(BigInt.asIntN(64, salt), server.seconds())
    this.end(exchange, 'done')
    return () => this.sendOutcome(link, exchange, DH_GEN_OK, 1, authKey)
  }

  private sendOutcome(link: Connection, exchange: Exchange, id: number, which: 1 | 2 | 3, authKey: Buffer): void {
    const w = new Writer(new Map(), 128)
    w.int(id)
    w.fixed(exchange.nonce, 16)
    w.fixed(exchange.serverNonce, 16)
    w.fixed(newNonceHash(exchange.newNonce, which, authKey), 16)
    link.sendPlain(this.server.nextMsgId(1), w.written())
  }
}

function matches(inner: PqInner, { product, nonce, serverNonce }: Exchange): boolean {
  return (
    inner.pq.equals(product.pq) &&
    inner.p.equals(product.p) &&
    inner.q.equals(product.q) &&
    inner.nonce.equals(nonce) &&
    inner.serverNonce.equals(serverNonce)
  )
}
