import type { FileRange, Outgoing } from '../mtproto/host.ts'
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
  /** Ends the subscription. */
  unsubscribe: (() => void) | undefined
  /** Marked ids of peers this session has been sent in full, so that short updates are enough. */
  readonly known = new Set<number>()

  /** Transactions of its own under way: their rows may be read before it is known whose they are. */
  readonly writes = new Set<Write>()

  /** In which order its calls change something. */
  readonly turns = new Turns()

  /** Message ids of requests that were answered with an error, the newest ones. */
  readonly refused = new Set<bigint>()

  constructor(id: bigint, auth: Authorization, pipe: Pipe) {
    this.id = id
    this.auth = auth
    this.pipe = pipe
  }

  /** Notes that a request was answered with an error: those sent to run after it must not. */
  refuse(msgId: bigint): void {
    if (this.refused.size >= KNOWN_REFUSALS) this.refused.clear()
    this.refused.add(msgId)
  }

  /** Resolves when the transactions that are under way now are over; undefined when there are none. */
  written(): Promise<unknown> | undefined {
    if (this.writes.size === 0) return undefined
    const over = (write: Write) =>
      new Promise<void>((resolve) => {
        const before = write.over
        write.over = () => {
          before?.()
          resolve()
        }
      })
    return Promise.all([...this.writes].map(over))
  }

  know(peer: number): void {
    if (this.known.size >= KNOWN_PEERS) this.known.clear()
    this.known.add(peer)
  }
}
