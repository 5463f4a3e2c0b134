// One session: what came in, what goes out. https://core.telegram.org/mtproto/service_messages
import type { Connection } from './connection.ts'
import { HOLD_FLIGHT } from './connection.ts'
import type { AuthKey, MtSession, Outgoing, Remote } from './host.ts'
import { NEW_SESSION_CREATED } from './ids.ts'
import { Inbox } from './inbox.ts'
import type { KeyEntry } from './keys.ts'
import { added, NONE } from './lists.ts'
import { internal } from './outgoing.ts'
import { ANSWERED, DROPPED, isKept, type Received, RUNNING, Sent, type Waiting } from './sent.ts'
import type { Server } from './server.ts'
import { Unacked } from './unacked.ts'

/** What a queued message counts before it is written. */
const GUESS = 256
/** After so many ms without a request a session over HTTP counts as disconnected. */
const HTTP_PAUSE = 30_000

export class Session implements MtSession {
  readonly id: bigint
  readonly key: KeyEntry
  readonly server: Server
  state: unknown
  onDrain: (() => void) | undefined
  /** Newest last. */
  links: readonly Connection[] = NONE
  /** Whether new_session_created was sent, which happens with the first message that is taken. */
  announced = false
  closed = false
  outbox: Sent[] = []
  /** Answers whose piece of a file is being read. */
  loading: Set<Sent> | undefined
  /** Service messages that wait to be sent; they are neither acknowledged nor sent again. */
  notices: readonly Outgoing[] = NONE
  acks: readonly bigint[] = NONE
  readonly inbox = new Inbox()
  readonly unacked: Unacked
  inFlight = 0
  /** Requests that it began in which turn, and time it has used, µs, as of when, ms: turns.ts counts them. */
  begun = 0
  turn = 0
  spent = 0
  spentAt = 0
  /** Whether it waits to be flushed at the end of this turn of the event loop. */
  dirty = false
  // Real time since when there is no connection, ms.
  private alone: number
  /** Content-related messages sent: the numbers of all come from it. */
  content = 0
  waiting: readonly Waiting[] = NONE
  // Requests that may need an acknowledgement before their answer: since the last tick, and from before.
  private late: readonly Received[] = NONE
  private later: readonly Received[] = NONE
  private told = false
  // Where it came from last, while it has no connection.
  private before: Remote | undefined
  // Whether it had something to send since the last sweep.
  private stirred = false

  constructor(server: Server, key: KeyEntry, id: bigint) {
    this.server = server
    this.key = key
    this.id = id
    this.alone = server.time
    this.unacked = new Unacked(server)
  }

  get authKey(): AuthKey {
    return this.key
  }

  get permKeyId(): bigint {
    const { key } = this
    return key.expiresAt === 0 ? key.id : key.permId
  }

  get connected(): boolean {
    return this.links.length > 0
  }

  get remote(): Remote {
    const link = this.links[this.links.length - 1]
    return link === undefined ? (this.before ?? { ip: '', transport: '' }) : remoteOf(link)
  }

  get queued(): number {
    let bytes = this.unacked.pushed + this.outbox.length * GUESS
    for (const link of this.links) bytes += link.wire.buffered
    return bytes
  }

  // --- connections

  attach(link: Connection): void {
    this.links = this.links.length === 0 ? [link] : [...this.links, link]
    this.before = undefined
    this.resendLost()
    this.tellConnected()
    this.ready()
  }

  detach(link: Connection): void {
    if (!this.links.includes(link)) return
    this.links = this.links.filter((other) => other !== link)
    this.unacked.lose(link)
    for (const { received } of this.waiting) if (received.link === link) received.link = undefined
    if (this.waiting.length > 0) this.pump()
    if (this.links.length > 0) {
      this.resendLost()
      this.ready()
      return
    }
    this.alone = this.server.time
    this.before = remoteOf(link)
    // Over HTTP there is no connection between two requests; the sweep tells when there is none for long.
    if (link.carrier !== 'http') this.tellDisconnected()
  }

  private tellConnected(): void {
    if (this.told || !this.announced) return
    this.told = true
    this.server.host.onSession(this, 'connected')
  }

  private tellDisconnected(): void {
    if (!this.told) return
    this.told = false
    this.server.host.onSession(this, 'disconnected')
  }

  // Queues again what was sent on connections that are gone.
  private resendLost(): void {
    const lost = this.unacked.takeLost()
    if (lost.length > 0) this.outbox = [...lost, ...this.outbox]
  }

  /** The first message of the session was taken. */
  announce(firstMsgId: bigint): void {
    this.announced = true
    const unique = this.server.host.random(8).readBigInt64LE(0)
    const salt = this.key.salt(this.server.seconds())
    const created = new Sent((w) => {
      w.int(NEW_SESSION_CREATED)
      w.long(firstMsgId)
      w.long(unique)
      w.long(salt)
    }, undefined)
    this.outbox.unshift(created)
    this.server.host.onSession(this, 'open')
    if (this.links.length > 0) this.tellConnected()
    this.ready()
  }

  // --- requests and answers

  /** Hands a request up, or lets it wait while too many are under way or others come first. */
  request(received: Received, body: Buffer, free?: () => void): void {
    const { turns, time, options } = this.server
    turns.asks(this, time)
    const may = this.mayRun(received)
    if (may && this.waiting.length === 0 && turns.admits(this, time)) this.run(received, body, free)
    else {
      this.waiting = added(this.waiting, { received, body, free })
      if (may) turns.wait(this, time)
    }
    if (!this.mayRun(received) || this.waiting.length >= options.maxInFlight) received.link?.hold(HOLD_FLIGHT)
  }

  // Answers that have not left count like requests under way: a client that does not read them gets no more.
  private mayRun(received: Received): boolean {
    return (
      this.inFlight + this.outbox.length + (this.loading?.size ?? 0) < this.server.options.maxInFlight &&
      received.link?.clogged !== true
    )
  }

  private run(received: Received, body: Buffer, free: (() => void) | undefined): void {
    this.server.turns.began(this, this.server.time)
    this.inFlight++
    this.late = added(this.late, received)
    this.server.busy.add(this)
    this.server.host
      .onRequest(this, { msgId: received.msgId, body, free })
      .catch((error: unknown) => {
        this.server.host.log.error({ err: error }, 'a request had no answer')
        return internal
      })
      .then((out) => this.answer(received, out))
  }

  /** A request that ran is answered. */
  answer(received: Received, out: Outgoing): void {
    this.inFlight--
    received.done?.resolve()
    received.done = undefined
    this.reply(received, out)
    this.server.turns.answered(this)
    this.pump()
  }

  /** Queues an answer, unless the client has dropped its request. */
  reply(received: Received, out: Outgoing): void {
    received.acked = true
    if (received.state === RUNNING) {
      received.state = ANSWERED
      const sent = new Sent(out, received)
      sent.link = received.link
      received.answer = sent
      this.outbox.push(sent)
    }
    received.link = undefined
    this.ready()
  }

  /** Whether the request that waits longest may run. */
  mayRunNext(): boolean {
    return this.waiting.length > 0 && this.mayRun(this.waiting[0]!.received)
  }

  /** Runs it, if it may. Gives whether one ran. */
  runNext(): boolean {
    let ran = false
    while (!ran && this.mayRunNext()) {
      const next = (this.waiting as Waiting[]).shift()!
      if (next.received.state === DROPPED) continue
      this.run(next.received, next.body, next.free)
      ran = true
    }
    this.readOn()
    return ran
  }

  /** Runs requests that waited, as far as they may now, and reads on when few wait. */
  pump(): void {
    if (this.closed) return
    const { turns, time } = this.server
    while (this.mayRunNext()) {
      if (!turns.admits(this, time)) {
        turns.wait(this, time)
        break
      }
      this.runNext()
    }
    this.readOn()
  }

  private readOn(): void {
    const few = this.server.options.maxInFlight >> 1
    if (this.waiting.length > few || this.inFlight + this.outbox.length > few) return
    for (const link of this.links) link.release(HOLD_FLIGHT)
  }

  reads(): boolean {
    return true
  }

  result(msgId: bigint): Promise<void> | undefined {
    const received = this.inbox.get(msgId)
    if (received === undefined || received.state !== RUNNING) return undefined
    received.done ??= Promise.withResolvers<void>()
    return received.done.promise
  }

  /** Queues a message again, because the client asks for it or repeats its request. Gives whether it is still known. */
  resend(sent: Sent): boolean {
    if (!isKept(sent)) return false
    this.unacked.revive(sent)
    if (!sent.queued) {
      sent.queued = true
      this.outbox.push(sent)
      this.ready()
    }
    return true
  }

  // --- what goes out

  push(out: Outgoing): void {
    if (this.closed) return
    this.outbox.push(new Sent(out, undefined))
    if (this.links.length === 0 && this.outbox.length > this.server.options.maxOutbox) {
      this.close('more pushes than a session keeps without a connection')
    } else this.ready()
  }

  /** Queues a message that needs no acknowledgement. */
  notice(out: Outgoing): void {
    this.notices = added(this.notices, out)
    this.ready()
  }

  /** Has a message of the client acknowledged with what goes out next. */
  ack(msgId: bigint): void {
    this.acks = added(this.acks, msgId)
  }

  /** Acknowledgements to be sent now, so many at most. */
  takeAcks(most: number): readonly bigint[] {
    const { acks } = this
    this.acks = acks.length > most ? acks.slice(most) : NONE
    return acks.length > most ? acks.slice(0, most) : acks
  }

  /** Has it flushed at the end of this turn of the event loop. */
  ready(): void {
    this.stirred = true
    if (this.dirty || this.closed || this.links.length === 0) return
    this.dirty = true
    this.server.flushSoon(this)
  }

  /** The number of a message that goes out now. https://core.telegram.org/mtproto/description#message-sequence-number-msg-seqno */
  nextSeq(content: boolean): number {
    return content ? this.content++ * 2 + 1 : this.content * 2
  }

  /** The client has this message. */
  acknowledged(msgId: bigint): void {
    this.unacked.acknowledged(msgId)
  }

  /** Calls `onDrain` when there is room again. */
  checkDrain(): void {
    const { onDrain } = this
    if (onDrain === undefined || this.queued > this.server.options.drainBelow) return
    this.onDrain = undefined
    onDrain()
  }

  // --- housekeeping

  /** Acknowledges requests that take long. Called each tick; gives whether requests are under way. */
  ackLate(): boolean {
    // Over HTTP an acknowledgement would use up the request that the answer needs.
    const may = this.links[this.links.length - 1]?.carrier !== 'http'
    for (const received of this.later) {
      if (received.acked || !may) continue
      received.acked = true
      this.ack(received.msgId)
    }
    this.later = this.late
    this.late = NONE
    if (this.acks.length > 0) this.ready()
    return this.later.length > 0 || this.inFlight > 0
  }

  /** Called every few seconds. Gives false when the session is to be closed. */
  sweep(now: number): boolean {
    if (this.links.length === 0) {
      if (now - this.alone > HTTP_PAUSE) this.tellDisconnected()
      if (now - this.alone > this.server.options.sessionMs) return false
    }
    this.inbox.sweep(now)
    this.unacked.sweep(now)
    this.checkDrain()
    if (this.stirred) this.letGo()
    this.stirred = false
    return true
  }

  // Lists and maps that are empty keep the room of what was in them.
  private letGo(): void {
    if (this.outbox.length === 0) this.outbox = []
    if (this.waiting.length === 0) this.waiting = NONE
    if (this.loading?.size === 0) this.loading = undefined
    this.unacked.letGo()
  }

  close(reason: string): void {
    if (this.closed) return
    this.server.host.log.debug({ reason }, 'session closed')
    const { links } = this
    this.leave()
    for (const link of links) if (link.sessions.length === 0) link.close(reason)
    this.tellDisconnected()
    if (this.announced) this.server.host.onSession(this, 'closed')
    this.server.host.released?.(this)
  }

  /** Forgets everything, without a word to anybody: it goes on elsewhere, or is closed. */
  leave(): void {
    this.closed = true
    this.key.dropSession(this)
    this.server.sessions.delete(this)
    this.server.busy.delete(this)
    this.server.turns.leave(this)
    const { links } = this
    this.links = NONE
    this.before ??= links.length > 0 ? remoteOf(links[links.length - 1]!) : undefined
    for (const link of links) link.drop(this)
    this.outbox = []
    this.loading = undefined
    this.notices = NONE
    this.waiting = NONE
    this.unacked.clear()
    this.inbox.clear()
  }
}

const remoteOf = ({ ip, transport }: Connection): Remote => ({ ip, transport })
