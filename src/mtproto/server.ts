// Everything of MTProto that is there once: connections, keys, sessions, time.
import type { Server as TcpServer } from 'node:net'
import type { WebSocket } from 'ws'
import { type Connection, HOLD_WORK } from './connection.ts'
import { decryptMessage, quickToken } from './crypto.ts'
import { type Hello, openHello } from './fake-tls.ts'
import { Exchanges } from './handshake.ts'
import { DEFAULTS, type MtprotoHost, type MtprotoOptions, type MtSession } from './host.ts'
import { httpExchange } from './http.ts'
import { ServiceNotes } from './inbox.ts'
import { KeyStore } from './key-store.ts'
import type { KeyEntry } from './keys.ts'
import { Links } from './links.ts'
import { acceptWebSocket, listen } from './listen.ts'
import { receive } from './messages.ts'
import { MessageIds } from './msg-ids.ts'
import { parseSecret, type Secret } from './obfuscation.ts'
import { flush } from './outgoing.ts'
import { RandomPool } from './random.ts'
import { Session } from './session.ts'
import type { Lease } from './slabs.ts'
import { createPadded, type Framing } from './transports.ts'
import { Turns } from './turns.ts'

const NOT_FOUND = -404
/** Seconds by which the time in a TLS hello may differ, and how many hellos are remembered against being replayed. */
const HELLO_SKEW = 86_400
const HELLOS = 10_000
/** So many ticks must have been missed for the process to have stood still. */
const STILL = 4

/** The MTProto side of a server. */
export interface Mtproto extends AsyncDisposable {
  /** Listens for every TCP transport; resolves with the address. Port 0 takes any. */
  listenTcp(host: string, port: number): Promise<{ host: string; port: number }>
  /** Takes over a WebSocket (subprotocol `binary`) that is open. */
  handleWebSocket(ws: WebSocket, ip: string): void
  /** Answers one POST; the body is one MTProto message. Resolves late when the client waits for news. */
  handleHttp(body: Buffer, ip: string, signal?: AbortSignal): Promise<Buffer>
  readonly sessions: ReadonlySet<MtSession>
  /** Open connections. */
  readonly connections: number
  /** Ends a key that is no longer valid and those bound to it: their sessions close, their clients are told -404. */
  dropKey(id: bigint): void
  /** Sessions of a key that are known here. */
  sessionsOf(keyId: bigint): MtSession[]
  /** Takes nothing new, lets requests under way end for as long as that, and closes everything. */
  close(graceMs?: number): Promise<void>
}

export class Server implements Mtproto {
  readonly host: MtprotoHost
  readonly options: MtprotoOptions
  readonly secrets: Secret[]
  readonly allowBare: boolean
  readonly pool: RandomPool
  readonly padded: Framing
  /** Real time in ms, as of the last tick. */
  time = performance.now()
  /** Bytes of unfinished frames that all connections keep. */
  partial = 0
  readonly sessions = new Set<Session>()
  /** Sessions with requests under way. */
  readonly busy = new Set<Session>()
  readonly links: Links
  readonly keys: KeyStore
  private readonly exchanges: Exchanges
  private readonly listeners = new Set<TcpServer>()
  private readonly hellos = new Set<string>()
  private dirty: Session[] = []
  readonly turns: Turns
  readonly serviceNotes = new ServiceNotes()
  private readonly ids = new MessageIds()
  private readonly timer: NodeJS.Timeout
  private readonly tickMs: number
  /** The last tick came far too late. */
  private stood = false
  private sweptAt = 0
  private sweeping: Iterator<Session> | undefined

  constructor(host: MtprotoHost, options: Partial<MtprotoOptions> = {}) {
    this.host = host
    this.options = { ...DEFAULTS, ...options }
    this.secrets = this.options.secrets.map(parseSecret)
    this.allowBare = this.options.allowBare || this.secrets.length === 0
    this.links = new Links(this)
    this.keys = new KeyStore(host)
    this.turns = new Turns(this.options.perTurn, (session) => this.flush(session))
    this.exchanges = new Exchanges(this)
    this.pool = new RandomPool((n) => host.random(n))
    this.padded = createPadded(this.pool)
    this.tickMs = Math.min(this.options.ackMs, this.options.sweepMs)
    this.timer = setInterval(() => this.tick(), this.tickMs)
    this.timer.unref()
  }

  // --- time and message ids

  /** Unix seconds by the host's clock. */
  seconds(): number {
    return Math.floor(this.host.now() / 1000)
  }

  /** A message id: `kind` is 1 for what answers a message of the client, 3 for the rest. */
  nextMsgId(kind: 1 | 3): bigint {
    return this.ids.next(this.host.now(), kind)
  }

  /** Flushes the session when this turn of the event loop is over, or a greedy one when others have nothing to do. */
  flushSoon(session: Session): void {
    if (this.turns.sends(session, this.time)) return
    if (this.dirty.push(session) === 1) setImmediate(() => this.flushAll())
  }

  private flushAll(): void {
    const { dirty } = this
    this.dirty = []
    let since = performance.now()
    for (const session of dirty) since = this.flush(session, since)
  }

  /** Sends what a session has to be sent; gives the time when it was done. */
  private flush(session: Session, since = performance.now()): number {
    try {
      flush(session)
    } catch (error) {
      this.host.log.error({ err: error }, 'a session could not be flushed')
      session.close('error')
    }
    const now = performance.now()
    this.turns.charge(session, since, now)
    return now
  }

  // --- frames

  /**
   * Takes one frame: payload in `from .. end` of a buffer that is valid during the call only, or as long as its lease is
   * held. With a lease the frame may be written over.
   */
  onFrame(link: Connection, buf: Buffer, from: number, end: number, quick: boolean, lease?: Lease): void {
    if (end - from < 20) {
      link.fail(NOT_FOUND)
      return
    }
    const low = buf.readInt32LE(from)
    const high = buf.readInt32LE(from + 4)
    if (low === 0 && high === 0) {
      const length = buf.readUInt32LE(from + 16)
      if (length > end - from - 20) {
        link.fail(NOT_FOUND)
        return
      }
      this.exchanges.receive(link, Buffer.from(buf.subarray(from + 20, from + 20 + length)))
      return
    }
    const { key } = link
    if (key !== undefined && key.low === low && key.high === high && !key.dropped) {
      this.onEncrypted(link, key, buf, from, end, quick, lease)
      return
    }
    const id = buf.readBigUInt64LE(from)
    const known = this.keys.get(id)
    if (known !== undefined) {
      link.key = known
      this.onEncrypted(link, known, buf, from, end, quick, lease)
      return
    }
    const frame = Buffer.from(buf.subarray(from, end))
    link.hold(HOLD_WORK)
    this.keys.load(id, this.time).then(
      (loaded) => {
        if (loaded === undefined) link.fail(NOT_FOUND)
        else if (!link.closed) {
          link.key = loaded
          this.onEncrypted(link, loaded, frame, 0, frame.length, quick)
        }
        link.release(HOLD_WORK)
      },
      (error: unknown) => {
        this.host.log.error({ err: error }, 'an authorization key could not be loaded')
        link.destroy('key not loaded')
      },
    )
  }

  private onEncrypted(
    link: Connection,
    key: KeyEntry,
    buf: Buffer,
    from: number,
    end: number,
    quick: boolean,
    lease?: Lease,
  ): void {
    const length = end - from - 24
    const { expiresAt } = key
    if (length < 48 || (length & 15) !== 0) {
      link.fail(NOT_FOUND)
      return
    }
    if (expiresAt !== 0 && expiresAt <= this.seconds()) {
      link.fail(NOT_FOUND)
      this.dropKey(key.id)
      return
    }
    key.usedAt = this.time
    const text = decryptMessage(key.incoming, buf, from + 24, length, lease !== undefined)
    if (text === undefined) {
      link.fail(NOT_FOUND)
      return
    }
    if (quick) link.quickAck(quickToken)
    if (this.host.claim !== undefined && key.session(text.readBigInt64LE(8)) === undefined) this.claim(link, key, text)
    else if (!receive(link, key, text, lease)) link.destroy('malformed message')
  }

  // A session that is new here may live in another thread: it comes over before its message is looked at.
  private claim(link: Connection, key: KeyEntry, text: Buffer): void {
    link.hold(HOLD_WORK)
    this.bring(link, key, Buffer.from(text))
  }

  private bring(link: Connection, key: KeyEntry, copy: Buffer): void {
    const id = copy.readBigInt64LE(8)
    this.host.claim!(key, id).then(
      (prepare) => {
        if (key.session(id) === undefined) {
          // Another of its connections had it brought here, and it has gone on meanwhile.
          if (prepare === undefined) {
            if (!link.closed) this.bring(link, key, copy)
            return
          }
          prepare(this.session(key, id))
        }
        if (key.dropped) key.session(id)?.close('key dropped')
        else if (!link.closed && !receive(link, key, copy)) link.destroy('malformed message')
        link.release(HOLD_WORK)
      },
      (error: unknown) => {
        this.host.log.error({ err: error }, 'a session could not be claimed')
        link.destroy('session not claimed')
      },
    )
  }

  // --- keys and sessions

  dropKey(id: bigint): void {
    this.keys.drop(id)
  }

  sessionsOf(keyId: bigint): MtSession[] {
    return this.keys.sessionsOf(keyId)
  }

  /** The session of a key with this id, made if it is new. */
  session(key: KeyEntry, id: bigint): Session {
    const known = key.session(id)
    if (known !== undefined) return known
    const { sessions } = key
    if (sessions.length >= this.options.maxSessionsPerKey) {
      const oldest = sessions.find((s) => !s.connected) ?? sessions[0]!
      oldest.close('too many sessions of one key')
    }
    const session = new Session(this, key, id)
    key.addSession(session)
    this.sessions.add(session)
    return session
  }

  // --- connections

  get connections(): number {
    return this.links.size
  }

  /** A connection has ended: so has the key exchange that began there. */
  abandoned({ exchange, carrier }: Connection): void {
    if (exchange !== undefined && carrier !== 'http') this.exchanges.abandon(exchange)
  }

  /** Checks a TLS hello of an `ee` secret: its time, and that it did not come before. */
  openHello(bytes: Buffer): Hello | undefined {
    const hello = openHello(bytes, this.secrets, (n) => this.host.random(n))
    if (hello === undefined || Math.abs(hello.time - this.seconds()) > HELLO_SKEW) return undefined
    const seen = hello.random.toString('latin1')
    if (this.hellos.has(seen)) return undefined
    this.hellos.add(seen)
    if (this.hellos.size > HELLOS) this.hellos.delete(this.hellos.values().next().value!)
    return hello
  }

  /** @param shared whether other threads listen at the same port: the system spreads connections over them */
  async listenTcp(host: string, port: number, shared = false): Promise<{ host: string; port: number }> {
    const { listener, address } = await listen(this, host, port, shared)
    this.listeners.add(listener)
    return address
  }

  handleWebSocket(ws: WebSocket, ip: string): void {
    acceptWebSocket(this, ws, ip)
  }

  handleHttp(body: Buffer, ip: string, signal?: AbortSignal): Promise<Buffer> {
    return httpExchange(this, body, ip, signal)
  }

  // --- the sweeper

  private tick(): void {
    const before = this.time
    this.time = performance.now()
    this.turns.tick()
    for (const session of this.busy) if (!session.ackLate()) this.busy.delete(session)
    if (this.time - this.sweptAt < this.options.sweepMs) return
    // A process that stood still has not read what came meanwhile: nobody is silent before it has.
    this.stood = !this.stood && this.time - before > STILL * this.tickMs
    if (this.stood) return
    this.sweptAt = this.time
    this.sweep()
  }

  private sweep(): void {
    const { time: now } = this
    this.links.sweep(now)
    // A part of the sessions each time, so that many of them cost no long pause.
    for (let left = Math.ceil(this.sessions.size / 4); left > 0; left--) {
      this.sweeping ??= this.sessions.values()
      const { value, done } = this.sweeping.next()
      if (done) this.sweeping = undefined
      else if (!value.sweep(now)) value.close('no connection for long')
    }
    this.keys.sweep(now)
    this.exchanges.sweep(now)
  }

  async close(graceMs = 0): Promise<void> {
    const closed = [...this.listeners].map((listener) => new Promise((resolve) => listener.close(resolve)))
    await this.links.still(graceMs, () => this.idle())
    clearInterval(this.timer)
    this.flushAll()
    this.turns.flushAll()
    for (const session of [...this.sessions]) session.close('shutting down')
    await this.links.close(Promise.all(closed))
  }

  // Whether nothing is under way.
  private idle(): boolean {
    for (const session of this.sessions) if (session.inFlight > 0 || session.dirty || session.mayRunNext()) return false
    return true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
