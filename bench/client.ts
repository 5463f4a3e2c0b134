// The load generator's client: one connection, one session, as little work a message as can be. What it has to send at
// one moment leaves in one container with its acknowledgements, as the client libraries do it.
import { randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { decryptMessage, encryptMessage, PREFIX } from '../src/mtproto/crypto.ts'
import * as id from '../src/mtproto/ids.ts'
import { RandomPool } from '../src/mtproto/random.ts'
import type { RsaKey } from '../src/mtproto/rsa.ts'
import { ClientKey, MtClient, openStream, type Stream } from '../src/mtproto/test-client.ts'
import { newFrame } from '../src/mtproto/transports.ts'
import { type MethodName, type Methods, readMt, readResult, TlError, writeObject } from '../src/tl/index.ts'
import { Reader } from '../src/tl/reader.ts'
import { Writer } from '../src/tl/writer.ts'

export const LAYER = 229
/** Acknowledgements that are sent by themselves when nothing else goes out. */
const ACKS = 16
const ACK_MS = 250
/** A frame takes no more messages once it has so many bytes. */
const FRAME = 256 * 1024

const pool = new RandomPool((n) => randomBytes(n))
const strings = new Reader(new Map())

/** Takes the body of an answer: what follows the request's id in rpc_result, unpacked. */
type Done = (body: Buffer) => void

/** A frame that is made and not sent. */
export interface Prepared {
  frame: Buffer
  acks: (ids: readonly bigint[]) => Buffer
}

export class Client {
  readonly stream: Stream
  readonly key: ClientKey
  readonly sessionId = randomBytes(8).readBigInt64LE(0)
  /** Takes the body of every message that is neither an answer nor MTProto's own; valid during the call. */
  onUpdate: (body: Buffer) => void = () => {}
  onClose: () => void = () => {
    throw new Error('the server closed the connection')
  }
  readonly #waiting = new Map<bigint, Done>()
  #queue: { body: Uint8Array; done: Done | undefined }[] = []
  #acks: bigint[] = []
  #ackTimer: NodeJS.Timeout | undefined
  #soon = false
  #seq = 0
  #lastId = 0n
  /** Once frames were made beforehand: the moment that all message ids count on from. */
  #clock: number | undefined
  readonly #w = new Writer(new Map(), 8192)

  constructor(stream: Stream, key: ClientKey) {
    this.stream = stream
    this.key = key
    stream.onFrame = (buf, from, end) => this.#receive(buf, from, end)
    stream.onClose = () => this.onClose()
  }

  /** A connection with a new key: the whole key exchange. */
  static async exchange(port: number, rsa: RsaKey): Promise<Client> {
    const first = await MtClient.connect(port)
    const key = await first.exchange({ rsa })
    return new Client(first.stream, key)
  }

  static async connect(port: number, keyHex: string): Promise<Client> {
    return new Client(await openStream(port, {}), new ClientKey(Buffer.from(keyHex, 'hex')))
  }

  /** A call through the codec, for everything that is not counted. Rejects with the error's name. */
  call<M extends MethodName>(method: M, params: Methods[M]['params'] | object = {}): Promise<Methods[M]['result']> {
    return this.ask(writeObject({ _: method, ...params } as any, LAYER)).then((body) => readResult(method, body, LAYER))
  }

  /** The same, told as a new client tells of itself. */
  greet<M extends MethodName>(method: M, params: Methods[M]['params'] | object = {}): Promise<Methods[M]['result']> {
    return this.ask(greeting({ _: method, ...params })).then((body) => readResult(method, body, LAYER))
  }

  ask(body: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.send(body, (answer) => {
        if (answer.readInt32LE(0) !== id.RPC_ERROR) return resolve(Buffer.from(answer))
        const error = readMt(answer) as unknown as { errorCode: number; errorMessage: string }
        reject(new Error(`${error.errorCode} ${error.errorMessage}`))
      })
    })
  }

  /** Queues a request. It leaves with `flush`, or when this turn of the event loop is over. */
  send(body: Uint8Array, done?: Done): void {
    this.#queue.push({ body, done })
    if (this.#soon) return
    this.#soon = true
    setImmediate(() => this.flush())
  }

  flush(): void {
    this.#soon = false
    while (this.#queue.length > 0 || this.#acks.length > 0) {
      let count = 0
      for (let bytes = 0; count < this.#queue.length && bytes < FRAME; count++) bytes += this.#queue[count]!.body.length
      this.#frame(count === this.#queue.length ? this.#queue : this.#queue.slice(0, count))
      this.#queue = this.#queue.slice(count)
    }
  }

  #frame(queue: { body: Uint8Array; done: Done | undefined }[]): void {
    const acks = this.#acks
    this.#acks = []
    this.stream.pipe.write(this.#sealed(queue, acks))
  }

  /**
   * The frames of these requests, to be sent by and by in this order. With each comes how to make the frame of
   * acknowledgements that goes between it and the next, where one does.
   */
  prepare(bodies: readonly Uint8Array[]): Prepared[] {
    this.#clock ??= Date.now()
    return bodies.map((body) => {
      const frame = this.#sealed([{ body, done: undefined }], [])
      const [seq, lastId] = [this.#seq, this.#lastId]
      this.#lastId += 8n
      return { frame, acks: (ids) => this.#between(seq, lastId, ids) }
    })
  }

  /** A frame of acknowledgements alone. */
  acks(ids: readonly bigint[]): Buffer {
    return this.#sealed([], ids)
  }

  #between(seq: number, lastId: bigint, ids: readonly bigint[]): Buffer {
    const last = [this.#seq, this.#lastId] as const
    ;[this.#seq, this.#lastId] = [seq, lastId]
    const frame = this.#sealed([], ids)
    ;[this.#seq, this.#lastId] = last
    return frame
  }

  #sealed(queue: { body: Uint8Array; done: Done | undefined }[], acks: readonly bigint[]): Buffer {
    const w = this.#w
    w.reset()
    w.take(8)
    w.long(this.key.salt)
    w.long(this.sessionId)
    if (queue.length === 1 && acks.length === 0) this.#message(queue[0]!)
    else {
      const head = w.take(4)
      w.int(id.MSG_CONTAINER)
      w.int(queue.length + (acks.length > 0 ? 1 : 0))
      for (const one of queue) this.#message(one)
      if (acks.length > 0) {
        w.long(this.#nextId())
        w.int(this.#seq * 2)
        w.int(16 + acks.length * 8 - 4)
        w.int(id.MSGS_ACK)
        w.vecLong(acks)
      }
      const bytes = (w.pos - head - 4) * 4
      w.view.setBigInt64(head * 4, this.#nextId(), true)
      w.i32[head + 2] = this.#seq * 2
      w.i32[head + 3] = bytes
    }
    const bytes = w.pos * 4 - PREFIX
    const padding = 12 + ((4 - bytes) & 15)
    const at = w.pos * 4
    w.take(padding >> 2)
    pool.fill(w.u8, at, at + padding)
    const { framing } = this.stream
    const length = 24 + bytes + padding
    const frame = newFrame(framing, length)
    const start = framing.at
    this.key.idBytes.copy(frame, start)
    encryptMessage(this.key.outgoing, w.u8, bytes + padding, frame, start + 8)
    framing.seal(frame, length)
    return frame
  }

  #message({ body, done }: { body: Uint8Array; done: Done | undefined }): void {
    const w = this.#w
    const msgId = this.#nextId()
    w.long(msgId)
    w.int(this.#seq++ * 2 + 1)
    w.int(body.length)
    w.query(body)
    if (done) this.#waiting.set(msgId, done)
  }

  #nextId(): bigint {
    const ms = this.#clock ?? Date.now()
    const made = (BigInt(Math.floor(ms / 1000)) << 32n) | (BigInt(Math.floor(((ms % 1000) / 1000) * 2 ** 30)) << 2n)
    this.#lastId = made > this.#lastId ? made : this.#lastId + 4n
    return this.#lastId
  }

  #receive(buf: Buffer, from: number, end: number): void {
    if (end - from === 4) throw new Error(`transport error ${buf.readInt32LE(from)}`)
    const text = decryptMessage(this.key.incoming, buf, from + 24, end - from - 24)
    if (text === undefined) throw new Error('message key')
    this.#take(text, 16)
    if (this.#acks.length >= ACKS) this.flush()
    else if (this.#acks.length > 0) {
      this.#ackTimer ??= setTimeout(() => {
        this.#ackTimer = undefined
        this.flush()
      }, ACK_MS)
    }
  }

  // The message whose id stands at `at`; gives where the next one would.
  #take(text: Buffer, at: number): number {
    const from = at + 16
    const next = from + text.readInt32LE(at + 12)
    const kind = text.readInt32LE(from)
    if (kind === id.MSG_CONTAINER) {
      const count = text.readInt32LE(from + 4)
      let inner = from + 8
      for (let i = 0; i < count; i++) inner = this.#take(text, inner)
      return next
    }
    if ((text[at + 8]! & 1) !== 0) this.#acks.push(text.readBigInt64LE(at))
    if (kind === id.RPC_RESULT) {
      const request = text.readBigInt64LE(from + 4)
      const done = this.#waiting.get(request)
      this.#waiting.delete(request)
      done?.(unpacked(text.subarray(from + 12, next)))
      return next
    }
    switch (kind) {
      case id.BAD_SERVER_SALT:
        this.key.salt = text.readBigInt64LE(from + 20)
        this.#again(text.readBigInt64LE(from + 4))
        return next
      case id.NEW_SESSION_CREATED:
      case id.MSGS_ACK:
      case id.PONG:
        return next
      case id.BAD_MSG_NOTIFICATION:
        throw new Error(`bad_msg_notification ${text.readInt32LE(from + 16)}`)
    }
    this.onUpdate(unpacked(text.subarray(from, next)))
    return next
  }

  /** Only the very first message can have a wrong salt, and it goes alone. */
  #again(msgId: bigint): void {
    const done = this.#waiting.get(msgId)
    const body = this.#first
    if (!done || !body) throw new Error('bad_server_salt')
    this.#waiting.delete(msgId)
    this.send(body, done)
  }
  #first: Uint8Array | undefined

  /** Asks for the first time on this connection, whose salt may not be known. */
  first(body: Uint8Array): Promise<Buffer> {
    this.#first = body
    const answer = this.ask(body)
    this.flush()
    return answer
  }

  close(): void {
    clearTimeout(this.#ackTimer)
    this.onClose = () => {}
    this.stream.close()
  }
}

/** gzip_packed is taken off. */
function unpacked(body: Buffer): Buffer {
  if (body.readInt32LE(0) !== id.GZIP_PACKED) return body
  strings.reset(body)
  strings.int()
  return gunzipSync(strings.bytes())
}

/** A request as the first one of a client: with its layer and what it says of itself. */
export function greeting(query: object): Uint8Array {
  const init = {
    _: 'initConnection',
    apiId: 1,
    deviceModel: 'bench',
    systemVersion: '1',
    appVersion: '1',
    systemLangCode: 'en',
    langPack: '',
    langCode: 'en',
    query,
  }
  return writeObject({ _: 'invokeWithLayer', layer: LAYER, query: init } as any, LAYER)
}

export { TlError }
