// How a stream is cut into frames: https://core.telegram.org/mtproto/mtproto-transports
import { crc32 } from 'node:zlib'
import type { RandomPool } from './random.ts'
import { LARGE, takeSlab } from './slabs.ts'

/** One way of framing. `size`, `quick` and `at` hold what the last call found, so that a frame costs no object. */
export interface Framing {
  readonly name: string
  /** Payload and trailer of the frame whose header `head` read last, bytes. */
  size: number
  /** Whether that frame asks for a quick acknowledgement. */
  quick: boolean
  /** Where the payload goes in the frame that was measured last. */
  at: number
  /** Reads a header at `from`. Gives its length, 0 when more bytes are needed, -1 when it is none. */
  head(buf: Buffer, from: number, end: number): number
  /** Checks a whole frame (payload and trailer in `from .. to`); gives where its payload ends, -1 when it is bad. */
  body(buf: Buffer, from: number, to: number): number
  /** Bytes of a frame with so many bytes of payload (a multiple of 4), which goes to `at`. */
  measure(length: number): number
  /** Writes header and trailer round the payload. */
  seal(frame: Buffer, length: number): void
  /** A quick acknowledgement as it is sent. */
  quickAck(token: number): Buffer
}

/** A buffer for a frame with so many bytes of payload, which goes to `framing.at`; a slab if it is large. */
export function newFrame(framing: Framing, length: number): Buffer {
  const bytes = framing.measure(length)
  return bytes < LARGE ? Buffer.allocUnsafe(bytes) : takeSlab(bytes)
}

class Abridged implements Framing {
  readonly name = 'abridged'
  size = 0
  quick = false
  at = 0

  head(buf: Buffer, from: number, end: number): number {
    if (from >= end) return 0
    const first = buf[from]!
    this.quick = first >= 0x80
    const words = first & 0x7f
    if (words < 0x7f) {
      this.size = words * 4
      return 1
    }
    if (end - from < 4) return 0
    this.size = buf.readUIntLE(from + 1, 3) * 4
    return 4
  }

  body(_buf: Buffer, _from: number, to: number): number {
    return to
  }

  measure(length: number): number {
    this.at = length < 0x7f * 4 ? 1 : 4
    return this.at + length
  }

  seal(frame: Buffer, length: number): void {
    const words = length >>> 2
    if (words < 0x7f) frame[0] = words
    else frame.writeUInt32LE(((words << 8) | 0x7f) >>> 0, 0)
  }

  quickAck(token: number): Buffer {
    // The first byte must have its highest bit set, so the number goes the other way round.
    const out = Buffer.allocUnsafe(4)
    out.writeInt32BE(token | 0x80000000, 0)
    return out
  }
}

class Intermediate implements Framing {
  readonly name: string = 'intermediate'
  size = 0
  quick = false
  at = 4

  head(buf: Buffer, from: number, end: number): number {
    if (end - from < 4) return 0
    const n = buf.readUInt32LE(from)
    this.quick = n >= 0x80000000
    this.size = n & 0x7fffffff
    return 4
  }

  body(_buf: Buffer, _from: number, to: number): number {
    return to
  }

  measure(length: number): number {
    return 4 + length
  }

  seal(frame: Buffer, _length: number): void {
    frame.writeUInt32LE(frame.length - 4, 0)
  }

  quickAck(token: number): Buffer {
    const out = Buffer.allocUnsafe(4)
    out.writeInt32LE(token | 0x80000000, 0)
    return out
  }
}

class Padded extends Intermediate {
  override readonly name = 'padded'
  private readonly random: RandomPool

  constructor(random: RandomPool) {
    super()
    this.random = random
  }

  override body(buf: Buffer, from: number, to: number): number {
    // Up to 15 bytes of padding follow the payload; both kinds of payload tell their own length.
    const n = to - from
    if (n >= 24 && (buf.readInt32LE(from) !== 0 || buf.readInt32LE(from + 4) !== 0)) return from + 24 + ((n - 24) & ~15)
    if (n >= 20) {
      const length = buf.readUInt32LE(from + 16)
      if (length <= n - 20) return from + 20 + length
    }
    return to
  }

  override measure(length: number): number {
    // A transport error is told by its length of 4 bytes, so it stays bare of padding.
    const padding = length <= 4 ? 0 : this.random.byte() & 15
    return 4 + length + padding
  }

  override seal(frame: Buffer, length: number): void {
    super.seal(frame, length)
    this.random.fill(frame, 4 + length, frame.length)
  }
}

class Full implements Framing {
  readonly name = 'full'
  size = 0
  quick = false
  at = 8
  private incoming = 0
  private outgoing = 0

  head(buf: Buffer, from: number, end: number): number {
    if (end - from < 8) return 0
    const n = buf.readUInt32LE(from)
    if (n < 12 || buf.readInt32LE(from + 4) !== this.incoming) return -1
    this.size = n - 8
    return 8
  }

  body(buf: Buffer, from: number, to: number): number {
    if (crc32(buf.subarray(from - 8, to - 4)) !== buf.readUInt32LE(to - 4)) return -1
    this.incoming = (this.incoming + 1) | 0
    return to - 4
  }

  measure(length: number): number {
    return length + 12
  }

  seal(frame: Buffer, length: number): void {
    frame.writeUInt32LE(length + 12, 0)
    frame.writeInt32LE(this.outgoing, 4)
    this.outgoing = (this.outgoing + 1) | 0
    frame.writeUInt32LE(crc32(frame.subarray(0, length + 8)), length + 8)
  }

  quickAck(): Buffer {
    return Buffer.alloc(0)
  }
}

/** One payload a message, as HTTP has it. */
class Bare implements Framing {
  readonly name = 'http'
  size = 0
  quick = false
  at = 0

  head(): number {
    return -1
  }

  body(_buf: Buffer, _from: number, to: number): number {
    return to
  }

  measure(length: number): number {
    return length
  }

  seal(): void {}

  quickAck(): Buffer {
    return Buffer.alloc(0)
  }
}

// All but the full transport hold no state from one call to the next.
const abridged = new Abridged()
const intermediate = new Intermediate()
export const bare: Framing = new Bare()

export const TAG_ABRIDGED = 0xefefefef
export const TAG_INTERMEDIATE = 0xeeeeeeee
export const TAG_PADDED = 0xdddddddd

/** The framing that a tag of four bytes names (abridged is tagged with one byte outside of obfuscation). */
export function framingOf(tag: number, padded: Framing): Framing | undefined {
  if (tag === TAG_ABRIDGED) return abridged
  if (tag === TAG_INTERMEDIATE) return intermediate
  if (tag === TAG_PADDED) return padded
  return undefined
}

export const createPadded = (random: RandomPool): Framing => new Padded(random)
export const createFull = (): Framing => new Full()
