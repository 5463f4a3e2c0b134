// A small MTProto client for tests and for bench/: every transport, the key exchange, encrypted messages, and any fault
// a test wants to make. It shares the ciphers with the server, and nothing of its logic.
import { randomBytes } from 'node:crypto'
import { Writer } from '../tl/writer.ts'
import { decryptMessage, encryptMessage, PREFIX } from './crypto.ts'
import * as id from './ids.ts'
import { RandomPool } from './random.ts'
import { type ClientKey, type ExchangeOptions, exchange } from './test-exchange.ts'
import { openStream, type Stream, type StreamOptions } from './test-stream.ts'

export { ClientKey } from './test-exchange.ts'
export { openStream, type Pipe, Stream, type StreamOptions, type TransportName, tcpPipe } from './test-stream.ts'

const pool = new RandomPool((n) => randomBytes(n))

export interface Message {
  msgId: bigint
  seqNo: number
  body: Buffer
}

export class MtClient {
  stream: Stream
  key: ClientKey | undefined
  sessionId = randomBytes(8).readBigInt64LE(0)
  /** Server time less local time, ms. */
  timeOffset = 0
  /** Whether content-related messages are acknowledged by themselves, with the next message. */
  autoAck = true
  /** Every message that comes in, containers taken apart. */
  onMessage: (message: Message) => void = () => {}
  /** Messages that are neither answers nor expected. */
  readonly inbox: Message[] = []
  /** Transport errors. */
  readonly errors: number[] = []
  readonly waiting = new Map<bigint, { resolve: (body: Buffer) => void; reject: (error: Error) => void }>()
  private plain: ((body: Buffer) => void) | undefined
  private plainFailed: ((error: Error) => void) | undefined
  private seq = 0
  private lastId = 0n
  private acks: bigint[] = []
  private watchers: (() => void)[] = []
  private readonly w = new Writer(new Map(), 4096)

  constructor(stream: Stream) {
    this.stream = stream
    this.use(stream)
  }

  /** Goes on over another stream, as after a lost connection. */
  use(stream: Stream): void {
    this.stream = stream
    stream.onFrame = (buf, from, end) => this.receive(buf, from, end)
    stream.onClose = () => {
      this.plainFailed?.(new Error('the connection was closed before its answer'))
      this.woken()
    }
  }

  static async connect(port: number, options: StreamOptions = {}): Promise<MtClient> {
    return new MtClient(await openStream(port, options))
  }

  /** A message id by the client's clock; they grow. */
  nextId(shiftMs = 0): bigint {
    const ms = Date.now() + this.timeOffset + shiftMs
    const made = (BigInt(Math.floor(ms / 1000)) << 32n) | (BigInt(Math.floor(((ms % 1000) / 1000) * 2 ** 30)) << 2n)
    if (shiftMs !== 0) return made
    this.lastId = made > this.lastId ? made : this.lastId + 4n
    return this.lastId
  }

  nextSeq(content: boolean): number {
    return content ? this.seq++ * 2 + 1 : this.seq * 2
  }

  // --- unencrypted

  sendPlain(body: Uint8Array): void {
    const frame = Buffer.alloc(20 + body.length)
    frame.writeBigInt64LE(this.nextId(), 8)
    frame.writeUInt32LE(body.length, 16)
    frame.set(body, 20)
    this.stream.send(frame)
  }

  askPlain(body: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.plain = resolve
      this.plainFailed = reject
      this.sendPlain(body)
    })
  }

  /** The whole key exchange. */
  async exchange(options: ExchangeOptions): Promise<ClientKey> {
    const { key, timeOffset } = await exchange((body) => this.askPlain(body), options)
    this.key = key
    this.timeOffset = timeOffset
    // Ids so far were by the local clock, which may be ahead of the server's.
    this.lastId = 0n
    return key
  }

  // --- encrypted

  /** Sends one message as it is, with whatever faults it has. */
  sendMessage(
    body: Uint8Array,
    how: Partial<Message> & { salt?: bigint; quick?: boolean; padding?: number } = {},
  ): bigint {
    const key = this.key!
    const msgId = how.msgId ?? this.nextId()
    const w = this.w
    w.reset()
    w.take(8)
    w.long(how.salt ?? key.salt)
    w.long(this.sessionId)
    w.long(msgId)
    w.int(how.seqNo ?? this.nextSeq(true))
    w.int(body.length)
    w.query(body)
    const bytes = w.pos * 4 - PREFIX
    const padding = how.padding ?? 12 + ((4 - bytes) & 15)
    const at = w.pos * 4
    w.take(padding >> 2)
    pool.fill(w.u8, at, at + Math.min(padding, 64))
    const frame = Buffer.allocUnsafe(24 + bytes + padding)
    key.idBytes.copy(frame)
    encryptMessage(key.outgoing, w.u8, bytes + padding, frame, 8)
    this.stream.send(frame, how.quick)
    return msgId
  }

  /** Sends messages in one container; numbers are made for those that have none. */
  sendContainer(
    messages: readonly (Partial<Omit<Message, 'body'>> & { body: Uint8Array })[],
    how: Partial<Message> = {},
  ): bigint {
    const w = new Writer(new Map(), 4096)
    w.int(id.MSG_CONTAINER)
    w.int(messages.length)
    for (const m of messages) {
      w.long(m.msgId ?? this.nextId())
      w.int(m.seqNo ?? this.nextSeq(true))
      w.int(m.body.length)
      w.query(m.body)
    }
    return this.sendMessage(w.copy(), { seqNo: this.nextSeq(false), ...how })
  }

  /** Acknowledgements that are due, as a message. */
  takeAcks(): { body: Uint8Array; seqNo: number } {
    const body = msgsAck(this.acks)
    this.acks = []
    return { body, seqNo: this.nextSeq(false) }
  }

  /** Sends acknowledgements that are due. */
  flushAcks(): void {
    if (this.acks.length === 0) return
    const { body, seqNo } = this.takeAcks()
    this.sendMessage(body, { seqNo })
  }

  /** Sends a request; resolves with the body of its rpc_result (gzip not unpacked). */
  invoke(body: Uint8Array, how: Partial<Message> = {}): Promise<Buffer> {
    const msgId = how.msgId ?? this.nextId()
    const answer = this.answerTo(msgId)
    if (this.autoAck && this.acks.length > 0) {
      const seqNo = how.seqNo ?? this.nextSeq(true)
      this.sendContainer([{ body, msgId, seqNo }, this.takeAcks()])
    } else this.sendMessage(body, { ...how, msgId })
    return answer
  }

  /** Resolves with the rpc_result for a message id. */
  answerTo(msgId: bigint): Promise<Buffer> {
    return new Promise((resolve, reject) => this.waiting.set(msgId, { resolve, reject }))
  }

  private receive(buf: Buffer, from: number, end: number): void {
    const n = end - from
    if (n === 4) {
      const code = buf.readInt32LE(from)
      this.errors.push(code)
      this.plainFailed?.(new Error(`transport error ${code}`))
      for (const { reject } of this.waiting.values()) reject(new Error(`transport error ${code}`))
      this.waiting.clear()
      this.woken()
      return
    }
    if (buf.readBigUInt64LE(from) === 0n) {
      this.plain?.(Buffer.from(buf.subarray(from + 20, from + 20 + buf.readUInt32LE(from + 16))))
      return
    }
    const key = this.key!
    const text = decryptMessage(key.incoming, buf, from + 24, n - 24)
    if (text === undefined) throw new Error('message key')
    const view = new DataView(text.buffer, text.byteOffset, text.length)
    if (view.getBigInt64(8, true) !== this.sessionId) throw new Error('session id')
    this.take(text, view, 16)
    this.woken()
  }

  // The message whose id stands at `at`.
  private take(text: Buffer, view: DataView, at: number): number {
    const msgId = view.getBigInt64(at, true)
    const seqNo = view.getInt32(at + 8, true)
    const length = view.getInt32(at + 12, true)
    const from = at + 16
    const kind = view.getInt32(from, true)
    if (kind === id.MSG_CONTAINER) {
      const count = view.getInt32(from + 4, true)
      let next = from + 8
      for (let i = 0; i < count; i++) next = this.take(text, view, next)
      return from + length
    }
    if ((seqNo & 1) !== 0 && this.autoAck) this.acks.push(msgId)
    const body = text.subarray(from, from + length)
    if (kind === id.RPC_RESULT) {
      const request = view.getBigInt64(from + 4, true)
      const waiter = this.waiting.get(request)
      this.waiting.delete(request)
      this.onMessage({ msgId, seqNo, body })
      if (waiter !== undefined) waiter.resolve(body.subarray(12))
      else this.inbox.push({ msgId, seqNo, body })
      return from + length
    }
    if (kind === id.BAD_SERVER_SALT) this.key!.salt = view.getBigInt64(from + 20, true)
    const message = { msgId, seqNo, body }
    this.onMessage(message)
    this.inbox.push(message)
    return from + length
  }

  private woken(): void {
    const { watchers } = this
    this.watchers = []
    for (const wake of watchers) wake()
  }

  /** Takes the first message with one of these constructors out of the inbox, when it is there. */
  async expect(...kinds: number[]): Promise<Message> {
    for (;;) {
      const at = this.inbox.findIndex((m) => kinds.includes(m.body.readInt32LE(0)))
      if (at >= 0) return this.inbox.splice(at, 1)[0]!
      if (this.stream.closed) throw new Error(`closed before #${kinds.map((kind) => (kind >>> 0).toString(16))} came`)
      await new Promise<void>((resolve) => this.watchers.push(resolve))
    }
  }

  /** Resolves when the server has closed the connection. */
  async gone(): Promise<void> {
    while (!this.stream.closed) await new Promise<void>((resolve) => this.watchers.push(resolve))
  }

  close(): void {
    this.stream.close()
  }
}

export function msgsAck(ids: readonly bigint[]): Uint8Array {
  const w = new Writer(new Map(), 16 + ids.length * 8)
  w.int(id.MSGS_ACK)
  w.vecLong(ids)
  return w.copy()
}
