// The client's side of every transport, for tests and for bench/.
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { createConnection, type Socket } from 'node:net'
import { sha256 } from './crypto.ts'
import { RecordReader, wrapRecords } from './fake-tls.ts'
import { RandomPool } from './random.ts'
import { createFull, createPadded, type Framing, framingOf, newFrame } from './transports.ts'

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
    if (this.hello !== undefined) {
      this.answered(chunk)
      return
    }
    let bytes: Buffer = this.records === undefined ? chunk : this.records.push(chunk)!
    if (this.incoming !== undefined) bytes = this.incoming.update(bytes)
    let buf = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes
    const { framing } = this
    while (buf.length > 0) {
      const words = framing.name === 'intermediate' || framing.name === 'padded'
      if (words && buf.length >= 4 && buf[3]! & 0x80) {
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
    const frame = newFrame(framing, payload.length)
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

export async function openStream(port: number, options: StreamOptions): Promise<Stream> {
  const stream = new Stream(await tcpPipe(port), options)
  if (options.secret?.[0] === 0xee) await stream.tls(options, Math.floor(Date.now() / 1000))
  return stream
}
