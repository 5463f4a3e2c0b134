// A thread that holds connections: transports, encryption and sessions are here, requests go up to the main thread.
import { randomBytes } from 'node:crypto'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { BatchWriter, readBatch } from './front-batch.ts'
import { fileAnswer } from './front-files.ts'
import type { FromFront, FrontData, ToFront } from './front-messages.ts'
import { type Handover, handOver, takeOver } from './handover.ts'
import type { AuthKey, MtprotoHost, MtSession, Outgoing, Remote, Request } from './host.ts'
import type { Received } from './sent.ts'
import { Server } from './server.ts'
import type { Session } from './session.ts'

/** How often figures are told and slow sessions are looked at, ms. */
const TICK_MS = 200
/** Bytes that wait in a session above which the main thread is told. */
const HEAVY = 64 * 1024

type Answer = (out: Outgoing) => void

/** What this layer keeps of a session. */
interface Seat {
  id: number
  session: Session
  /** The numbers by which its running requests went up. */
  readonly running: Map<bigint, number>
  heavy: boolean
}

class Front {
  readonly #port: MessagePort
  readonly #server: Server
  readonly #batch: BatchWriter
  readonly #data: FrontData
  readonly #offset: Float64Array
  readonly #seats = new Map<number, Seat>()
  readonly #running = new Map<number, { seat: Seat; answer: Answer }>()
  readonly #calls = new Map<number, PromiseWithResolvers<any>>()
  readonly #heavy = new Set<Seat>()
  readonly #figures: Extract<FromFront, { t: 'figures' }>['counts'] = []
  #last = 0
  #requests = 0

  constructor(port: MessagePort, data: FrontData) {
    this.#port = port
    this.#data = data
    this.#offset = new Float64Array(data.offset)
    this.#batch = new BatchWriter(
      (batch) => port.postMessage(batch, [batch]),
      () => {},
    )
    this.#server = new Server(this.#host(), {
      ...data.options,
      secrets: data.options.secrets.map((s) => Buffer.from(s)),
    })
    port.on('message', (message: ToFront | ArrayBuffer) => this.#take(message))
    setInterval(() => this.#tick(), TICK_MS)
  }

  #host(): MtprotoHost {
    const data = this.#data
    const log = (level: 'debug' | 'info' | 'warn' | 'error') =>
      data.levels.includes(level)
        ? (facts: object, text: string) => this.#tell({ t: 'log', level, facts, text })
        : () => {}
    return {
      now: () => Date.now() + this.#offset[0]!,
      random: (n) => randomBytes(n),
      rsa: data.rsa.map((key) => ({ ...key, modulus: Buffer.from(key.modulus), exponent: Buffer.from(key.exponent) })),
      dc: data.dc,
      saltSecret: Buffer.from(data.saltSecret),
      log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
      metrics: {
        connection: (transport, by) => this.#figures.push(['connection', transport, by]),
        bytes: (direction, transport, count) => this.#figures.push([direction, transport, count]),
        handshake: (outcome) => this.#figures.push(['handshake', outcome, 1]),
        closed: (reason) => this.#figures.push(['closed', reason, 1]),
      },
      loadKey: async (id) => keyOf(await this.#ask({ ask: 'loadKey', key: id })),
      saveKey: (key) => this.#ask({ ask: 'saveKey', auth: key }),
      deleteKey: (id) => this.#ask({ ask: 'deleteKey', key: id }),
      claim: (auth, session) => this.#claim(auth, session),
      onRequest: (session, request) => this.#request(session, request),
      onSession: (session, event) => this.#tell({ t: 'event', seat: seatOf(session).id, event, ...place(session) }),
      released: (session) => this.#released(session as Session),
    }
  }

  // --- to the main thread

  #tell(message: FromFront): void {
    this.#batch.flush()
    this.#port.postMessage(message)
  }

  #ask<T>(question: Extract<FromFront, { t: 'ask' }>['question']): Promise<T> {
    const id = ++this.#last
    const call = Promise.withResolvers<T>()
    this.#calls.set(id, call)
    this.#tell({ t: 'ask', id, question })
    return call.promise
  }

  async #claim(auth: AuthKey, session: bigint): Promise<((session: MtSession) => void) | undefined> {
    const { id, key, expiresAt, permId } = auth
    const claimed = await this.#ask<{ seat: number; handover?: Handover } | undefined>({
      ask: 'claim',
      auth: { id, key, expiresAt, permId },
      session,
    })
    return claimed && ((made) => this.#seat(made as Session, claimed.seat, claimed.handover))
  }

  #seat(session: Session, id: number, handover: Handover | undefined): void {
    const seat: Seat = { id, session, running: new Map(), heavy: false }
    session.state = seat
    this.#seats.set(id, seat)
    if (handover === undefined) return
    takeOver(session, handover, (received, request) => {
      this.#runs(seat, received.msgId, request, (out) => session.answer(received, out))
    })
  }

  #runs(seat: Seat, msgId: bigint, request: number, answer: Answer): void {
    seat.running.set(msgId, request)
    this.#running.set(request, {
      seat,
      answer: (out) => {
        seat.running.delete(msgId)
        answer(out)
      },
    })
  }

  #request(session: MtSession, { msgId, body, free }: Request): Promise<Outgoing> {
    const seat = seatOf(session)
    // Numbers are one thread's own, so that a request is known by its number wherever its session goes.
    this.#requests = (this.#requests + 1) % 2 ** 24
    const request = this.#requests * 128 + this.#data.index
    const { promise, resolve } = Promise.withResolvers<Outgoing>()
    this.#runs(seat, msgId, request, resolve)
    this.#batch.request(seat.id, request, msgId, body)
    // The batch has a copy.
    free?.()
    return promise
  }

  #released(session: Session): void {
    const seat = session.state as Seat | undefined
    if (seat === undefined || !this.#seats.delete(seat.id)) return
    for (const request of seat.running.values()) this.#running.delete(request)
    this.#heavy.delete(seat)
    this.#tell({ t: 'released', seat: seat.id })
  }

  // --- from the main thread

  #take(message: ToFront | ArrayBuffer): void {
    if (message instanceof ArrayBuffer) {
      readBatch(message, {
        answer: (request, body) => this.#answerWith(request, (w) => w.query(body)),
        push: (seat, body) => this.#push(seat, body),
        file: (request, file, length, head) => this.#answerWith(request, fileAnswer(file, length, Buffer.from(head))),
      })
      this.#port.postMessage({ t: 'taken', bytes: message.byteLength } satisfies FromFront)
      return
    }
    switch (message.t) {
      case 'reply': {
        const call = this.#calls.get(message.id)
        this.#calls.delete(message.id)
        if (message.error !== undefined) call?.reject(message.error)
        else call?.resolve(message.value)
        return
      }
      case 'listen':
        void this.#listen(message.host, message.port)
        return
      case 'handOver':
        this.#handOver(message.seat)
        return
      case 'end':
        this.#seats.get(message.seat)?.session.close(message.reason)
        return
      case 'bind':
        this.#bind(message.key, message.permId)
        return
      case 'dropKey':
        this.#server.dropKey(message.key)
        return
      case 'close':
        void this.#close(message.graceMs)
        return
    }
  }

  #answerWith(request: number, out: Outgoing): void {
    const running = this.#running.get(request)
    if (running === undefined) return
    this.#running.delete(request)
    running.answer(out)
  }

  #push(id: number, body: Buffer): void {
    const seat = this.#seats.get(id)
    if (seat === undefined) return
    seat.session.push((w) => w.query(body))
    if (!seat.heavy && seat.session.queued > HEAVY) {
      seat.heavy = true
      this.#heavy.add(seat)
      this.#tell({ t: 'queued', seat: id, bytes: seat.session.queued })
    }
  }

  async #listen(host: string, port: number): Promise<void> {
    try {
      this.#tell({ t: 'listening', address: await this.#server.listenTcp(host, port, true) })
    } catch (error) {
      this.#tell({ t: 'listening', error: error as Error })
    }
  }

  #handOver(id: number): void {
    const seat = this.#seats.get(id)
    if (seat === undefined) {
      this.#tell({ t: 'handedOver', seat: id })
      return
    }
    const { session, running } = seat
    const handover = handOver(session, (received: Received) => running.get(received.msgId) ?? 0)
    this.#seats.delete(id)
    this.#heavy.delete(seat)
    for (const request of running.values()) this.#running.delete(request)
    const { links } = session
    session.leave()
    // What is still on its way over them would have the session come back, and leave the newer connection without it.
    for (const link of links) if (link.sessions.length === 0) link.close('its session has moved')
    this.#tell({ t: 'handedOver', seat: id, handover })
  }

  #bind(key: bigint, permId: bigint): void {
    const entry = this.#server.keys.get(key)
    if (entry !== undefined) entry.permId = permId
  }

  async #close(graceMs: number): Promise<void> {
    await this.#server.close(graceMs)
    this.#report()
    this.#tell({ t: 'closed' })
    this.#port.close()
  }

  // --- figures

  #tick(): void {
    for (const seat of this.#heavy) {
      const { queued } = seat.session
      const drained = queued <= this.#server.options.drainBelow
      if (drained) {
        seat.heavy = false
        this.#heavy.delete(seat)
      }
      this.#tell({ t: 'queued', seat: seat.id, bytes: drained ? 0 : queued })
    }
    this.#report()
  }

  #report(): void {
    if (this.#figures.length === 0) return
    this.#tell({ t: 'figures', counts: this.#figures.splice(0), connections: this.#server.connections })
  }
}

const seatOf = (session: MtSession): Seat => session.state as Seat

const place = ({ remote, connected }: MtSession): { remote: Remote; connected: boolean } => ({ remote, connected })

const keyOf = (auth: AuthKey | undefined): AuthKey | undefined => auth && { ...auth, key: Buffer.from(auth.key) }

if (parentPort !== null) new Front(parentPort, workerData as FrontData)
