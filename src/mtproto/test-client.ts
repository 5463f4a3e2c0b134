// A small MTProto client for tests and for bench/: every transport, the key exchange, encrypted messages, and any fault
// a test wants to make. It shares the ciphers with the server, and nothing of its logic.
import { constants, createCipheriv, createDecipheriv, createHmac, publicEncrypt, randomBytes } from 'node:crypto'
import { createConnection, type Socket } from 'node:net'
import { Reader } from '../tl/reader.ts'
import { Writer } from '../tl/writer.ts'
import {
  authKeyId,
  type Direction,
  decryptMessage,
  direction,
  encryptMessage,
  exchangeKey,
  newNonceHash,
  PREFIX,
  sha1,
  sha256,
} from './crypto.ts'
import { dhCreate, dhShared } from './dh.ts'
import { RecordReader, wrapRecords } from './fake-tls.ts'
import * as id from './ids.ts'
import { igeDecrypt, igeEncrypt } from './ige.ts'
import { RandomPool } from './random.ts'
import type { RsaKey } from './rsa.ts'
import { createFull, createPadded, type Framing, framingOf } from './transports.ts'

const pool = new RandomPool((n) => randomBytes(n))
const TAGS = { abridged: 0xefefefef, intermediate: 0xeeeeeeee, padded: 0xdddddddd } as const

export type TransportName = keyof typeof TAGS | 'full'

/** What bytes go to and come from. */
export interface Pipe {
  write(bytes: Buffer): void
  /** Set by the client. */
  onData: (bytes: Buffer) => void
  onClose: () => void
  close(): void
}

/** A pipe over a TCP socket. */
export function tcpPipe(port: number, host = '127.0.0.1'): Promise<Pipe & { socket: Socket }> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host, noDelay: true })
    const pipe = {
      socket,
      write: (bytes: Buffer) => void socket.write(bytes),
      onData: (_: Buffer) => {},
      onClose: () => {},
      close: () => void socket.destroy(),
    }
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      socket.on('error', () => {})
      socket.on('data', (bytes: Buffer) => pipe.onData(bytes))
      socket.on('close', () => pipe.onClose())
      resolve(pipe)
    })
  })
}

export interface StreamOptions {
  transport?: TransportName
  obfuscated?: boolean
  /** An MTProxy secret as users get it; implies obfuscation. */
  secret?: Buffer
  dc?: number
}

/** Frames over a pipe, as a client sends and gets them. */
export class Stream {
  readonly pipe: Pipe
  readonly framing: Framing
  onFrame: (buf: Buffer, from: number, end: number) => void = () => {}
  onQuickAck: (token: number) => void = () => {}
  onClose: () => void = () => {}
  closed = false
  private rest: Buffer = Buffer.alloc(0)
  private outgoing: ReturnType<typeof createCipheriv> | undefined
  private incoming: ReturnType<typeof createDecipheriv> | undefined
  private records: RecordReader | undefined
  private hello: { random: Buffer; key: Buffer; done: () => void; waiting: Buffer } | undefined
  private readonly abridged: boolean

  constructor(pipe: Pipe, options: StreamOptions) {
    this.pipe = pipe
    const { transport = 'intermediate', secret } = options
    this.abridged = transport === 'abridged'
    this.framing = transport === 'full' ? createFull() : framingOf(TAGS[transport], createPadded(pool))!
    pipe.onData = (bytes) => this.receive(bytes)
    pipe.onClose = () => {
      this.closed = true
      this.onClose()
    }
    if (secret?.[0] === 0xee) return
    this.begin(options)
  }

  private begin({ transport = 'intermediate', obfuscated, secret, dc = 2 }: StreamOptions): void {
    if (obfuscated !== true && secret === undefined) {
      if (transport === 'abridged') this.write(Buffer.of(0xef))
      else if (transport !== 'full') this.write(word(TAGS[transport]))
      return
    }
    const header = randomBytes(64)
    header[0] = 0x37
    header[4] = 0x11
    if (transport === 'full') throw new Error('the full transport has no tag')
    header.writeUInt32LE(TAGS[transport], 56)
    header.writeInt16LE(dc, 60)
    const salt = secret === undefined ? undefined : secret.length === 16 ? secret : secret.subarray(1, 17)
    const key = (bytes: Buffer) => (salt === undefined ? bytes : sha256(Buffer.concat([bytes, salt])))
    const reversed = Buffer.from(header.subarray(8, 56)).reverse()
    const outgoing = createCipheriv('aes-256-ctr', key(header.subarray(8, 40)), header.subarray(40, 56))
    this.incoming = createDecipheriv('aes-256-ctr', key(reversed.subarray(0, 32)), reversed.subarray(32, 48))
    const encrypted = outgoing.update(header)
    encrypted.copy(header, 56, 56)
    this.write(header)
    this.outgoing = outgoing
  }

  /** For `ee` secrets: the TLS hello, then the obfuscated stream inside of records. */
  async tls(options: StreamOptions, time: number): Promise<void> {
    const key = options.secret!.subarray(1, 17)
    const hello = clientHello(key, time)
    await new Promise<void>((resolve) => {
      this.hello = { random: hello.subarray(11, 43), key, done: resolve, waiting: Buffer.alloc(0) }
      this.pipe.write(hello)
    })
    this.pipe.write(Buffer.from('140303000101', 'hex'))
    this.records = new RecordReader()
    this.begin(options)
  }

  private receive(chunk: Buffer): void {
    if (this.hello !== undefined) return this.answered(chunk)
    let bytes: Buffer = this.records === undefined ? chunk : this.records.push(chunk)!
    if (this.incoming !== undefined) bytes = this.incoming.update(bytes)
    let buf = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes
    const { framing } = this
    while (buf.length > 0) {
      if (!this.abridged && framing.name === 'intermediate' && buf.length >= 4 && buf[3]! & 0x80) {
        this.onQuickAck(buf.readUInt32LE(0))
        buf = buf.subarray(4)
        continue
      }
      if (this.abridged && buf[0]! & 0x80) {
        if (buf.length < 4) break
        this.onQuickAck(buf.readUInt32BE(0))
        buf = buf.subarray(4)
        continue
      }
      const head = framing.head(buf, 0, buf.length)
      if (head === 0 || buf.length < head + framing.size) break
      if (head < 0) throw new Error('no frame')
      const to = head + framing.size
      const end = framing.body(buf, head, to)
      if (end < 0) throw new Error('damaged frame')
      const frame = buf
      buf = buf.subarray(to)
      this.onFrame(frame, head, end)
    }
    this.rest = buf
  }

  private answered(chunk: Buffer): void {
    const hello = this.hello!
    hello.waiting = Buffer.concat([hello.waiting, chunk])
    const buf = hello.waiting
    // Three records: hello, change cipher spec, application data.
    let at = 0
    for (let i = 0; i < 3; i++) {
      if (buf.length < at + 5) return
      at += 5 + buf.readUInt16BE(at + 3)
    }
    if (buf.length < at) return
    const random = Buffer.from(buf.subarray(11, 43))
    const blank = Buffer.from(buf.subarray(0, at))
    blank.fill(0, 11, 43)
    const digest = createHmac('sha256', hello.key).update(hello.random).update(blank).digest()
    if (!digest.equals(random)) throw new Error('the server does not know the secret')
    this.hello = undefined
    hello.done()
  }

  /** Writes bytes as they are, behind obfuscation and records. */
  write(bytes: Buffer): void {
    let out = this.outgoing === undefined ? bytes : this.outgoing.update(bytes)
    if (this.records !== undefined) out = wrapRecords(out)
    this.pipe.write(out)
  }

  /** Sends one frame with this payload. */
  send(payload: Uint8Array, quick = false): void {
    const { framing } = this
    const frame = framing.alloc(payload.length)
    frame.set(payload, framing.at)
    framing.seal(frame, payload.length)
    if (quick) {
      const at = this.abridged ? 0 : 3
      frame[at] = frame[at]! | 0x80
    }
    this.write(frame)
  }

  close(): void {
    this.pipe.close()
  }
}

function word(n: number): Buffer {
  const out = Buffer.alloc(4)
  out.writeUInt32LE(n)
  return out
}

function clientHello(key: Buffer, time: number): Buffer {
  const tail = Buffer.concat([
    Buffer.of(32),
    randomBytes(32),
    Buffer.from('000a', 'hex'),
    Buffer.from('5a5a1302130113031301', 'hex'),
    Buffer.from('0100', 'hex'),
  ])
  const extensions = Buffer.concat([Buffer.from('00150180', 'hex'), Buffer.alloc(0x180)])
  const length = Buffer.alloc(2)
  length.writeUInt16BE(extensions.length)
  const body = Buffer.concat([Buffer.of(3, 3), Buffer.alloc(32), tail, length, extensions])
  const head = Buffer.from([22, 3, 1, (body.length + 4) >> 8, (body.length + 4) & 255])
  const hello = Buffer.concat([head, Buffer.of(1, 0, body.length >> 8, body.length & 255), body])
  const digest = createHmac('sha256', key).update(hello).digest()
  digest.writeUInt32LE((digest.readUInt32LE(28) ^ time) >>> 0, 28)
  digest.copy(hello, 11)
  return hello
}

export interface Message {
  msgId: bigint
  seqNo: number
  body: Buffer
}

export interface ExchangeOptions {
  rsa: RsaKey
  /** The older padding, SHA1(data) + data + random. */
  oldPadding?: boolean
  /** req_pq instead of req_pq_multi. */
  single?: boolean
  dc?: number
  /** Seconds, for a temporary key. */
  expiresIn?: number
  /** Changes p_q_inner_data before it is encrypted. */
  spoilInner?: (inner: Buffer) => void
  /** A g_b of one's own. */
  gB?: Buffer
}

/** What the client has of an authorization key. */
export class ClientKey {
  readonly key: Buffer
  readonly id: bigint
  readonly idBytes = Buffer.alloc(8)
  readonly outgoing: Direction
  readonly incoming: Direction
  salt: bigint

  constructor(key: Buffer, salt = 0n) {
    this.key = key
    this.id = authKeyId(key)
    this.idBytes.writeBigUInt64LE(this.id)
    this.outgoing = direction(key, 0)
    this.incoming = direction(key, 8)
    this.salt = salt
  }
}

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

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
    stream.onClose = () => this.woken()
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

  /** The whole key exchange. Checks everything that a careful client checks. */
  async exchange(options: ExchangeOptions): Promise<ClientKey> {
    const { rsa } = options
    const nonce = randomBytes(16)
    const w = new Writer(new Map(), 2048)
    w.int(options.single === true ? id.REQ_PQ : id.REQ_PQ_MULTI)
    w.fixed(nonce, 16)
    const r = new Reader(new Map())
    const expect = (constructor: number) => {
      const got = r.int()
      if (got !== constructor) throw new Error(`#${(got >>> 0).toString(16)} came`)
      if (!buffer(r.fixed(16)).equals(nonce)) throw new Error('nonce')
    }
    r.reset(await this.askPlain(w.copy()))
    expect(id.RES_PQ)
    const serverNonce = buffer(r.fixed(16))
    const pq = buffer(r.bytes())
    if (!r.vecLong().includes(rsa.fingerprint)) throw new Error('fingerprint')
    const { p, q } = factorise(pq)
    const newNonce = randomBytes(32)
    const { dc, expiresIn } = options
    const temp = expiresIn !== undefined
    w.reset()
    w.int(dc === undefined ? (temp ? 0x3c6a84d4 : 0x83c95aec | 0) : temp ? 0x56fddf88 : 0xa9f55f95 | 0)
    w.bytes(pq)
    w.bytes(p)
    w.bytes(q)
    w.fixed(nonce, 16)
    w.fixed(serverNonce, 16)
    w.fixed(newNonce, 32)
    if (dc !== undefined) w.int(dc)
    if (temp) w.int(expiresIn)
    const inner = buffer(w.copy())
    options.spoilInner?.(inner)
    w.reset()
    w.int(id.REQ_DH_PARAMS)
    w.fixed(nonce, 16)
    w.fixed(serverNonce, 16)
    w.bytes(p)
    w.bytes(q)
    w.long(rsa.fingerprint)
    w.bytes(options.oldPadding === true ? oldPadding(rsa, inner) : rsaPad(rsa, inner))
    r.reset(await this.askPlain(w.copy()))
    expect(id.SERVER_DH_PARAMS_OK)
    if (!buffer(r.fixed(16)).equals(serverNonce)) throw new Error('server nonce')
    const { key, iv } = exchangeKey(newNonce, serverNonce)
    const answer = igeDecrypt(r.bytes(), key, iv)
    r.reset(answer.subarray(20))
    expect(id.SERVER_DH_INNER_DATA)
    if (!buffer(r.fixed(16)).equals(serverNonce)) throw new Error('server nonce')
    const start = r.pos - 36
    r.int()
    r.bytes()
    const gA = r.bytes()
    this.timeOffset = r.int() * 1000 - Date.now()
    if (!sha1(answer.subarray(20, 20 + r.pos - start)).equals(answer.subarray(0, 20))) throw new Error('hash')
    let retryId = 0n
    for (;;) {
      const half = dhCreate()
      w.reset()
      w.int(0x6643b654)
      w.fixed(nonce, 16)
      w.fixed(serverNonce, 16)
      w.long(retryId)
      w.bytes(options.gB ?? half.power)
      const data = buffer(w.copy())
      const padding = randomBytes((16 - ((20 + data.length) & 15)) & 15)
      const encrypted = igeEncrypt(Buffer.concat([sha1(data), data, padding]), key, iv)
      w.reset()
      w.int(id.SET_CLIENT_DH_PARAMS)
      w.fixed(nonce, 16)
      w.fixed(serverNonce, 16)
      w.bytes(encrypted)
      r.reset(await this.askPlain(w.copy()))
      const authKey = dhShared(half.exponent, gA)
      const outcome = r.int()
      const which = outcome === id.DH_GEN_OK ? 1 : outcome === id.DH_GEN_RETRY ? 2 : 3
      r.fixed(32)
      if (!buffer(r.fixed(16)).equals(newNonceHash(newNonce, which, authKey))) throw new Error('new nonce hash')
      if (which === 3) throw new Error('dh_gen_fail')
      if (which === 2) {
        retryId = sha1(authKey).readBigInt64LE(0)
        continue
      }
      const salt = BigInt.asIntN(64, newNonce.readBigInt64LE(0) ^ serverNonce.readBigInt64LE(0))
      const made = new ClientKey(authKey, salt)
      this.key = made
      return made
    }
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

  /** Sends acknowledgements that are due. */
  flushAcks(): void {
    if (this.acks.length === 0) return
    const body = msgsAck(this.acks)
    this.acks = []
    this.sendMessage(body, { seqNo: this.nextSeq(false) })
  }

  /** Sends a request; resolves with the body of its rpc_result (gzip not unpacked). */
  invoke(body: Uint8Array, how: Partial<Message> = {}): Promise<Buffer> {
    const msgId = how.msgId ?? this.nextId()
    const answer = this.answerTo(msgId)
    if (this.autoAck && this.acks.length > 0) {
      const acks = this.acks
      this.acks = []
      const seqNo = how.seqNo ?? this.nextSeq(true)
      this.sendContainer([
        { body, msgId, seqNo },
        { body: msgsAck(acks), seqNo: this.nextSeq(false) },
      ])
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
      return this.woken()
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
    const constructor = view.getInt32(from, true)
    if (constructor === id.MSG_CONTAINER) {
      const count = view.getInt32(from + 4, true)
      let next = from + 8
      for (let i = 0; i < count; i++) next = this.take(text, view, next)
      return from + length
    }
    if ((seqNo & 1) !== 0 && this.autoAck) this.acks.push(msgId)
    const body = text.subarray(from, from + length)
    if (constructor === id.RPC_RESULT) {
      const request = view.getBigInt64(from + 4, true)
      const waiter = this.waiting.get(request)
      this.waiting.delete(request)
      this.onMessage({ msgId, seqNo, body })
      if (waiter !== undefined) waiter.resolve(body.subarray(12))
      else this.inbox.push({ msgId, seqNo, body })
      return from + length
    }
    if (constructor === id.BAD_SERVER_SALT) this.key!.salt = view.getBigInt64(from + 20, true)
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

  /** Takes the first message with this constructor out of the inbox, when it is there. */
  async expect(constructor: number): Promise<Message> {
    for (;;) {
      const at = this.inbox.findIndex((m) => m.body.readInt32LE(0) === constructor)
      if (at >= 0) return this.inbox.splice(at, 1)[0]!
      if (this.stream.closed) throw new Error(`closed before #${(constructor >>> 0).toString(16)} came`)
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

export async function openStream(port: number, options: StreamOptions): Promise<Stream> {
  const stream = new Stream(await tcpPipe(port), options)
  if (options.secret?.[0] === 0xee) await stream.tls(options, Math.floor(Date.now() / 1000))
  return stream
}

export function msgsAck(ids: readonly bigint[]): Uint8Array {
  const w = new Writer(new Map(), 16 + ids.length * 8)
  w.int(id.MSGS_ACK)
  w.vecLong(ids)
  return w.copy()
}

function rsaEncrypt(rsa: RsaKey, data: Buffer): Buffer {
  return publicEncrypt({ key: rsa.publicPem, padding: constants.RSA_NO_PADDING }, data)
}

function oldPadding(rsa: RsaKey, inner: Buffer): Buffer {
  return rsaEncrypt(rsa, Buffer.concat([Buffer.of(0), sha1(inner), inner, randomBytes(235 - inner.length)]))
}

function rsaPad(rsa: RsaKey, inner: Buffer): Buffer {
  const padded = Buffer.concat([inner, randomBytes(192 - inner.length)])
  for (;;) {
    const tempKey = randomBytes(32)
    const withHash = Buffer.concat([Buffer.from(padded).reverse(), sha256(Buffer.concat([tempKey, padded]))])
    const encrypted = igeEncrypt(withHash, tempKey, Buffer.alloc(32))
    const mask = sha256(encrypted)
    for (let i = 0; i < 32; i++) tempKey[i] = tempKey[i]! ^ mask[i]!
    const data = Buffer.concat([tempKey, encrypted])
    if (data.compare(rsa.modulus) < 0) return rsaEncrypt(rsa, data)
  }
}

// Pollard's rho with Brent's batches: some milliseconds for two primes of 31 bits.
function factorise(pq: Buffer): { p: Buffer; q: Buffer } {
  const n = pq.readBigUInt64BE(0)
  const gcd = (a: bigint, b: bigint): bigint => {
    let x = a
    let y = b
    while (y !== 0n) [x, y] = [y, x % y]
    return x
  }
  for (let c = 1n; ; c++) {
    let x = 2n
    let y = 2n
    let d = 1n
    while (d === 1n) {
      let product = 1n
      for (let i = 0; i < 256; i++) {
        x = (x * x + c) % n
        y = (y * y + c) % n
        y = (y * y + c) % n
        const difference = x > y ? x - y : y - x
        if (difference === 0n) break
        product = (product * difference) % n
      }
      d = gcd(product, n)
      if (d === 1n && x === y) break
    }
    if (d === 1n || d === n) continue
    const other = n / d
    const [p, q] = d < other ? [d, other] : [other, d]
    const four = (v: bigint) => Buffer.from(v.toString(16).padStart(8, '0'), 'hex')
    return { p: four(p), q: four(q) }
  }
}
