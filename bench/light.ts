// A client so light that the server is what is measured: what it sends was encrypted before, and what it gets stays
// with the system till it is drained. Of that it reads what an acknowledgement needs, the first blocks of a message or
// the whole of a container, and counts.
import { readSync } from 'node:fs'
import type { Socket } from 'node:net'
import { type Direction, derive } from '../src/mtproto/crypto.ts'
import { MSG_CONTAINER, RPC_RESULT } from '../src/mtproto/ids.ts'
import { igeDecryptPieces } from '../src/mtproto/ige.ts'
import { INPUT, KDF_A, memory, memoryWords, OUTPUT, wasm } from '../src/mtproto/wasm.ts'
import type { Client, Prepared } from './client.ts'

/** Message key, salt, session, message id, number, length and constructor lie in so many bytes. */
const HEAD = 24 + 48
/** Acknowledgements in one message. */
const ACKS = 512

const scratch = Buffer.allocUnsafeSlow(512 * 1024)
const opened = Buffer.allocUnsafeSlow(2 * 1024 * 1024)

export class Light {
  readonly client: Client
  readonly #fd: number
  readonly #socket: Socket
  readonly #incoming: Direction
  /** Answers and updates that came. */
  answers = 0
  updates = 0
  bytes = 0
  #queue: readonly Prepared[] = []
  /** Requests sent of those that are prepared, and where acknowledgements may still be put between. */
  sent = 0
  #free = true
  #acks: bigint[] = []
  // The head of a frame that has not come whole, and how much of its rest is left out.
  #rest: Buffer = Buffer.alloc(0)
  #skip = 0

  constructor(client: Client) {
    this.client = client
    this.#socket = (client.stream.pipe as unknown as { socket: Socket }).socket
    const handle = (this.#socket as unknown as { _handle: { fd: number; readStop(): void } })._handle
    handle.readStop()
    this.#fd = handle.fd
    this.#incoming = client.key.incoming
  }

  prepare(bodies: readonly Uint8Array[]): void {
    this.#queue = this.client.prepare(bodies)
    this.sent = 0
  }

  /** Sends the next of what was prepared. Gives false when there is nothing left. */
  send(): boolean {
    const next = this.#queue[this.sent]
    if (next === undefined) return false
    this.sent++
    this.#free = true
    this.#socket.write(next.frame)
    return true
  }

  /** Takes everything that has come. */
  drain(): void {
    for (;;) {
      const got = this.#read()
      if (got === 0) return
      this.bytes += got
      this.#parse(got)
      if (got < scratch.length) return
    }
  }

  #read(): number {
    try {
      const got = readSync(this.#fd, scratch)
      if (got === 0) throw new Error('the server closed the connection')
      return got
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
      throw error
    }
  }

  #parse(got: number): void {
    let at = Math.min(this.#skip, got)
    this.#skip -= at
    if (at === got) return
    let buf = scratch.subarray(at, got)
    if (this.#rest.length > 0) buf = Buffer.concat([this.#rest, buf])
    at = 0
    while (buf.length - at >= 4 + HEAD) {
      const size = buf.readUInt32LE(at)
      const end = at + 4 + size
      if (size < HEAD) throw new Error(`transport error ${buf.readInt32LE(at + 4)}`)
      if (!this.#frame(buf, at + 4, size, end <= buf.length)) break
      if (end > buf.length) {
        this.#skip = end - buf.length
        at = buf.length
      } else at = end
    }
    this.#rest = at === buf.length ? Buffer.alloc(0) : Buffer.from(buf.subarray(at))
  }

  // Salt, session, then the message, as far as it is asked for. Gives false for a container that has not come whole.
  #frame(buf: Buffer, from: number, size: number, whole: boolean): boolean {
    const mem = memory()
    mem.set(buf.subarray(from + 8, from + 24), KDF_A)
    derive(memoryWords(), this.#incoming)
    mem.set(buf.subarray(from + 24, from + HEAD), INPUT)
    wasm.ige256_decrypt(INPUT, 48, OUTPUT)
    if (mem.readInt32LE(OUTPUT + 32) !== MSG_CONTAINER) {
      this.#message(mem, OUTPUT + 16)
      return true
    }
    if (!whole) return false
    igeDecryptPieces(buf, from + 24, size - 24, opened, 0)
    const count = opened.readInt32LE(36)
    for (let i = 0, at = 40; i < count; i++) {
      this.#message(opened, at)
      at += 16 + opened.readInt32LE(at + 12)
    }
    return true
  }

  #message(text: Buffer, at: number): void {
    if ((text[at + 8]! & 1) === 0) return
    if (text.readInt32LE(at + 16) === RPC_RESULT) this.answers++
    else this.updates++
    this.#acks.push(text.readBigInt64LE(at))
  }

  /** Acknowledges what came since. */
  acknowledge(): void {
    while (this.#acks.length > 0 && this.#free) {
      const ids = this.#acks.splice(0, ACKS)
      const last = this.#queue[this.sent - 1]
      if (last !== undefined) this.#free = false
      this.#socket.write(last === undefined ? this.client.acks(ids) : last.acks(ids))
    }
  }
}
