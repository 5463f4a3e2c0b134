// Connections and encryption on threads of their own: each listens at the same port, holds what comes in there, and
// hands requests up to this thread, where everything else is done.
import { Worker } from 'node:worker_threads'
import type { WebSocket } from 'ws'
import { BEHIND, Front, Seat, SharedKey } from './front.ts'
import { readBatch } from './front-batch.ts'
import type { FromFront, FrontData, Question } from './front-messages.ts'
import type { Handover } from './handover.ts'
import { type AuthKey, DEFAULTS, type MtprotoHost, type MtprotoOptions, type MtSession } from './host.ts'
import { internal } from './outgoing.ts'
import { type Mtproto, Server } from './server.ts'

/** A thread that ended by itself is started again after so long, ms. */
const RESTART_MS = 1000
/** How often the threads' clocks are set, ms. */
const CLOCK_MS = 500

interface Claimed {
  seat: number
  handover?: Handover | undefined
}

/** The MTProto side of a server whose TCP connections are held by `count` threads; HTTP and WebSockets stay here. */
export class Fronts implements Mtproto {
  readonly #outer: MtprotoHost
  readonly #host: MtprotoHost
  readonly #options: MtprotoOptions
  readonly #local: Server
  readonly #count: number
  readonly #levels: string[]
  readonly #offset = new SharedArrayBuffer(8)
  readonly #fronts: Front[] = []
  readonly #seats = new Map<number, Seat>()
  readonly #keys = new Map<bigint, SharedKey>()
  readonly #clock: NodeJS.Timeout
  #address: { host: string; port: number } | undefined
  #last = 0
  #closing = false

  constructor(host: MtprotoHost, options: Partial<MtprotoOptions>, count: number, levels: string[]) {
    this.#outer = host
    this.#host = Object.assign(Object.create(host) as MtprotoHost, { deleteKey: (id: bigint) => this.#deleteKey(id) })
    this.#options = { ...DEFAULTS, ...options }
    this.#local = new Server(this.#host, options)
    this.#count = count
    this.#levels = levels
    this.#setClock()
    this.#clock = setInterval(() => this.#setClock(), CLOCK_MS)
    this.#clock.unref()
  }

  #setClock(): void {
    new Float64Array(this.#offset)[0] = this.#host.now() - Date.now()
  }

  // --- threads

  async listenTcp(host: string, port: number): Promise<{ host: string; port: number }> {
    this.#address = { host, port }
    for (let i = 0; i < this.#count; i++) {
      const front = this.#start(i)
      front.tell({ t: 'listen', ...this.#address })
      this.#address = await front.listening.promise
    }
    return this.#address
  }

  #start(index: number): Front {
    const share = (n: number) => Math.ceil(n / this.#count)
    const { rsa, dc, saltSecret } = this.#host
    const { maxConnections, maxPartial, maxHandshakes } = this.#options
    const workerData: FrontData = {
      index,
      options: {
        ...this.#options,
        maxConnections: share(maxConnections),
        maxPartial: share(maxPartial),
        maxHandshakes: share(maxHandshakes),
      },
      rsa,
      dc,
      saltSecret,
      levels: this.#levels,
      offset: this.#offset,
    }
    const worker = new Worker(new URL('./front-worker.ts', import.meta.url), { workerData })
    const front = new Front(worker, (err) => this.#host.log.error({ err }, 'a message could not be written'))
    this.#fronts[index] = front
    worker.on('message', (message: FromFront | ArrayBuffer) => this.#take(front, message))
    worker.on('error', (err) => {
      this.#host.log.error({ err }, 'a thread of connections failed')
      front.listening.reject(err)
    })
    worker.on('exit', () => this.#ended(front, index))
    return front
  }

  // Its connections are gone with it; another one takes its place.
  #ended(front: Front, index: number): void {
    front.closed.resolve()
    for (const resolve of front.handovers.values()) resolve(undefined)
    for (const seat of [...this.#seats.values()]) if (seat.front === front && !seat.moving) this.#release(seat)
    if (this.#closing || front.closing) return
    setTimeout(() => {
      if (!this.#closing) this.#start(index).tell({ t: 'listen', ...this.#address! })
    }, RESTART_MS).unref()
  }

  // --- what they say

  #take(front: Front, message: FromFront | ArrayBuffer): void {
    if (message instanceof ArrayBuffer) {
      readBatch(message, { request: (seat, id, msgId, body) => this.#request(seat, id, msgId, body) })
      return
    }
    switch (message.t) {
      case 'ask':
        this.#reply(front, message.id, this.#ask(front, message.question))
        return
      case 'event':
        this.#event(message)
        return
      case 'released': {
        const seat = this.#seats.get(message.seat)
        if (seat?.front === front && !seat.moving) this.#release(seat)
        return
      }
      case 'queued':
        this.#queued(message.seat, message.bytes)
        return
      case 'taken':
        this.#taken(front, message.bytes)
        return
      case 'handedOver':
        front.handovers.get(message.seat)?.(message.handover)
        return
      case 'listening':
        if (message.address) front.listening.resolve(message.address)
        else front.listening.reject(message.error)
        return
      case 'log':
        this.#host.log[message.level](message.facts, message.text)
        return
      case 'figures':
        front.connections = message.connections
        this.#figures(message.counts)
        return
      case 'closed':
        front.closing = true
        front.closed.resolve()
        return
    }
  }

  #request(number: number, request: number, msgId: bigint, body: Buffer): void {
    const seat = this.#seats.get(number)
    if (seat === undefined) return
    const done = this.#host
      .onRequest(seat, { msgId, body })
      .catch((err: unknown) => {
        this.#host.log.error({ err }, 'a request had no answer')
        return internal
      })
      .then((out) => {
        seat.running.delete(msgId)
        seat.answer(request, out)
      })
    seat.running.set(msgId, done)
  }

  #event({ seat: number, event, remote, connected }: Extract<FromFront, { t: 'event' }>): void {
    const seat = this.#seats.get(number)
    if (seat === undefined) return
    seat.remote = remote
    seat.connected = connected
    if (event === 'closed') return // said when it is released
    if (event === 'open') seat.opened = true
    this.#host.onSession(seat, event)
  }

  #queued(number: number, bytes: number): void {
    const seat = this.#seats.get(number)
    if (seat === undefined) return
    seat.waiting = bytes
    if (bytes === 0) seat.drained()
  }

  #taken(front: Front, bytes: number): void {
    const before = front.behind
    front.behind -= bytes
    if (before <= BEHIND || front.behind > BEHIND) return
    for (const seat of this.#seats.values()) if (seat.front === front && seat.waiting === 0) seat.drained()
  }

  #figures(counts: Extract<FromFront, { t: 'figures' }>['counts']): void {
    const { metrics } = this.#host
    for (const [kind, name, by] of counts) {
      if (kind === 'connection') metrics.connection(name, by as 1 | -1)
      else if (kind === 'handshake') metrics.handshake(name as 'done')
      else if (kind === 'closed') metrics.closed(name)
      else metrics.bytes(kind as 'in' | 'out', name, by)
    }
  }

  #reply(front: Front, id: number, answer: Promise<unknown>): void {
    answer.then(
      (value) => front.tell({ t: 'reply', id, value }),
      (error: Error) => front.tell({ t: 'reply', id, error }),
    )
  }

  #ask(front: Front, question: Question): Promise<unknown> {
    switch (question.ask) {
      case 'loadKey':
        return this.#host.loadKey(question.key)
      case 'saveKey':
        return this.#host.saveKey({ ...question.auth, key: Buffer.from(question.auth.key) })
      case 'deleteKey':
        return this.#host.deleteKey(question.key)
      case 'claim':
        return this.#claim(front, question.auth, question.session)
    }
  }

  // --- sessions

  /**
   * A thread has met a session that is new to it: it may have to come over from the thread that has it. Undefined where
   * the thread has been given it already, for another connection.
   */
  async #claim(front: Front, auth: AuthKey, id: bigint): Promise<Claimed | undefined> {
    const key = this.#keyOf(auth)
    const known = [...key.seats].find((seat) => seat.id === id)
    if (known === undefined) return { seat: this.#seat(front, key, id).number }
    // One that is on its way already waits for its turn.
    while (known.moving) await new Promise<void>((resolve) => known.moving!.push(resolve))
    if (!key.seats.has(known)) return this.#claim(front, auth, id)
    if (known.front === front) return undefined
    known.moving = []
    const handover = await this.#handOver(known)
    if (handover === undefined) {
      // It has ended meanwhile.
      this.#settle(known)
      this.#release(known)
      return this.#claim(front, auth, id)
    }
    known.front = front
    known.waiting = 0
    // After the reply, which makes the session there.
    setImmediate(() => this.#settle(known))
    return { seat: known.number, handover }
  }

  #handOver(seat: Seat): Promise<Handover | undefined> {
    const { front, number } = seat
    return new Promise((resolve) => {
      front.handovers.set(number, (handover) => {
        front.handovers.delete(number)
        resolve(handover)
      })
      front.tell({ t: 'handOver', seat: number })
    })
  }

  #settle(seat: Seat): void {
    const { moving } = seat
    seat.moving = undefined
    for (const run of moving ?? []) run()
  }

  #seat(front: Front, key: SharedKey, id: bigint): Seat {
    this.#last = (this.#last + 1) % 2 ** 31
    const seat = new Seat(this.#last, id, key, front)
    this.#seats.set(seat.number, seat)
    key.seats.add(seat)
    return seat
  }

  #keyOf(auth: AuthKey): SharedKey {
    let key = this.#keys.get(auth.id)
    if (key === undefined) {
      key = new SharedKey(auth, ({ id, permId }) => {
        for (const front of this.#fronts) front.tell({ t: 'bind', key: id, permId })
      })
      this.#keys.set(auth.id, key)
    }
    return key
  }

  #release(seat: Seat): void {
    if (!this.#seats.delete(seat.number)) return
    const { authKey } = seat
    authKey.seats.delete(seat)
    if (authKey.seats.size === 0) this.#keys.delete(authKey.id)
    seat.connected = false
    if (seat.opened) this.#host.onSession(seat, 'closed')
  }

  // --- the outside

  handleWebSocket(ws: WebSocket, ip: string): void {
    this.#local.handleWebSocket(ws, ip)
  }

  handleHttp(body: Buffer, ip: string, signal?: AbortSignal): Promise<Buffer> {
    return this.#local.handleHttp(body, ip, signal)
  }

  get sessions(): ReadonlySet<MtSession> {
    return new Set<MtSession>([...this.#local.sessions, ...this.#seats.values()])
  }

  get connections(): number {
    return this.#fronts.reduce((sum, front) => sum + front.connections, this.#local.connections)
  }

  dropKey(id: bigint): void {
    this.#local.dropKey(id)
    for (const front of this.#fronts) front.tell({ t: 'dropKey', key: id })
  }

  sessionsOf(keyId: bigint): MtSession[] {
    return [...this.#local.sessionsOf(keyId), ...(this.#keys.get(keyId)?.seats ?? [])]
  }

  // A client has destroyed its key: it is nobody's in any thread, once the answer has left.
  async #deleteKey(id: bigint): Promise<void> {
    await this.#outer.deleteKey(id)
    setImmediate(() => setImmediate(() => this.dropKey(id)))
  }

  async close(graceMs = 0): Promise<void> {
    this.#closing = true
    clearInterval(this.#clock)
    for (const front of this.#fronts) front.tell({ t: 'close', graceMs })
    await Promise.all([this.#local.close(graceMs), ...this.#fronts.map((front) => front.closed.promise)])
    for (const seat of [...this.#seats.values()]) this.#release(seat)
    await Promise.all(this.#fronts.map((front) => front.worker.terminate()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
