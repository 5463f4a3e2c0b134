// Obfuscated streams: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
import { type Cipheriv, createCipheriv } from 'node:crypto'
import { sha256 } from './crypto.ts'
import { TAG_ABRIDGED, TAG_INTERMEDIATE, TAG_PADDED } from './transports.ts'

export const HEADER = 64

/** An MTProxy secret by its parts. */
export interface Secret {
  /** 16 bytes. */
  key: Buffer
  /** `dd` allows the padded transport only; `ee` stands inside of a TLS connection to `domain`. */
  kind: 'plain' | 'dd' | 'ee'
  domain: string
}

/** @throws when the bytes are no secret */
export function parseSecret(bytes: Buffer): Secret {
  if (bytes.length === 16) return { key: bytes, kind: 'plain', domain: '' }
  if (bytes.length === 17 && bytes[0] === 0xdd) return { key: bytes.subarray(1), kind: 'dd', domain: '' }
  if (bytes.length > 17 && bytes[0] === 0xee) {
    return { key: bytes.subarray(1, 17), kind: 'ee', domain: bytes.toString('latin1', 17) }
  }
  throw new Error('a proxy secret has 16 bytes, or 17 beginning with dd, or ee, 16 bytes and a domain')
}

const BLOCK = 16
const KEY = 32

/** One direction of a stream under AES-256-CTR, which is the same way there and back. */
export class Keystream {
  // Key and first counter, a character a byte: as text they take less memory than any buffer.
  readonly #key: string
  #bytes = 0
  #cipher: Cipheriv | undefined
  #used = false

  constructor(key: Buffer, counter: Buffer) {
    this.#key = key.toString('latin1') + counter.toString('latin1')
  }

  /** The next bytes of the stream. */
  update(bytes: Buffer): Buffer {
    this.#cipher ??= this.#open()
    this.#used = true
    this.#bytes += bytes.length
    return this.#cipher.update(bytes)
  }

  // A cipher that stands where the stream stands.
  #open(): Cipheriv {
    const start = Buffer.from(this.#key, 'latin1')
    const counter = start.subarray(KEY)
    const low = counter.readBigUInt64BE(8) + BigInt(Math.floor(this.#bytes / BLOCK))
    counter.writeBigUInt64BE(BigInt.asUintN(64, low), 8)
    counter.writeBigUInt64BE(BigInt.asUintN(64, counter.readBigUInt64BE(0) + (low >> 64n)), 0)
    const cipher = createCipheriv('aes-256-ctr', start.subarray(0, KEY), counter)
    cipher.update(Buffer.alloc(this.#bytes % BLOCK))
    return cipher
  }

  /** To be called now and then: lets go of a cipher, which takes more than a KiB, that was not used since. */
  letGo(): void {
    if (!this.#used) this.#cipher = undefined
    this.#used = false
  }
}

export interface Obfuscation {
  incoming: Keystream
  outgoing: Keystream
  tag: number
  dc: number
}

/** Opens the first 64 bytes of a stream; undefined when they hold no tag under this key. */
export function openObfuscation(header: Buffer, secret: Secret | undefined): Obfuscation | undefined {
  const reversed = Buffer.from(header.subarray(8, 56)).reverse()
  const key = (bytes: Buffer) => (secret === undefined ? bytes : sha256(Buffer.concat([bytes, secret.key])))
  const incoming = new Keystream(key(header.subarray(8, 40)), header.subarray(40, 56))
  const plain = incoming.update(header)
  const tag = plain.readUInt32LE(56)
  if (tag !== TAG_ABRIDGED && tag !== TAG_INTERMEDIATE && tag !== TAG_PADDED) return undefined
  if (secret?.kind === 'dd' && tag !== TAG_PADDED) return undefined
  const outgoing = new Keystream(key(reversed.subarray(0, 32)), reversed.subarray(32, 48))
  return { incoming, outgoing, tag, dc: plain.readInt16LE(60) }
}
