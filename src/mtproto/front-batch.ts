// What the main thread and the front threads send each other all the time, packed: one transfer a turn of the event
// loop, whatever the number of messages in it. All in 32-bit words of the machine, like TL itself.

import { Reader } from '../tl/reader.ts'
import { Writer } from '../tl/writer.ts'
import type { FilePiece, FileRange, Outgoing } from './host.ts'
import { internal } from './outgoing.ts'

/** [ANSWER, request, words] body: what a request is answered with. */
export const ANSWER = 1
/** [PUSH, session, words] body. */
export const PUSH = 2
/** [REQUEST, session, request, message id (2), words] body. */
export const REQUEST = 3

/** [FILE, request, words] path, offset (2), length, head: an answer that ends with a piece of a file. */
export const FILE = 4

/** Bytes that leave at once, whatever else this turn brings. */
const FULL = 1024 * 1024

/** Collects messages and hands them over once a turn. */
export class BatchWriter {
  readonly #writer = new Writer(new Map(), 65536)
  readonly #post: (batch: ArrayBuffer) => void
  readonly #onError: (error: unknown) => void
  #due = false

  constructor(post: (batch: ArrayBuffer) => void, onError: (error: unknown) => void) {
    this.#post = post
    this.#onError = onError
  }

  /** @returns bytes that were written; 0 for a push that could not be */
  out(kind: typeof ANSWER | typeof PUSH, to: number, body: Outgoing): number {
    const w = this.#writer
    const at = w.take(3)
    try {
      body(w)
    } catch (error) {
      this.#onError(error)
      w.pos = at + 3
      if (kind === PUSH) {
        w.pos = at
        return 0
      }
      internal(w)
    }
    w.i32[at] = kind
    w.i32[at + 1] = to
    w.i32[at + 2] = w.pos - at - 3
    this.#soon()
    return (w.pos - at) * 4
  }

  /** @returns bytes that were written */
  file(request: number, { path, offset }: FileRange, piece: FilePiece): number {
    const w = this.#writer
    const at = w.take(3)
    w.string(path)
    w.int53(offset)
    w.int(piece.length)
    piece.head(w)
    w.i32[at] = FILE
    w.i32[at + 1] = request
    w.i32[at + 2] = w.pos - at - 3
    this.#soon()
    return (w.pos - at) * 4
  }

  request(session: number, request: number, msgId: bigint, body: Uint8Array): void {
    const w = this.#writer
    const at = w.take(6)
    w.i32[at] = REQUEST
    w.i32[at + 1] = session
    w.i32[at + 2] = request
    w.view.setBigInt64((at + 3) * 4, msgId, true)
    w.query(body)
    w.i32[at + 5] = w.pos - at - 6
    this.#soon()
  }

  #soon(): void {
    if (this.#writer.length > FULL) this.flush()
    else if (!this.#due) {
      this.#due = true
      setImmediate(() => this.flush())
    }
  }

  /** Hands over what there is: before anything that must not overtake it. */
  flush(): void {
    this.#due = false
    const w = this.#writer
    if (w.pos === 0) return
    const batch = w.copy().buffer
    w.reset()
    this.#post(batch)
  }
}

export interface BatchReader {
  answer?(request: number, body: Buffer): void
  push?(session: number, body: Buffer): void
  file?(request: number, file: FileRange, length: number, head: Buffer): void
  request?(session: number, request: number, msgId: bigint, body: Buffer): void
}

/** Takes a batch apart. Bodies are views of it. */
export function readBatch(batch: ArrayBuffer, to: BatchReader): void {
  const words = new Int32Array(batch)
  const view = new DataView(batch)
  let at = 0
  const body = (length: number) => {
    const from = at * 4
    at += length
    return Buffer.from(batch, from, length * 4)
  }
  while (at < words.length) {
    const kind = words[at]!
    const target = words[at + 1]!
    if (kind === REQUEST) {
      const request = words[at + 2]!
      const msgId = view.getBigInt64((at + 3) * 4, true)
      const length = words[at + 5]!
      at += 6
      to.request?.(target, request, msgId, body(length))
      continue
    }
    const length = words[at + 2]!
    at += 3
    if (kind === ANSWER) to.answer?.(target, body(length))
    else if (kind === FILE) readFile(target, body(length), to)
    else to.push?.(target, body(length))
  }
}

const reader = new Reader(new Map())

function readFile(request: number, body: Buffer, to: BatchReader): void {
  reader.reset(body)
  const path = reader.string()
  const offset = reader.int53()
  const length = reader.int()
  to.file?.(request, { path, offset }, length, body.subarray(reader.pos - body.byteOffset))
}
