// Objects made up from the schema, for tests: of any constructor, with any of its fields.
import type { Arg, Combinator } from './schema.ts'

/** A small generator of numbers in [0, 1) that gives the same ones for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const WORDS = ['', 'a', 'Hello', 'Привет', '👋🏽', 'x'.repeat(60), 'ж'.repeat(130), 'long '.repeat(60)]

/** Makes objects of a set of combinators; the same objects for the same `random`. */
export class Arbitrary {
  private readonly byName: Map<string, Combinator>
  private readonly byType = new Map<string, Combinator[]>()
  private readonly depths = new Map<string, number>()
  private readonly random: () => number
  private readonly fullness: number

  /** `fullness` is the chance of an optional field to be there: 1 for all of them. */
  constructor(combinators: readonly Combinator[], random: () => number, fullness = 0.5) {
    this.random = random
    this.fullness = fullness
    this.byName = new Map(combinators.map((c) => [c.name, c]))
    for (const c of combinators)
      if (c.kind === 'type') this.byType.set(c.result, [...(this.byType.get(c.result) ?? []), c])
    this.measure()
  }

  /** An object of a constructor, or a method; what nests below `depth` levels is as small as it can be. */
  object(name: string, depth = 3): any {
    return this.build(this.byName.get(name)!, depth)
  }

  /** An object of a boxed type. */
  type(type: string, depth = 3): any {
    const list = this.byType.get(type)
    if (!list) throw new Error(`nothing is a ${type}`)
    if (depth > 0) return this.build(list[Math.floor(this.random() * list.length)]!, depth)
    return this.build(this.shallowest(list), depth)
  }

  /** A value for an argument. */
  value(a: Arg, depth: number): any {
    if (a.vector) {
      const n = depth > 0 ? Math.floor(this.random() * 4) : 0
      return Array.from({ length: n }, () => this.value({ ...a, vector: undefined }, depth))
    }
    const r = this.random
    switch (a.type) {
      case 'int':
        return r() < 0.5 ? Math.floor(r() * 1000) : Math.floor(r() * 4294967296) | 0
      case 'int53':
        return Math.floor(r() * (r() < 0.5 ? 1e6 : 2 ** 52))
      case 'long':
        return BigInt.asIntN(64, BigInt(Math.floor(r() * 2 ** 32)) * 4294967311n * BigInt(1 + Math.floor(r() * 7)))
      case 'double':
        return r() < 0.5 ? Math.floor(r() * 100) : r() * 1e12 - 5e11
      case 'string':
        return WORDS[Math.floor(r() * WORDS.length)]
      case 'bytes':
        return Uint8Array.from({ length: Math.floor(r() * (r() < 0.1 ? 400 : 12)) }, () => r() * 256)
      case 'int128':
        return Uint8Array.from({ length: 16 }, () => r() * 256)
      case 'int256':
        return Uint8Array.from({ length: 32 }, () => r() * 256)
      case 'Bool':
        return r() < 0.5
      case 'true':
        return true
      case '!X':
        return { _: 'help.getConfig' }
    }
    return this.type(a.type, depth - 1)
  }

  private build(c: Combinator, depth: number): any {
    const o: any = { _: c.name }
    const there = new Map<string, boolean>()
    for (const a of c.args) {
      if (a.type === '#') continue
      if (a.flag) {
        // Fields of one flag come together.
        const key = `${a.flag.word}.${a.flag.bit}`
        if (!there.has(key)) there.set(key, depth > 0 && this.random() < this.fullness)
        if (!there.get(key)) continue
      }
      o[a.key] = this.value(a, depth)
    }
    return o
  }

  private shallowest(list: Combinator[]): Combinator {
    return list.reduce((a, b) => (this.depths.get(b.name)! < this.depths.get(a.name)! ? b : a))
  }

  // How deep the smallest object of each constructor is, found by going up until nothing gets smaller.
  private measure(): void {
    const ofType = (t: string) => Math.min(...(this.byType.get(t)?.map((c) => this.depths.get(c.name)!) ?? [0]))
    for (const c of this.byName.values()) this.depths.set(c.name, Infinity)
    for (let changed = true; changed; ) {
      changed = false
      for (const c of this.byName.values()) {
        const inner = c.args.filter((a) => !a.flag && !a.vector && this.byType.has(a.type)).map((a) => ofType(a.type))
        const depth = 1 + Math.max(0, ...inner)
        if (depth < this.depths.get(c.name)!) {
          this.depths.set(c.name, depth)
          changed = true
        }
      }
    }
  }
}
