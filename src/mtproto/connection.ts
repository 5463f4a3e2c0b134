// One connection: finds out what the client speaks, cuts its stream into frames, and writes frames back.
import { encryptMessage, PREFIX } from './crypto.ts'
import type { Wait } from './http.ts'
import type { KeyEntry } from './keys.ts'
import type { Traffic } from './links.ts'
import { NONE } from './lists.ts'
import { opening } from './opening.ts'
import { sendWaited } from './outgoing.ts'
import { Outside } from './outside.ts'
import type { Server } from './server.ts'
import type { Session } from './session.ts'
import { giveSlab, LARGE } from './slabs.ts'
import { type Framing, newFrame } from './transports.ts'
import { Unfinished } from './unfinished.ts'
import type { Wire } from './wires.ts'

/** Why nothing is read from a connection at present. */
export const HOLD_WORK = 1
export const HOLD_WRITE = 2
export const HOLD_FLIGHT = 4

const EMPTY = Buffer.alloc(0)
/** Sessions that one connection may carry at a time. */
const SESSIONS = 16

export class Connection {
  readonly server: Server
  readonly wire: Wire
  readonly ip: string
  /** What the connection came in by: `tcp`, `websocket`, `http`. */
  readonly carrier: string
  transport: string
  traffic: Traffic
  closed = false
  /** Real time of the last whole frame and of the end if nothing more comes, ms. */
  lastFrame: number
  deadline: number
  /** How long to wait from one frame to the next; ping_delay_disconnect sets it. */
  idleMs: number
  /** Since when the socket stands above its bound, and what waited then. */
  stalledSince = 0
  stalledAt = 0
  /** The key of the last frame. */
  key: KeyEntry | undefined
  /** Sessions that came in here, the last used last. */
  sessions: readonly Session[] = NONE
  framing: Framing | undefined
  /** The key exchange that began here last, by its server nonce. */
  exchange: string | undefined
  /** http_wait: how long to collect messages, if this is an HTTP request. */
  gather: Wait | undefined
  private held = 0
  private parsing = false
  private framed = false
  // What is not a whole frame yet, and the bytes that its frame has, where its header has come.
  private rest: Unfinished | undefined
  private whole = 0
  private outside: Outside | undefined

  constructor(server: Server, wire: Wire, ip: string, carrier: string) {
    this.server = server
    this.wire = wire
    this.ip = ip
    this.carrier = carrier
    this.transport = carrier
    this.traffic = server.links.trafficOf(carrier)
    this.lastFrame = server.time
    this.idleMs = server.options.idleMs
    this.deadline = this.lastFrame + server.options.firstFrameMs
  }

  /** Takes bytes as they come in. Nothing that a client sends makes it throw. */
  push(chunk: Buffer): void {
    if (this.closed) return
    try {
      this.take(chunk)
    } catch (error) {
      this.server.host.log.error({ err: error, transport: this.transport }, 'a connection failed')
      this.destroy('error')
    }
  }

  private take(chunk: Buffer): void {
    this.traffic.in += chunk.length
    const bytes = this.outside === undefined ? chunk : this.outside.take(chunk)
    if (bytes === undefined) this.destroy('no TLS record')
    else if (this.framing !== undefined) this.feed(bytes)
    else {
      this.keep(bytes)
      this.open()
    }
  }

  // Looks at the first bytes till they say what the client speaks.
  private open(): void {
    while (this.rest !== undefined) {
      const buf = this.rest.bytes
      const { used, framing, obfuscation, hello, refuse } = opening(this.server, buf, this.outside?.secret)
      if (refuse !== undefined) this.destroy(refuse)
      if (framing === undefined && hello === undefined) return
      let bytes: Buffer | undefined = buf.subarray(used)
      this.forget()
      if (hello !== undefined) {
        this.outside = new Outside(hello.secret)
        this.write(hello.answer)
        bytes = this.outside.take(bytes)
        if (bytes === undefined) this.destroy('no TLS record')
        else this.keep(bytes)
        continue
      }
      if (obfuscation !== undefined) {
        this.outside ??= new Outside()
        bytes = this.outside.obfuscated(obfuscation, bytes)
      }
      this.framing = framing
      if (this.carrier === 'tcp') this.rename(framing!.name + (this.outside?.name ?? ''))
      this.feed(bytes)
      return
    }
  }

  private rename(transport: string): void {
    const { metrics } = this.server.host
    metrics.connection(this.transport, -1)
    this.transport = transport
    metrics.connection(transport, 1)
    this.traffic = this.server.links.trafficOf(transport)
  }

  // --- frames in

  private keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.rest ??= new Unfinished(this.server)
    if (!this.rest.add(bytes, this.whole)) this.destroy('too much of unfinished frames')
  }

  private forget(): void {
    this.rest?.end()
    this.rest = undefined
  }

  private feed(bytes: Buffer): void {
    // What goes beyond the end of an unfinished frame is kept for itself, so that the frame has its buffer alone.
    const missing = this.rest === undefined ? 0 : this.whole - this.rest.have
    if (missing > 0 && bytes.length > missing && this.held === 0 && !this.parsing) {
      this.feedSome(bytes.subarray(0, missing))
      this.feedSome(bytes.subarray(missing))
    } else this.feedSome(bytes)
  }

  private feedSome(bytes: Buffer): void {
    if (this.closed) return
    if (this.held !== 0 || this.parsing) {
      this.keep(bytes)
      return
    }
    const kept = this.rest !== undefined
    if (kept) this.keep(bytes)
    if (this.closed) return
    const buf = kept ? this.rest!.bytes : bytes
    this.parsing = true
    const at = this.parse(buf, kept)
    this.parsing = false
    if (this.closed || at === buf.length) {
      this.forget()
      return
    }
    if (!kept) this.keep(bytes.subarray(at))
    else if (at > 0) {
      this.forget()
      this.keep(buf.subarray(at))
    }
    // A frame that has begun must go on; before the first one the time runs from the connection on.
    if (this.framed) this.deadline = this.server.time + this.server.options.firstFrameMs
  }

  // Handles whole frames, gives how many bytes that were.
  private parse(buf: Buffer, kept: boolean): number {
    const framing = this.framing!
    let at = 0
    this.whole = 0
    while (this.held === 0 && !this.closed) {
      const head = framing.head(buf, at, buf.length)
      if (head === 0) break
      const size = framing.size
      if (head < 0 || size > this.server.options.maxFrame) {
        this.destroy('frame out of bounds')
        break
      }
      const from = at + head
      const to = from + size
      if (to > buf.length) {
        this.whole = to - at
        break
      }
      const end = framing.body(buf, from, to)
      if (end < 0) {
        this.destroy('damaged frame')
        break
      }
      at = to
      this.framed = true
      this.lastFrame = this.server.time
      this.deadline = this.lastFrame + this.idleMs
      // Alone in a slab: the frame may be decrypted where it is.
      const lease = kept && to === buf.length ? this.rest?.lease() : undefined
      this.server.onFrame(this, buf, from, end, framing.quick, lease)
      lease?.drop()
    }
    return at
  }

  /** Reads nothing more for this reason, till `release`. */
  hold(reason: number): void {
    if (this.held === 0) this.wire.pause()
    this.held |= reason
  }

  release(reason: number): void {
    if ((this.held & reason) === 0) return
    this.held &= ~reason
    if (this.held !== 0 || this.closed) return
    this.wire.resume()
    if (this.rest !== undefined && this.framing !== undefined) this.push(EMPTY)
  }

  // --- frames out

  private write(bytes: Buffer, done?: (error?: Error | null) => void): void {
    this.traffic.out += bytes.length
    this.wire.write(bytes, done)
    if (this.clogged && (this.held & HOLD_WRITE) === 0) {
      this.stalledSince = this.server.time
      this.stalledAt = this.wire.buffered
      this.hold(HOLD_WRITE)
    }
  }

  private send(frame: Buffer, slab = frame.length >= LARGE): void {
    if (this.closed) return
    const bytes = this.outside === undefined ? frame : this.outside.wrap(frame)
    if (!slab) this.write(bytes)
    else if (bytes === frame) this.write(bytes, (error) => error || giveSlab(frame))
    else {
      giveSlab(frame)
      this.write(bytes)
    }
  }

  /** Whether the socket has as much as it may hold. */
  get clogged(): boolean {
    return this.wire.buffered > this.server.options.writeHigh
  }

  /** The wire has room again. */
  drained(): void {
    if (this.clogged) return
    this.stalledSince = 0
    for (const session of this.sessions) {
      session.ready()
      session.pump()
      session.checkDrain()
    }
    this.release(HOLD_WRITE)
  }

  /** Encrypts and sends what stands in the server's writer behind its prefix: `length` bytes, a multiple of 16. */
  sendEncrypted(key: KeyEntry, text: Uint8Array, length: number): void {
    const framing = this.framing!
    const frame = newFrame(framing, 24 + length)
    const at = framing.at
    frame.writeInt32LE(key.low, at)
    frame.writeInt32LE(key.high, at + 4)
    encryptMessage(key.outgoing, text, length, frame, at + 8)
    framing.seal(frame, 24 + length)
    this.send(frame)
  }

  /** The same with what stands in a slab from `from` on, which has room before it and is given back: nothing is copied. */
  sendSlab(key: KeyEntry, slab: Buffer, from: number, length: number): void {
    const framing = this.framing!
    const bytes = framing.measure(24 + length)
    const start = from - 24 - framing.at
    const frame = slab.subarray(start, start + bytes)
    encryptMessage(key.outgoing, slab.subarray(from - PREFIX), length, frame, framing.at + 8)
    // What is hashed before the text stood here.
    frame.writeInt32LE(key.low, framing.at)
    frame.writeInt32LE(key.high, framing.at + 4)
    framing.seal(frame, 24 + length)
    this.send(frame, true)
  }

  /** Sends a message that is not encrypted: key exchange only. */
  sendPlain(msgId: bigint, body: Uint8Array): void {
    if (this.closed) return
    const framing = this.framing!
    const frame = newFrame(framing, 20 + body.length)
    const at = framing.at
    frame.fill(0, at, at + 8)
    frame.writeBigInt64LE(msgId, at + 8)
    frame.writeUInt32LE(body.length, at + 16)
    frame.set(body, at + 20)
    framing.seal(frame, 20 + body.length)
    this.send(frame)
  }

  quickAck(token: number): void {
    const ack = this.framing!.quickAck(token)
    if (ack.length > 0) this.send(ack)
  }

  /** Sends a transport error (-404, -429 ...) and closes. */
  fail(code: number): void {
    if (this.closed) return
    if (this.wire.fail !== undefined) {
      this.wire.fail(code)
      return
    }
    const framing = this.framing!
    const frame = newFrame(framing, 4)
    frame.writeInt32LE(code, framing.at)
    framing.seal(frame, 4)
    this.send(frame)
    this.close(`transport error ${code}`)
  }

  // --- sessions and the end

  /** Notes that a session came in here. */
  carry(session: Session): void {
    const { sessions } = this
    if (sessions[sessions.length - 1] === session) return
    if (!sessions.includes(session)) session.attach(this)
    const others = sessions.filter((other) => other !== session)
    if (others.length === SESSIONS) others.shift()!.detach(this)
    this.sessions = others.length === 0 ? [session] : [...others, session]
  }

  drop(session: Session): void {
    this.sessions = this.sessions.filter((other) => other !== session)
  }

  /** Nothing has come in for some time: lets go of what would be made anew. Called every second or so. */
  letGo(): void {
    this.outside?.letGo()
  }

  /** Nothing came in time: closes, or answers an HTTP request that has waited long enough. */
  expire(): void {
    if (this.carrier !== 'http') {
      this.destroy(this.rest !== undefined ? 'half a frame' : this.framed ? 'nothing came in time' : 'no frame in time')
      return
    }
    const session = this.sessions[this.sessions.length - 1]
    if (session === undefined) this.close('waited')
    else sendWaited(session, this)
  }

  /** Closes when what was written has left. */
  close(reason: string): void {
    if (this.closed) return
    this.wire.end()
    this.gone(reason, true)
  }

  /** Closes at once. */
  destroy(reason: string): void {
    if (this.closed) return
    this.wire.destroy()
    this.gone(reason)
  }

  /** The wire is closed, by whomever. */
  gone(reason: string, graceful = false): void {
    if (this.closed) return
    this.closed = true
    this.forget()
    const { sessions } = this
    this.sessions = NONE
    for (const session of sessions) session.detach(this)
    this.server.links.closed(this, reason, graceful)
  }
}
