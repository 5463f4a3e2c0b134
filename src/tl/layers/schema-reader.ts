// Readers and writers that follow the schema's text field by field: slow, and independent of the generated codec, so
// that tests can ask whether a client of a layer would understand what was written for it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Arg, type Combinator, hex, loadRows, parseSchema, SCHEMA_DIR, spanGaps } from '../schema.ts'

const VECTOR = 0x1cb5c415
const TRUE = 0x997275b5 | 0
const FALSE = 0xbc799737 | 0

let loaded: Combinator[] | undefined

/** Every constructor and method of every layer, each with its layers. */
export function everyCombinator(): Combinator[] {
  if (loaded) return loaded
  const rows = new Map(loadRows().map((r) => [r.id, r]))
  const kinds = new Map([...rows].map(([id, r]) => [id, r.kind]))
  const text = (name: string) => readFileSync(join(SCHEMA_DIR, name), 'utf8')
  loaded = [...parseSchema(text('api.tl'), 229), ...parseSchema(text('older.tl'), 229, kinds)]
  for (const c of loaded) {
    const row = rows.get(c.id)
    if (!row || row.name !== c.name) throw new Error(`${c.name}#${hex(c.id)} is not in constructors.tsv`)
    c.first = row.first
    c.last = row.last
  }
  spanGaps(loaded)
  return loaded
}

/** What a client of one layer knows. */
export class LayerSchema {
  readonly byId = new Map<number, Combinator>()
  readonly byName = new Map<string, Combinator>()
  readonly layer: number

  constructor(layer: number) {
    this.layer = layer
    for (const c of everyCombinator()) {
      if (layer < c.first || c.last < layer) continue
      const other = this.byName.get(c.name)
      if (other && other.first > c.first) continue
      if (other) this.byId.delete(other.id)
      this.byName.set(c.name, c)
      this.byId.set(c.id, c)
    }
  }

  /** Reads one boxed object, all of the buffer. Throws if anything in it is not of this layer. */
  read(buf: Uint8Array): any {
    const r = new Cursor(buf)
    const o = this.boxed(r, undefined)
    if (r.left() !== 0) throw new Error(`${r.left()} bytes left`)
    return o
  }

  /** Reads the answer of a method whose result type is `type`. */
  readResult(type: string, buf: Uint8Array): any {
    const r = new Cursor(buf)
    const m = /^Vector<(.*)>$/.exec(type)
    const o = this.value(r, {
      name: '',
      key: '',
      type: m?.[1] ?? type,
      vector: m ? 'Vector' : undefined,
      flag: undefined,
    })
    if (r.left() !== 0) throw new Error(`${r.left()} bytes left`)
    return o
  }

  private boxed(r: Cursor, type: string | undefined): any {
    const id = r.int()
    const c = this.byId.get(id)
    if (!c) throw new Error(`layer ${this.layer} knows no #${hex(id)}`)
    if (type !== undefined && c.result !== type) throw new Error(`${c.name} is no ${type}`)
    const o: any = { _: c.name }
    const words: Record<string, number> = {}
    for (const a of c.args) {
      if (a.type === '#') words[a.name] = r.int()
      else if (a.flag && (words[a.flag.word]! & (1 << a.flag.bit)) === 0) continue
      else if (a.type === 'true') o[a.key] = true
      else o[a.key] = this.value(r, a)
    }
    return o
  }

  private value(r: Cursor, a: Arg): any {
    if (a.vector) {
      if (a.vector === 'Vector' && r.int() !== VECTOR) throw new Error(`${a.key}: no vector`)
      const n = r.int()
      const out = []
      for (let i = 0; i < n; i++) out.push(this.value(r, { ...a, vector: undefined }))
      return out
    }
    switch (a.type) {
      case 'int':
        return r.int()
      case 'int53':
        return Number(r.take(8).getBigInt64(0, true))
      case 'long':
        return r.take(8).getBigInt64(0, true)
      case 'double':
        return r.take(8).getFloat64(0, true)
      case 'int128':
        return r.raw(16)
      case 'int256':
        return r.raw(32)
      case 'bytes':
        return r.bytes()
      case 'string':
        return new TextDecoder('utf-8', { ignoreBOM: true }).decode(r.bytes())
      case 'Bool': {
        const id = r.int()
        if (id !== TRUE && id !== FALSE) throw new Error(`${a.key}: no Bool`)
        return id === TRUE
      }
      case '!X':
        return this.boxed(r, undefined)
    }
    return this.boxed(r, a.type)
  }
}

class Cursor {
  private at = 0
  private readonly buf: Uint8Array

  constructor(buf: Uint8Array) {
    this.buf = buf
  }

  left(): number {
    return this.buf.length - this.at
  }

  take(n: number): DataView {
    if (this.left() < n) throw new Error('the buffer ends early')
    this.at += n
    return new DataView(this.buf.buffer, this.buf.byteOffset + this.at - n, n)
  }

  int(): number {
    return this.take(4).getInt32(0, true)
  }

  raw(n: number): Uint8Array {
    if (this.left() < n) throw new Error('the buffer ends early')
    this.at += n
    return Uint8Array.prototype.slice.call(this.buf, this.at - n, this.at)
  }

  bytes(): Uint8Array {
    const start = this.at
    let n = this.raw(1)[0]!
    if (n === 254) {
      const [a, b, c] = this.raw(3)
      n = a! | (b! << 8) | (c! << 16)
    }
    const out = this.raw(n)
    while ((this.at - start) % 4 !== 0) if (this.raw(1)[0] !== 0) throw new Error('padding that is not zero')
    return out
  }
}

/** Writes an object by one combinator's field list; nested objects by `find`, from their names. */
export function writeBySchema(c: Combinator, o: any, find: (name: string) => Combinator): Uint8Array {
  const parts: Uint8Array[] = []
  const num = (bytes: number, set: (v: DataView) => void) => {
    const v = new DataView(new ArrayBuffer(bytes))
    set(v)
    parts.push(new Uint8Array(v.buffer))
  }
  const int = (x: number) => num(4, (v) => v.setInt32(0, x, true))
  const bytes = (b: Uint8Array) => {
    const head = b.length < 254 ? [b.length] : [254, b.length & 255, (b.length >> 8) & 255, b.length >> 16]
    parts.push(new Uint8Array(head), b, new Uint8Array((4 - ((head.length + b.length) % 4)) % 4))
  }
  const value = (a: Arg, x: any): void => {
    if (a.vector) {
      if (a.vector === 'Vector') int(VECTOR)
      int(x.length)
      for (const one of x) value({ ...a, vector: undefined }, one)
    } else if (a.type === 'int') int(x)
    else if (a.type === 'int53') num(8, (v) => v.setBigInt64(0, BigInt(x), true))
    else if (a.type === 'long') num(8, (v) => v.setBigInt64(0, x, true))
    else if (a.type === 'double') num(8, (v) => v.setFloat64(0, x, true))
    else if (a.type === 'bytes') bytes(x)
    else if (a.type === 'string') bytes(new TextEncoder().encode(x))
    else if (a.type === 'int128' || a.type === 'int256') parts.push(x)
    else if (a.type === 'Bool') int(x ? TRUE : FALSE)
    else object(find(x._), x)
  }
  const object = (c: Combinator, o: any): void => {
    int(c.id)
    for (const a of c.args) {
      if (a.type === '#') {
        let word = 0
        for (const b of c.args)
          if (b.flag?.word === a.name && o[b.key] !== undefined && (b.type !== 'true' || o[b.key]))
            word |= 1 << b.flag.bit
        int(word)
      } else if (a.type === 'true') continue
      else if (!a.flag || o[a.key] !== undefined) value(a, o[a.key])
    }
  }
  object(c, o)
  return new Uint8Array(Buffer.concat(parts))
}
