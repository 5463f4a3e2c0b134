// What the generated writers are made of: a buffer that grows, filled in 32-bit words, since everything in TL is a
// multiple of four bytes (so words are stored in the machine's order: little-endian, like every machine Node runs on).
import { TlError } from './error.ts'

/** Writes one object; found by its name in a layer's table. */
export type WriteFn = (w: Writer, o: any) => void

/** Decides by the object how a layer writes it; null if it has nothing for it. */
export interface Choice {
  pick(o: any, w: Writer): WriteFn | null
}

/** The constructors of a layer by name. `null`: the name is known, but the layer has nothing to write for it. */
export type LayerTable = ReadonlyMap<string, WriteFn | Choice | null>

const VECTOR = 0x1cb5c415
const BOOL_TRUE = 0x997275b5 | 0
const BOOL_FALSE = 0xbc799737 | 0
const utf8Write = (Buffer.prototype as any).utf8Write as (
  this: Uint8Array,
  s: string,
  at: number,
  max: number,
) => number

/** A growing buffer and a place in it. Not for use by two writes at once. */
export class Writer {
  u8: Uint8Array<ArrayBuffer>
  i32: Int32Array
  view: DataView
  /** The next word to write. */
  pos = 0
  words: number
  table: LayerTable

  /** `bytes` is the first capacity; it doubles as needed. */
  constructor(table: LayerTable, bytes = 65536) {
    const buffer = new ArrayBuffer((bytes + 3) & ~3)
    this.u8 = new Uint8Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.view = new DataView(buffer)
    this.words = this.i32.length
    this.table = table
  }

  /** Bytes written. */
  get length(): number {
    return this.pos << 2
  }

  /** A view of what was written, until the next write; `copy` for bytes that stay. */
  written(): Uint8Array<ArrayBuffer> {
    return this.u8.subarray(0, this.pos << 2)
  }

  copy(): Uint8Array<ArrayBuffer> {
    return this.u8.slice(0, this.pos << 2)
  }

  /** Empties the buffer, and gives back one that grew large. */
  reset(): void {
    this.pos = 0
    if (this.words > 1 << 20) this.resize(1 << 14)
  }

  private resize(words: number): void {
    const old = this.u8
    const buffer = new ArrayBuffer(words << 2)
    this.u8 = new Uint8Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.view = new DataView(buffer)
    this.words = words
    if (this.pos > 0) this.u8.set(old.subarray(0, this.pos << 2))
  }

  private grow(words: number): void {
    let size = this.words * 2
    while (size < words) size *= 2
    this.resize(size)
  }

  /** Claims the next `n` words and gives the first one's index. Read `i32` after it, not before. */
  take(n: number): number {
    const p = this.pos
    const next = p + n
    if (next > this.words) this.grow(next)
    this.pos = next
    return p
  }

  int(x: number): void {
    const p = this.take(1)
    this.i32[p] = int(x)
  }

  long(x: bigint): void {
    const p = this.take(2)
    this.view.setBigInt64(p << 2, long(x), true)
  }

  int53(x: number): void {
    const p = this.take(2)
    this.i32[p + 1] = high(x)
    this.i32[p] = x | 0
  }

  double(x: number): void {
    const p = this.take(2)
    this.view.setFloat64(p << 2, double(x), true)
  }

  bool(x: boolean): void {
    const p = this.take(1)
    this.i32[p] = bool(x)
  }

  /** int128 and int256. */
  fixed(x: Uint8Array, bytes: number): void {
    if (!(x instanceof Uint8Array) || x.length !== bytes) throw new TlError(`${bytes} bytes expected`)
    const p = this.take(bytes >> 2)
    this.u8.set(x, p << 2)
  }

  bytes(x: Uint8Array): void {
    if (!(x instanceof Uint8Array)) throw new TlError('bytes expected')
    const n = x.length
    const header = this.header(n)
    this.u8.set(x, header)
  }

  // Writes the length and zero padding for n bytes of content; gives where the content goes.
  private header(n: number): number {
    if (n < 254) {
      const p = this.take((n + 4) >> 2)
      this.i32[this.pos - 1] = 0
      this.u8[p << 2] = n
      return (p << 2) + 1
    }
    if (n > 0xffffff) throw new TlError('bytes longer than 16 MiB')
    const p = this.take((n + 7) >> 2)
    this.i32[this.pos - 1] = 0
    this.i32[p] = (n << 8) | 254
    return (p << 2) + 4
  }

  string(s: string): void {
    if (typeof s !== 'string') throw new TlError('string expected')
    const n = s.length
    if (n > 84) {
      this.longString(s, n)
      return
    }
    // At most 84 * 3 bytes: a one-byte header whatever the characters are.
    const p = this.take(64)
    const at = (p << 2) + 1
    const u8 = this.u8
    let bytes = n
    if (n <= 32) {
      let or = 0
      for (let i = 0; i < n; i++) {
        const c = s.charCodeAt(i)
        or |= c
        u8[at + i] = c
      }
      if (or > 127) bytes = utf8Write.call(u8, s, at, 252)
    } else bytes = utf8Write.call(u8, s, at, 252)
    u8[at - 1] = bytes
    let end = at + bytes
    while ((end & 3) !== 0) u8[end++] = 0
    this.pos = end >> 2
  }

  private longString(s: string, n: number): void {
    const bytes = n > 253 && n * 3 > 0xffffff ? Buffer.byteLength(s) : n * 3
    if (n > 253) {
      if (bytes > 0xffffff && Buffer.byteLength(s) > 0xffffff) throw new TlError('string longer than 16 MiB')
      const p = this.take((bytes + 7) >> 2)
      const got = utf8Write.call(this.u8, s, (p + 1) << 2, bytes)
      this.i32[p] = (got << 8) | 254
      let end = ((p + 1) << 2) + got
      while ((end & 3) !== 0) this.u8[end++] = 0
      this.pos = end >> 2
      return
    }
    // 85 to 253 characters: one byte of header if they are ASCII, which is likely; else moved to make room for four.
    const p = this.take((bytes + 7) >> 2)
    let at = (p << 2) + 1
    const got = utf8Write.call(this.u8, s, at, bytes)
    if (got < 254) this.u8[at - 1] = got
    else {
      this.u8.copyWithin(at + 3, at, at + got)
      this.i32[p] = (got << 8) | 254
      at += 3
    }
    let end = at + got
    while ((end & 3) !== 0) this.u8[end++] = 0
    this.pos = end >> 2
  }

  /** The writer for an object, `null` if the layer has nothing for it; throws for a name that no layer has. */
  find(o: { _: string }): WriteFn | null {
    const write = this.table.get(o._)
    return typeof write === 'function' ? write : this.choose(write, o)
  }

  private choose(write: Choice | null | undefined, o: { _: string }): WriteFn | null {
    if (write === undefined) throw new TlError(`no constructor ${String(o._)}`)
    return write === null ? null : write.pick(o, this)
  }

  /** A boxed object where one must stand. */
  obj(o: { _: string }): void {
    const write = this.find(o)
    if (write === null) throw new TlError(`${o._} is unknown to the layer, and nothing stands for it`)
    write(this, o)
  }

  /** The request inside a wrapper: an object, or its bytes. */
  query(o: { _: string } | Uint8Array): void {
    if (!(o instanceof Uint8Array)) {
      this.obj(o)
      return
    }
    if (o.length & 3) throw new TlError('a request of odd length')
    const p = this.take(o.length >> 2)
    this.u8.set(o, p << 2)
  }

  private vector(n: number, words: number, bare: boolean): number {
    const p = this.take(n * words + (bare ? 1 : 2))
    if (bare) this.i32[p] = n
    else {
      this.i32[p] = VECTOR
      this.i32[p + 1] = n
    }
    return p + (bare ? 1 : 2)
  }

  /** Boxed objects; those the layer has nothing for are left out. */
  vec(list: readonly { _: string }[], bare = false): void {
    const n = array(list).length
    const p = this.vector(n, 0, bare)
    let left = 0
    for (let i = 0; i < n; i++) {
      const o = list[i]!
      const write = this.find(o)
      if (write !== null) write(this, o)
      else left++
    }
    if (left > 0) this.i32[p - 1] = n - left
  }

  /** A vector of what `write` writes without a constructor id. */
  bare(list: readonly any[], write: WriteFn, bare: boolean): void {
    const n = array(list).length
    this.vector(n, 0, bare)
    for (let i = 0; i < n; i++) write(this, list[i])
  }

  vecInt(list: readonly number[]): void {
    const n = array(list).length
    const p = this.vector(n, 1, false)
    for (let i = 0; i < n; i++) this.i32[p + i] = int(list[i]!)
  }

  vecInt53(list: readonly number[]): void {
    const n = array(list).length
    const p = this.vector(n, 2, false)
    for (let i = 0; i < n; i++) {
      const x = list[i]!
      this.i32[p + i * 2 + 1] = high(x)
      this.i32[p + i * 2] = x | 0
    }
  }

  vecLong(list: readonly bigint[]): void {
    const n = array(list).length
    const p = this.vector(n, 2, false)
    for (let i = 0; i < n; i++) this.view.setBigInt64((p + i * 2) << 2, long(list[i]!), true)
  }

  vecDouble(list: readonly number[]): void {
    const n = array(list).length
    const p = this.vector(n, 2, false)
    for (let i = 0; i < n; i++) this.view.setFloat64((p + i * 2) << 2, double(list[i]!), true)
  }

  vecBool(list: readonly boolean[]): void {
    const n = array(list).length
    const p = this.vector(n, 1, false)
    for (let i = 0; i < n; i++) this.i32[p + i] = bool(list[i]!)
  }

  vecString(list: readonly string[]): void {
    const n = array(list).length
    this.vector(n, 0, false)
    for (let i = 0; i < n; i++) this.string(list[i]!)
  }

  vecBytes(list: readonly Uint8Array[]): void {
    const n = array(list).length
    this.vector(n, 0, false)
    for (let i = 0; i < n; i++) this.bytes(list[i]!)
  }
}

function array<T>(list: readonly T[]): readonly T[] {
  if (!Array.isArray(list)) throw new TlError('array expected')
  return list
}

/** Checks that a number is a 32-bit signed integer. */
export function int(x: number): number {
  if ((x | 0) !== x) throw new TlError(`int expected, not ${String(x)}`)
  return x
}

export function long(x: bigint): bigint {
  if (typeof x !== 'bigint') throw new TlError(`long (bigint) expected, not ${String(x)}`)
  return x
}

export function double(x: number): number {
  if (typeof x !== 'number') throw new TlError(`double expected, not ${String(x)}`)
  return x
}

export function bool(x: boolean): number {
  if (x === true) return BOOL_TRUE
  if (x === false) return BOOL_FALSE
  throw new TlError(`Bool expected, not ${String(x)}`)
}

/** The upper 32 bits of an id. */
export function high(x: number): number {
  if ((x | 0) === x) return x >> 31
  if (!Number.isSafeInteger(x)) throw new TlError(`int53 expected, not ${String(x)}`)
  return Math.floor(x / 4294967296)
}
