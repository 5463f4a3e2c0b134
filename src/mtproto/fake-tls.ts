// The outside of `ee` proxy secrets: what looks like a TLS 1.3 connection. The client's hello carries in its random the
// HMAC of itself under the secret; after an answer alike, the obfuscated stream runs in application data records.
import { createHmac, generateKeyPairSync } from 'node:crypto'
import type { Secret } from './obfuscation.ts'

const RANDOM_AT = 11
const HELLO_MAX = 4096
const RECORD_MAX = 16384 + 256
/** Content types of records. */
const CHANGE_CIPHER = 20
const HANDSHAKE = 22
const APPLICATION = 23

/** How many bytes the hello at the start of `buf` has: 0 when more are needed to know, -1 when it is none. */
export function helloLength(buf: Buffer): number {
  if (buf.length < 6) return 0
  const n = buf.readUInt16BE(3)
  if (buf[0] !== HANDSHAKE || buf[1] !== 3 || buf[5] !== 1 || n < 76 || n > HELLO_MAX) return -1
  return 5 + n
}

export interface Hello {
  secret: Secret
  /** Unix seconds that the client claims. */
  time: number
  random: Buffer
  /** What is answered. */
  answer: Buffer
}

/** Checks a whole hello against the secrets; undefined when none of them made it. */
export function openHello(hello: Buffer, secrets: readonly Secret[], random: (n: number) => Buffer): Hello | undefined {
  const given = Buffer.from(hello.subarray(RANDOM_AT, RANDOM_AT + 32))
  const blank = Buffer.from(hello)
  blank.fill(0, RANDOM_AT, RANDOM_AT + 32)
  for (const secret of secrets) {
    if (secret.kind !== 'ee') continue
    const digest = createHmac('sha256', secret.key).update(blank).digest()
    let different = 0
    for (let i = 0; i < 28; i++) different |= digest[i]! ^ given[i]!
    if (different !== 0) continue
    const time = digest.readUInt32LE(28) ^ given.readUInt32LE(28)
    const answer = serverHello(hello, given, secret, random)
    return answer && { secret, time: time >>> 0, random: given, answer }
  }
  return undefined
}

// The first TLS 1.3 cipher suite that the client offers, as a server would choose.
function cipherSuite(hello: Buffer, at: number): number {
  const end = at + 2 + hello.readUInt16BE(at)
  for (let i = at + 2; i + 1 < end && i + 1 < hello.length; i += 2) {
    const suite = hello.readUInt16BE(i)
    if (suite >= 0x1301 && suite <= 0x1303) return suite
  }
  return 0x1301
}

function serverHello(hello: Buffer, given: Buffer, secret: Secret, random: (n: number) => Buffer): Buffer | undefined {
  const idLength = hello[RANDOM_AT + 32]!
  const idAt = RANDOM_AT + 33
  if (idLength > 32 || idAt + idLength + 2 > hello.length) return undefined
  const suite = cipherSuite(hello, idAt + idLength)
  const { publicKey } = generateKeyPairSync('x25519')
  const share = publicKey.export({ format: 'jwk' }).x!
  const extensions = Buffer.concat([
    Buffer.from('00330024001d0020', 'hex'),
    Buffer.from(share, 'base64url'),
    Buffer.from('002b00020304', 'hex'),
  ])
  const body = Buffer.concat([
    Buffer.of(3, 3),
    Buffer.alloc(32),
    Buffer.of(idLength),
    hello.subarray(idAt, idAt + idLength),
    Buffer.of(suite >> 8, suite & 255, 0, 0, extensions.length),
    extensions,
  ])
  const answer = Buffer.concat([
    record(HANDSHAKE, Buffer.concat([Buffer.of(2, 0, body.length >> 8, body.length & 255), body])),
    record(CHANGE_CIPHER, Buffer.of(1)),
    // Stands for the encrypted part of a server's hello.
    record(APPLICATION, random(1024 + (random(2).readUInt16LE(0) % 3072))),
  ])
  createHmac('sha256', secret.key).update(given).update(answer).digest().copy(answer, RANDOM_AT)
  return answer
}

function record(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(type, 3, 3, body.length >> 8, body.length & 255), body])
}

/** Puts bytes into application data records. */
export function wrapRecords(data: Buffer): Buffer {
  if (data.length <= 16384) return record(APPLICATION, data)
  const parts: Buffer[] = []
  for (let at = 0; at < data.length; at += 16384) parts.push(record(APPLICATION, data.subarray(at, at + 16384)))
  return Buffer.concat(parts)
}

/** Takes the bytes out of records. Bounded: at most one header is held back. */
export class RecordReader {
  private head = Buffer.alloc(5)
  private have = 0
  private left = 0
  private type = 0

  /** Gives what `chunk` holds of application data; undefined when the stream is not TLS any more. */
  push(chunk: Buffer): Buffer | undefined {
    const parts: Buffer[] = []
    let at = 0
    while (at < chunk.length) {
      if (this.left > 0) {
        const n = Math.min(this.left, chunk.length - at)
        if (this.type === APPLICATION) parts.push(chunk.subarray(at, at + n))
        at += n
        this.left -= n
        continue
      }
      this.head[this.have++] = chunk[at++]!
      if (this.have < 5) continue
      this.have = 0
      this.type = this.head[0]!
      this.left = this.head.readUInt16BE(3)
      const known = this.type === APPLICATION || this.type === CHANGE_CIPHER
      if (!known || this.head[1] !== 3 || this.left > RECORD_MAX) return undefined
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  }
}
