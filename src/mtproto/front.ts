// A thread of connections, and the sessions that are there, as the main thread sees them.
import type { Worker } from 'node:worker_threads'
import { ANSWER, BatchWriter, PUSH } from './front-batch.ts'
import type { ToFront } from './front-messages.ts'
import type { Handover } from './handover.ts'
import type { AuthKey, FilePiece, FileRange, MtSession, Outgoing, Remote } from './host.ts'

/** Bytes handed to a thread and not taken yet above which its sessions count as slow. */
export const BEHIND = 8 * 1024 * 1024
/** What such a session says is queued: more than any pusher's bound. */
const MUCH = 2 ** 30
/** A key whose sessions are in threads; one object, since auth.bindTempAuthKey writes to it. */
export class SharedKey implements AuthKey {
  readonly id: bigint
  readonly key: Buffer
  readonly expiresAt: number
  readonly seats = new Set<Seat>()
  readonly #onBound: (key: SharedKey) => void
  #permId: bigint

  constructor(auth: AuthKey, onBound: (key: SharedKey) => void) {
    this.id = auth.id
    this.key = Buffer.from(auth.key)
    this.expiresAt = auth.expiresAt
    this.#permId = auth.permId
    this.#onBound = onBound
  }

  get permId(): bigint {
    return this.#permId
  }

  set permId(id: bigint) {
    this.#permId = id
    this.#onBound(this)
  }
}

/** A session that a thread holds, as the layers above see it. It stays the same when the session changes threads. */
export class Seat implements MtSession {
  readonly number: number
  readonly id: bigint
  readonly authKey: SharedKey
  state: unknown
  connected = false
  opened = false
  remote: Remote = { ip: '', transport: '' }
  onDrain: (() => void) | undefined
  front: Front
  /** Bytes waiting in the thread, if they are many. */
  waiting = 0
  readonly running = new Map<bigint, Promise<void>>()
  /** While it goes from one thread to another: what is to be said meanwhile. */
  moving: (() => void)[] | undefined

  constructor(number: number, id: bigint, authKey: SharedKey, front: Front) {
    this.number = number
    this.id = id
    this.authKey = authKey
    this.front = front
  }

  get permKeyId(): bigint {
    return this.authKey.expiresAt === 0 ? this.authKey.id : this.authKey.permId
  }

  get queued(): number {
    return this.front.behind > BEHIND ? MUCH : this.waiting
  }

  push(out: Outgoing): void {
    if (this.moving) this.moving.push(() => this.push(out))
    else {
      const bytes = this.front.say(PUSH, this.number, out)
      // The thread tells now and then how much waits; till then, all of it does.
      if (this.waiting > 0) this.waiting += bytes
    }
  }

  answer(request: number, out: Outgoing): void {
    if (this.moving) this.moving.push(() => this.answer(request, out))
    else {
      const { piece } = out
      if (piece?.file === undefined) this.front.say(ANSWER, request, out)
      else this.front.sayFile(request, piece.file, piece)
      out.free?.()
    }
  }

  reads(file: FileRange | undefined): boolean {
    return file !== undefined
  }

  result(msgId: bigint): Promise<void> | undefined {
    return this.running.get(msgId)
  }

  close(reason: string): void {
    if (this.moving) this.moving.push(() => this.close(reason))
    else this.front.tell({ t: 'end', seat: this.number, reason })
  }

  /** Calls `onDrain` when there is room again. */
  drained(): void {
    const { onDrain } = this
    this.onDrain = undefined
    onDrain?.()
  }
}

/** One thread. */
export class Front {
  readonly worker: Worker
  readonly listening = Promise.withResolvers<{ host: string; port: number }>()
  readonly closed = Promise.withResolvers<void>()
  readonly handovers = new Map<number, (handover: Handover | undefined) => void>()
  connections = 0
  /** Bytes handed over and not taken yet. */
  behind = 0
  closing = false
  readonly #batch: BatchWriter

  constructor(worker: Worker, onError: (error: unknown) => void) {
    this.worker = worker
    this.#batch = new BatchWriter((batch) => {
      this.behind += batch.byteLength
      worker.postMessage(batch, [batch])
    }, onError)
    this.listening.promise.catch(() => {})
  }

  /** @returns the bytes that it takes */
  say(kind: typeof ANSWER | typeof PUSH, to: number, out: Outgoing): number {
    return this.#batch.out(kind, to, out)
  }

  sayFile(request: number, file: FileRange, piece: FilePiece): void {
    this.#batch.file(request, file, piece)
  }

  tell(message: ToFront): void {
    this.#batch.flush()
    this.worker.postMessage(message)
  }
}
