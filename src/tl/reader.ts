// What the generated readers are made of. Bytes come from outside: every length is checked against what is left before
// anything is allocated, nesting is bounded, and the only thing thrown is TlError.
import { unzipSync } from 'node:zlib'
import { TlError } from './error.ts'

/** Bounds of one read. */
export interface ReadOptions {
  /** How deep recursive types may nest. */
  maxDepth?: number
  /** How many vector items one object may have in all. */
  maxItems?: number
  /** From how many bytes on a string of bytes is a view of the buffer that is read, not a copy. By default none is. */
  viewsFrom?: number
}

const VECTOR = 0x1cb5c415
const BOOL_TRUE = 0x997275b5 | 0
const BOOL_FALSE = 0xbc799737 | 0
const GZIP_PACKED = 0x3072cfa1 | 0
const EMPTY = new Uint8Array(0)
// How many wrappers (invokeWithLayer, initConnection ...) may stand around a request.
const MAX_WRAPPERS = 12
// As much as the largest request there is takes (a file part of 512 KiB), with room to spare.
const MAX_UNPACKED = 1 << 20

const SLAB = 32768
let slab = new Uint8Array(SLAB)
let slabUsed = 0

const utf8Slice = (Buffer.prototype as any).utf8Slice as (this: Uint8Array, from: number, to: number) => string

/** A position in a buffer, and what the generated code reads at it. */
export class Reader {
  u8: Uint8Array = EMPTY
  view: DataView = new DataView(EMPTY.buffer)
  pos = 0
  end = 0
  depth = 0
  items = 0
  wrappers = 0
  unpacked = false
  private start = 0
  private viewsFrom = Number.POSITIVE_INFINITY
  methods: ReadonlyMap<number, (r: Reader) => any>

  constructor(methods: ReadonlyMap<number, (r: Reader) => any>) {
    this.methods = methods
  }

  /** Starts reading `buf`. The bytes are not kept: what is read is copied out, but for what `viewsFrom` says. */
  reset(buf: Uint8Array, options?: ReadOptions): void {
    // Positions are into the whole ArrayBuffer, so that a pool's views are made once, not once per message.
    if (this.view.buffer !== buf.buffer || this.view.byteLength !== buf.buffer.byteLength) {
      this.u8 = new Uint8Array(buf.buffer)
      this.view = new DataView(buf.buffer)
    }
    this.pos = buf.byteOffset
    this.end = buf.byteOffset + buf.byteLength
    this.depth = options?.maxDepth ?? 64
    this.items = options?.maxItems ?? 1_000_000
    this.viewsFrom = options?.viewsFrom ?? Number.POSITIVE_INFINITY
    this.wrappers = MAX_WRAPPERS
    this.unpacked = false
  }

  /** Lets go of the buffer if it is not a small pool's, so that a large frame is not kept alive by its reader. */
  release(): void {
    if (this.view.byteLength > 65536) {
      this.u8 = EMPTY
      this.view = new DataView(EMPTY.buffer)
    }
  }

  /** Claims the next `bytes` bytes and gives their position. */
  take(bytes: number): number {
    const p = this.pos
    const next = p + bytes
    if (next > this.end) short()
    this.pos = next
    return p
  }

  int(): number {
    return this.view.getInt32(this.take(4), true)
  }

  long(): bigint {
    return this.view.getBigInt64(this.take(8), true)
  }

  double(): number {
    return this.view.getFloat64(this.take(8), true)
  }

  int53(): number {
    return int53(this.view, this.take(8))
  }

  bool(): boolean {
    const id = this.int()
    if (id === BOOL_TRUE) return true
    if (id !== BOOL_FALSE) throw new TlError('Bool expected')
    return false
  }

  /** int128 and int256. */
  fixed(bytes: number): Uint8Array {
    const p = this.take(bytes)
    return this.u8.slice(p, p + bytes)
  }

  bytes(): Uint8Array {
    const n = this.length()
    const p = this.start
    // Up to 64 bytes live in the engine's heap. An allocation outside of it is slow, so those of middling size share one.
    if (n >= this.viewsFrom) return this.u8.subarray(p, p + n)
    if (n <= 64 || n > 4096) return this.u8.slice(p, p + n)
    if (n > SLAB - slabUsed) {
      slab = new Uint8Array(SLAB)
      slabUsed = 0
    }
    const out = slab.subarray(slabUsed, slabUsed + n)
    slabUsed += (n + 7) & ~7
    out.set(this.u8.subarray(p, p + n))
    return out
  }

  /** Invalid UTF-8 becomes U+FFFD. */
  string(): string {
    const n = this.length()
    const p = this.start
    if (n > 8) return utf8Slice.call(this.u8, p, p + n)
    let s = ''
    for (let i = p; i < p + n; i++) {
      const c = this.u8[i]!
      if (c > 127) return utf8Slice.call(this.u8, p, p + n)
      s += String.fromCharCode(c)
    }
    return s
  }

  // Reads a length, leaves `start` at the content and the position behind its padding.
  private length(): number {
    const p = this.pos
    if (p + 4 > this.end) short()
    let n = this.u8[p]!
    let next: number
    if (n < 254) {
      this.start = p + 1
      next = p + ((n + 4) & ~3)
    } else {
      if (n === 255) throw new TlError('a string length of 255')
      n = this.view.getInt32(p, true) >>> 8
      this.start = p + 4
      next = p + ((n + 7) & ~3)
    }
    if (next > this.end) short()
    this.pos = next
    return n
  }

  /** The header of a boxed vector whose items take at least `min` bytes each: how many items follow. */
  vector(min: number): number {
    if (this.int() !== VECTOR) throw new TlError('Vector expected')
    return this.count(min)
  }

  /** The length of a bare vector. */
  count(min: number): number {
    const n = this.int()
    if (n < 0 || n * min > this.end - this.pos) throw new TlError('a vector longer than its buffer')
    if ((this.items -= n) < 0) throw new TlError('too many items')
    return n
  }

  vec<T>(read: (r: Reader) => T): T[] {
    return this.bare(this.vector(4), read)
  }

  bare<T>(n: number, read: (r: Reader) => T): T[] {
    const out: T[] = []
    for (let i = 0; i < n; i++) out.push(read(this))
    return out
  }

  vecInt(): number[] {
    const n = this.vector(4)
    const p = this.take(n * 4)
    const out: number[] = []
    for (let i = 0; i < n; i++) out.push(this.view.getInt32(p + i * 4, true))
    return out
  }

  vecInt53(): number[] {
    const n = this.vector(8)
    const out: number[] = []
    for (let i = 0; i < n; i++) out.push(this.int53())
    return out
  }

  vecLong(): bigint[] {
    const n = this.vector(8)
    const out: bigint[] = []
    for (let i = 0; i < n; i++) out.push(this.long())
    return out
  }

  vecDouble(): number[] {
    const n = this.vector(8)
    const out: number[] = []
    for (let i = 0; i < n; i++) out.push(this.double())
    return out
  }

  vecString(): string[] {
    const n = this.vector(4)
    const out: string[] = []
    for (let i = 0; i < n; i++) out.push(this.string())
    return out
  }

  vecBytes(): Uint8Array[] {
    const n = this.vector(4)
    const out: Uint8Array[] = []
    for (let i = 0; i < n; i++) out.push(this.bytes())
    return out
  }

  vecBool(): boolean[] {
    const n = this.vector(4)
    const out: boolean[] = []
    for (let i = 0; i < n; i++) out.push(this.bool())
    return out
  }

  /** A value of a recursive type: counts the nesting. */
  enter(): void {
    if (--this.depth < 0) throw new TlError('nested too deep')
  }

  leave(): void {
    this.depth++
  }

  /** The request inside a wrapper (`!X`), which may be packed: TDLib packs long requests inside of their wrappers. */
  query(): any {
    if (--this.wrappers < 0) throw new TlError('too many wrappers')
    const id = this.int()
    if (id === GZIP_PACKED) return this.unpack()
    const read = this.methods.get(id)
    if (read === undefined) return this.unknown(id, 'a method')
    return read(this)
  }

  private unpack(): any {
    if (this.unpacked) throw new TlError('packed twice')
    let bytes: Uint8Array
    try {
      bytes = unzipSync(this.bytes(), { maxOutputLength: MAX_UNPACKED })
    } catch (e) {
      throw new TlError('a packed request that cannot be unpacked', { cause: e })
    }
    const inner = new Reader(this.methods)
    inner.reset(bytes)
    inner.unpacked = true
    inner.wrappers = this.wrappers
    const query = inner.query()
    if (inner.pos !== inner.end) throw new TlError('bytes after the packed request')
    return query
  }

  /** Refuses an id. */
  unknown(id: number, expected: string): never {
    throw new TlError(`${expected} expected, not #${(id >>> 0).toString(16).padStart(8, '0')}`)
  }
}

/** An id of 64 bits. What no number holds exactly is nobody's id, and becomes the largest that one does. */
export function int53(v: DataView, p: number): number {
  const high = v.getInt32(p + 4, true)
  if (high >= 0x200000 || high <= -0x200000) return high < 0 ? -Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER
  return high * 4294967296 + v.getUint32(p, true)
}

function short(): never {
  throw new TlError('the buffer ends early')
}
