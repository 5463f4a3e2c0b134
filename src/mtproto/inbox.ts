// What came in of a session and is remembered, so that nothing runs twice.
// https://core.telegram.org/mtproto/description#message-identifier-msg-id
import { Received, RUNNING, SERVICE } from './sent.ts'

/** Message ids that are remembered; older ones are refused with code 20. */
const REMEMBERED = 1024
/** How long, ms: somewhat longer than the age up to which messages are taken. */
const REMEMBERED_MS = 330_000
/** For so long service messages are noted as having come at the same time, ms. */
const TOGETHER_MS = 30_000

const NONE: ReadonlyMap<bigint, Received> = new Map()

export class Inbox {
  /** Highest message id that was forgotten, and the newest message with its number. */
  floor = 0n
  lastId = 0n
  lastSeq = 0
  // Most sessions are quiet most of the time, and remember nothing then.
  #messages: Map<bigint, Received> | undefined

  get(msgId: bigint): Received | undefined {
    return this.#messages?.get(msgId)
  }

  /** What is remembered by message ids, oldest first. */
  all(): ReadonlyMap<bigint, Received> {
    return this.#messages ?? NONE
  }

  /** Notes a message that was taken. */
  add(msgId: bigint, seqNo: number, received: Received): void {
    this.restore(msgId, received)
    if (this.#messages!.size > REMEMBERED + 512) this.#forget(REMEMBERED, Number.NEGATIVE_INFINITY)
    if (msgId > this.lastId) {
      this.lastId = msgId
      this.lastSeq = seqNo
    }
  }

  /** Notes what was taken elsewhere. */
  restore(msgId: bigint, received: Received): void {
    this.#messages ??= new Map()
    this.#messages.set(msgId, received)
  }

  // Forgets messages that are beyond `count` or came before `before`. What still runs is not forgotten.
  #forget(count: number, before: number): void {
    const messages = this.#messages
    if (messages === undefined) return
    for (const [msgId, received] of messages) {
      if (messages.size <= count && received.at >= before) return
      if (received.state === RUNNING) continue
      messages.delete(msgId)
      if (msgId > this.floor) this.floor = msgId
    }
    if (messages.size === 0) this.#messages = undefined
  }

  sweep(now: number): void {
    this.#forget(REMEMBERED, now - REMEMBERED_MS)
  }

  clear(): void {
    if (this.#messages === undefined) return
    for (const received of this.#messages.values()) received.done?.resolve()
    this.#messages = undefined
  }
}

/** What is noted of service messages that came at about the same time: it is the same for all of them. */
export class ServiceNotes {
  #content: Received | undefined
  #bare: Received | undefined

  at(now: number, content: boolean): Received {
    let noted = content ? this.#content : this.#bare
    if (noted !== undefined && now <= noted.at) return noted
    noted = new Received(0n, SERVICE, content, now + TOGETHER_MS, undefined)
    if (content) this.#content = noted
    else this.#bare = noted
    return noted
  }
}
