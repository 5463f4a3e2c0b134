import type { FileRange, Outgoing } from '../mtproto/host.ts'
import { added, NONE } from '../mtproto/lists.ts'
import type { Subscriber } from '../updates/hub.ts'
import type { Authorization } from './authorizations.ts'
import { Turns } from './turns.ts'

export type { Outgoing }

/** The pipe below: an MTProto session, or the harness's end in process. */
export interface Pipe {
  readonly connected: boolean
  readonly remote: { ip: string; transport: string }
  /** Bytes not yet taken by the socket. */
  readonly queued: number
  push(out: Outgoing): void
  /** Whether it reads pieces of files itself. */
  reads?(file: FileRange | undefined): boolean
  /** Settles when the request of that msg_id in this session has been answered; undefined when it is unknown. */
  result(msgId: bigint): Promise<void> | undefined
  onDrain?: (() => void) | undefined
  close(reason: string): void
}

/** A transaction of a session's own that is not known to be over. */
export interface Write {
  over: (() => void) | undefined
}

/** Peers whose full form a session has been sent; bounded, so that a long session stays small. */
const KNOWN_PEERS = 4096
const KNOWN_REFUSALS = 256

/** One MTProto session of one authorization. */
export class RpcSession {
  readonly id: bigint
  readonly auth: Authorization
  readonly pipe: Pipe
  /** Set by the first call that is not wrapped in invokeWithoutUpdates. */
  wantsUpdates = false
  /** The temporary key it came over, 0n for a permanent one. */
  tempKey = 0n
  /** Its place in its account's box, while it is subscribed. */
  subscriber: Subscriber | undefined
  /** While it is being subscribed: no call of its own runs before, or it might read what is never pushed. */
  subscribing: Promise<void> | undefined
  /** In which order its calls change something. */
  readonly turns = new Turns()
  // Most sessions are quiet: what they have nothing in is not made.
  #known: Set<number> | undefined
  #writes: readonly Write[] = NONE
  #refused: Set<bigint> | undefined

  constructor(id: bigint, auth: Authorization, pipe: Pipe) {
    this.id = id
    this.auth = auth
    this.pipe = pipe
  }

  /** Ends the subscription, if there is one. */
  unsubscribe(): void {
    this.subscriber?.close()
    this.subscriber = undefined
  }

  /** Notes that a request was answered with an error: those sent to run after it must not. */
  refuse(msgId: bigint): void {
    this.#refused ??= new Set()
    if (this.#refused.size >= KNOWN_REFUSALS) this.#refused.clear()
    this.#refused.add(msgId)
  }

  /** Whether that request was, of the newest ones. */
  refused(msgId: bigint): boolean {
    return this.#refused?.has(msgId) === true
  }

  /** A transaction of its own begins: its rows may be read before it is known whose they are. */
  writes(write: Write): void {
    this.#writes = added(this.#writes, write)
  }

  /** It is over. */
  wrote(write: Write): void {
    this.#writes = this.#writes.length === 1 ? NONE : this.#writes.filter((other) => other !== write)
    write.over?.()
  }

  /** Whether transactions of its own are under way. */
  get writing(): boolean {
    return this.#writes.length > 0
  }

  /** Resolves when the transactions that are under way now are over; undefined when there are none. */
  written(): Promise<unknown> | undefined {
    if (!this.writing) return undefined
    const over = (write: Write) =>
      new Promise<void>((resolve) => {
        const before = write.over
        write.over = () => {
          before?.()
          resolve()
        }
      })
    return Promise.all(this.#writes.map(over))
  }

  /** Notes that it has been sent this peer (a marked id) in full, so that short updates are enough. */
  know(peer: number): void {
    this.#known ??= new Set()
    if (this.#known.size >= KNOWN_PEERS) this.#known.clear()
    this.#known.add(peer)
  }

  knows(peer: number): boolean {
    return this.#known?.has(peer) === true
  }

  /** Somebody else signs in: what was known of peers is no more. */
  forgetPeers(): void {
    this.#known = undefined
  }
}
