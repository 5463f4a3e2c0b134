// What one session keeps of messages in both directions.
import type { Connection } from './connection.ts'
import type { Outgoing } from './host.ts'

export const RUNNING = 0
export const ANSWERED = 1
/** The client does not want the answer any more. */
export const DROPPED = 2
/** Not a request: handled at once. */
export const SERVICE = 3

/** A message that came in. */
export class Received {
  readonly msgId: bigint
  state: number
  /** Whether it needs acknowledgement, and whether it had one (an answer is one). */
  readonly content: boolean
  acked = false
  /** Real time, ms. */
  readonly at: number
  link: Connection | undefined
  /** Undefined when there is none yet, or the client has it and it is not kept. */
  answer: Sent | undefined
  done: PromiseWithResolvers<void> | undefined

  constructor(msgId: bigint, state: number, content: boolean, at: number, link: Connection | undefined) {
    this.msgId = msgId
    this.state = state
    this.content = content
    this.at = at
    this.link = link
  }
}

/** A request that waits till fewer are under way, and what gives its memory back. */
export interface Waiting {
  received: Received
  body: Buffer
  free: (() => void) | undefined
}

/** A content-related message that goes out, till it is acknowledged. */
export class Sent {
  /** What writes it; undefined when `body` holds the bytes, or when nothing is kept of it. */
  write: Outgoing | undefined
  body: Uint8Array | undefined
  /** The request this answers. */
  readonly req: Received | undefined
  /** 0n till it is sent for the first time. */
  msgId = 0n
  seqNo = 0
  /** Bytes of its body, 0 till it is written for the first time. */
  bytes = 0
  /** Real time when it was sent last, ms, and where; undefined when that connection is gone. */
  at = 0
  link: Connection | undefined
  queued = true
  acked = false

  constructor(write: Outgoing | undefined, req: Received | undefined) {
    this.write = write
    this.req = req
  }
}

/** Whether a message can be written still. */
export const isKept = (sent: Sent): boolean => sent.write !== undefined || sent.body !== undefined
