// Straight-line readers: one function per constructor id, one per boxed type.
import { type Arg, type Combinator, hex } from '../../src/tl/schema.ts'

const SIZE: Record<string, number> = { '#': 4, int: 4, int53: 8, long: 8, double: 8 }
// A flag that is its own value takes no bytes, so that it does not end a run of fixed-size fields.
const size = (a: Arg) =>
  a.flag ? (a.type === 'true' && !a.vector ? 0 : undefined) : a.vector ? undefined : SIZE[a.type]
const VEC: Record<string, string> = {
  int: 'vecInt',
  int53: 'vecInt53',
  long: 'vecLong',
  double: 'vecDouble',
  string: 'vecString',
  bytes: 'vecBytes',
  Bool: 'vecBool',
}

export const ident = (tl: string) => tl.replace('%', '').replaceAll('.', '_')

/** What becomes of an older constructor's object: names of functions in the modules under src/tl/layers. */
export interface Lifting {
  /** The name an older constructor has now. */
  rename(c: Combinator): string
  /** An expression that lifts one field's value, from the type the older constructor gives it. */
  field(c: Combinator, a: Arg, value: string): string
  /** Fields the newest constructor requires and the older one lacks, or has only sometimes: key to expression. */
  absent(c: Combinator): ReadonlyMap<string, string>
  /**
   * Optional fields of the newest that come with others of the same flag, where the older constructor has only the
   * others: which of those it has, the field, and an expression for its value.
   */
  together(c: Combinator): { others: string[]; key: string; value: string }[]
  /** An expression that lifts the whole object. */
  object(c: Combinator, object: string): string
}

function at(type: string, p: string): string {
  switch (type) {
    case '#':
    case 'int':
      return `v.getInt32(${p}, true)`
    case 'int53':
      return `int53(v, ${p})`
    case 'long':
      return `v.getBigInt64(${p}, true)`
    default:
      return `v.getFloat64(${p}, true)`
  }
}

function value(a: Pick<Arg, 'type' | 'vector'>, known: ReadonlySet<string>): string {
  if (a.vector) {
    if (VEC[a.type] && a.vector === 'Vector') return `r.${VEC[a.type]}()`
    const read = a.type.startsWith('%') ? `b_${ident(a.type)}` : `T_${ident(a.type)}`
    return a.vector === 'Vector' ? `r.vec(${read})` : `r.bare(r.count(4), ${read})`
  }
  switch (a.type) {
    case 'int':
    case 'int53':
    case 'long':
    case 'double':
    case 'string':
    case 'bytes':
      return `r.${a.type}()`
    case 'Bool':
      return 'r.bool()'
    case 'int128':
      return 'r.fixed(16)'
    case 'int256':
      return 'r.fixed(32)'
    case '!X':
      return 'r.query()'
  }
  if (!known.has(a.type)) throw new Error(`no constructor of type ${a.type}`)
  return `T_${ident(a.type)}(r)`
}

function reader(c: Combinator, known: ReadonlySet<string>, lifting: Lifting, newest: boolean): string {
  const lines: string[] = []
  const required: string[] = []
  const optional: string[] = []
  const absent = newest ? new Map<string, string>() : lifting.absent(c)
  let view = false
  for (let i = 0; i < c.args.length; i++) {
    // A run of plain fixed-size fields is claimed and bounds-checked at once.
    let j = i
    let total = 0
    while (j < c.args.length && size(c.args[j]!) !== undefined) total += size(c.args[j++]!)!
    if (total > 0) {
      if (!view) lines.push('const v = r.view')
      view = true
      const p = `p${i}`
      lines.push(`const ${p} = r.take(${total})`)
      let offset = 0
      for (; i < j; i++) {
        const a = c.args[i]!
        if (a.flag) {
          optional.push(`if (${bit(c, a)}) o.${a.key} = ${newest ? 'true' : lifting.field(c, a, 'true')}`)
          continue
        }
        lines.push(`const x${i} = ${at(a.type, offset === 0 ? p : `${p} + ${offset}`)}`)
        offset += SIZE[a.type]!
        if (a.type !== '#') required.push(lift(a, i))
      }
      i--
      continue
    }
    const a = c.args[i]!
    if (a.flag) {
      if (a.type === 'true' && !a.vector)
        optional.push(`if (${bit(c, a)}) o.${a.key} = ${newest ? 'true' : lifting.field(c, a, 'true')}`)
      else {
        lines.push(`const x${i} = ${bit(c, a)} ? ${value(a, known)} : undefined`)
        const v = newest ? `x${i}` : lifting.field(c, a, `x${i}`)
        if (absent.has(a.key)) required.push(`${a.key}: x${i} !== undefined ? ${v} : ${absent.get(a.key)}`)
        else optional.push(`if (x${i} !== undefined) o.${a.key} = ${v}`)
      }
    } else {
      lines.push(`const x${i} = ${value(a, known)}`)
      required.push(lift(a, i))
    }
  }
  function lift(a: Arg, i: number): string {
    const v = newest ? `x${i}` : lifting.field(c, a, `x${i}`)
    return `${a.key}: ${v}`
  }
  for (const [key, v] of absent) if (!c.args.some((a) => a.key === key)) required.push(`${key}: ${v}`)
  if (!newest)
    for (const { others, key, value } of lifting.together(c))
      optional.push(`if (${others.map((k) => `o.${k} !== undefined`).join(' || ')}) o.${key} = ${value}`)
  const name = newest ? c.name : lifting.rename(c)
  const literal = `{ ${[`_: '${name}'`, ...required].join(', ')} }`
  const result = newest ? 'o' : lifting.object(c, 'o')
  if (optional.length === 0 && result === 'o') lines.push(`return ${literal}`)
  else lines.push(`const o = ${literal}`, ...optional, `return ${result}`)
  return `function c_${hex(c.id)}(r) {\n${lines.map((l) => `  ${l}\n`).join('')}}\n`
}

function bit(c: Combinator, a: Arg): string {
  const i = c.args.findIndex((x) => x.type === '#' && x.name === a.flag!.word)
  if (i < 0) throw new Error(`${c.name}: no flags ${a.flag!.word}`)
  return `(x${i} & ${1 << a.flag!.bit}) !== 0`
}

/** Types whose values can contain values of the same type: the ones whose nesting is counted. */
function recursive(list: Combinator[]): Set<string> {
  const uses = new Map<string, Set<string>>()
  for (const c of list) {
    if (c.kind !== 'type') continue
    const set = uses.get(c.result) ?? new Set()
    uses.set(c.result, set)
    for (const a of c.args) set.add(a.type)
  }
  const out = new Set<string>()
  for (const t of uses.keys()) {
    const seen = new Set<string>()
    const stack = [...uses.get(t)!]
    while (stack.length > 0) {
      const u = stack.pop()!
      if (u === t) {
        out.add(t)
        break
      }
      if (!uses.has(u) || seen.has(u)) continue
      seen.add(u)
      stack.push(...uses.get(u)!)
    }
  }
  return out
}

/** The text of the module of readers: `CONSTRUCTORS` and `METHODS`, functions by id; `RESULTS`, by result type. */
export function emitRead(newest: Combinator[], older: Combinator[], head: string, lifting: Lifting): string {
  const all = [...newest, ...older]
  const isNewest = new Set(newest)
  const byType = new Map<string, Combinator[]>()
  for (const c of all) if (c.kind === 'type') byType.set(c.result, [...(byType.get(c.result) ?? []), c])
  const known = new Set(byType.keys())
  const loops = recursive(all)
  const out = [head]
  for (const c of all) out.push(reader(c, known, lifting, isNewest.has(c)))
  const bare = new Set(all.flatMap((c) => c.args.filter((a) => a.type.startsWith('%')).map((a) => a.type.slice(1))))
  for (const name of bare) out.push(`const b_${ident(name)} = c_${hex(newest.find((c) => c.name === name)!.id)}\n`)
  for (const [type, list] of byType) {
    const t = ident(type)
    const pick = loops.has(type) ? `pick_${t}` : `T_${t}`
    if (list.length > 8) {
      out.push(`const M_${t} = new Map([${list.map((c) => `[${c.id}, c_${hex(c.id)}]`).join(', ')}])\n`)
      out.push(
        `function ${pick}(r) {\n  const id = r.int()\n  const f = M_${t}.get(id)\n  return f === undefined ? r.unknown(id, '${type}') : f(r)\n}\n`,
      )
    } else {
      const cases = list.map((c) => `    case ${c.id}: return c_${hex(c.id)}(r)\n`).join('')
      out.push(
        `function ${pick}(r) {\n  const id = r.int()\n  switch (id) {\n${cases}  }\n  return r.unknown(id, '${type}')\n}\n`,
      )
    }
    if (loops.has(type))
      out.push(`function T_${t}(r) {\n  r.enter()\n  const o = pick_${t}(r)\n  r.leave()\n  return o\n}\n`)
  }
  const table = (name: string, kind: string) =>
    `export const ${name} = new Map([\n${all
      .filter((c) => c.kind === kind)
      .map((c) => `  [${c.id}, c_${hex(c.id)}],\n`)
      .join('')}])\n`
  out.push(table('CONSTRUCTORS', 'type'), table('METHODS', 'method'))
  const results = new Set(all.filter((c) => c.kind === 'method').map((c) => c.result))
  results.delete('X')
  const rows = [...results].map((result) => {
    const m = /^Vector<(.*)>$/.exec(result)
    const a = m ? ({ type: m[1]!, vector: 'Vector' } as const) : { type: result, vector: undefined }
    return `  '${result}': (r) => ${value(a, known)},\n`
  })
  out.push(`export const RESULTS = {\n${rows.join('')}}\n`)
  return out.join('')
}
