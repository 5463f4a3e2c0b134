// Straight-line writers: one function per constructor id, in rows with the layers that know it.
import { type Arg, type Combinator, hex } from '../../src/tl/schema.ts'
import { ident } from './emit-read.ts'

const WORDS: Record<string, number> = { '#': 1, int: 1, Bool: 1, int53: 2, long: 2, double: 2 }
// A flag that is its own value takes no words, so that it does not end a run of fixed-size fields.
const size = (a: Arg) =>
  a.flag ? (a.type === 'true' && !a.vector ? 0 : undefined) : a.vector ? undefined : WORDS[a.type]
const VEC: Record<string, string> = {
  int: 'vecInt',
  int53: 'vecInt53',
  long: 'vecLong',
  double: 'vecDouble',
  string: 'vecString',
  bytes: 'vecBytes',
  Bool: 'vecBool',
}
const PLAIN = new Set(['int', 'int53', 'long', 'double', 'string', 'bytes', 'Bool', 'true', 'int128', 'int256', '!X'])

/** How an older constructor is filled from an object of the newest shape. */
export interface Lowering {
  /** An expression for the value of a field, `undefined` at run time if it is not there. */
  value(c: Combinator, a: Arg): string
  /** An expression for the value of a field whose flag is set for another field; undefined if nothing can stand. */
  missing(a: Arg): string | undefined
}

const boxed = (a: Arg) => !PLAIN.has(a.type) && a.type !== '#'

const group = (p: string) => (p.includes(' ') ? `(${p})` : p)

function store(type: string, p: string, v: string): string[] {
  switch (type) {
    case '#':
      return [`m[${p}] = ${v}`]
    case 'int':
      return [`m[${p}] = int(${v})`]
    case 'Bool':
      return [`m[${p}] = bool(${v})`]
    case 'int53':
      return [`m[${p} + 1] = high(${v})`, `m[${p}] = ${v} | 0`]
    case 'long':
      return [`w.view.setBigInt64(${group(p)} << 2, long(${v}), true)`]
    default:
      return [`w.view.setFloat64(${group(p)} << 2, double(${v}), true)`]
  }
}

/** A statement that writes one value. */
export function write(a: Pick<Arg, 'type' | 'vector'>, v: string): string {
  if (a.vector) {
    if (VEC[a.type] && a.vector === 'Vector') return `w.${VEC[a.type]}(${v})`
    if (a.type.startsWith('%')) return `w.bare(${v}, b_${ident(a.type)}, ${a.vector === 'vector'})`
    return a.vector === 'vector' ? `w.vec(${v}, true)` : `w.vec(${v})`
  }
  switch (a.type) {
    case 'int':
    case 'int53':
    case 'long':
    case 'double':
    case 'string':
    case 'bytes':
      return `w.${a.type}(${v})`
    case 'Bool':
      return `w.bool(${v})`
    case 'int128':
      return `w.fixed(${v}, 16)`
    case 'int256':
      return `w.fixed(${v}, 32)`
    case '!X':
      return `w.query(${v})`
  }
  return `w.obj(${v})`
}

function writer(c: Combinator, lowering: Lowering | undefined, bare: boolean): string {
  const lines: string[] = []
  const values = c.args.map((a, i) => {
    if (a.type === '#') return ''
    const v = lowering ? lowering.value(c, a) : `o.${a.key}`
    const once = a.flag || a.type === 'int53' || !/^o\.\w+$/.test(v)
    if (!once || (a.type === 'true' && /^o\.\w+$/.test(v))) return v
    lines.push(`const x${i} = ${v}`)
    return `x${i}`
  })
  // The flags words come before what they speak of, so it has to be known first what will be written.
  c.args.forEach((a, i) => {
    if (a.flag && !a.vector && boxed(a)) lines.push(`const g${i} = x${i} == null ? null : w.find(x${i})`)
  })
  const bits = (word: string) => {
    const parts = new Map<number, string[]>()
    c.args.forEach((a, i) => {
      if (a.flag?.word !== word) return
      const test =
        a.type === 'true' && !a.vector ? values[i]! : !a.vector && boxed(a) ? `g${i} !== null` : `x${i} != null`
      parts.set(a.flag.bit, [...(parts.get(a.flag.bit) ?? []), test])
    })
    return [...parts].map(([bit, tests]) => `(${tests.join(' || ')} ? ${1 << bit} : 0)`).join(' | ') || '0'
  }
  const flagged = new Set(c.args.flatMap((a) => (a.flag && a.type !== 'true' ? [a.flag.word] : [])))
  for (const a of c.args) if (a.type === '#' && flagged.has(a.name)) lines.push(`const f_${a.name} = ${bits(a.name)}`)

  let i = 0
  let first = !bare
  do {
    let j = i
    let words = first ? 1 : 0
    while (j < c.args.length && size(c.args[j]!) !== undefined) words += size(c.args[j++]!)!
    if (words > 0) {
      const p = `p${i}`
      const run: string[] = []
      let offset = 0
      if (first) run.push(`m[${p}] = ${c.id}`)
      if (first) offset = 1
      for (; i < j; i++) {
        const a = c.args[i]!
        if (a.flag) continue
        const v = a.type === '#' ? (flagged.has(a.name) ? `f_${a.name}` : bits(a.name)) : values[i]!
        run.push(...store(a.type, offset === 0 ? p : `${p} + ${offset}`, v))
        offset += WORDS[a.type]!
      }
      lines.push(`const ${p} = w.take(${words})`)
      if (run.some((l) => l.startsWith('m['))) lines.push(`const m${p} = w.i32`)
      lines.push(...run.map((l) => l.replace(/^m\[/, `m${p}[`)))
      first = false
      continue
    }
    const a = c.args[i]!
    const v = values[i]!
    if (a.flag) {
      if (a.type !== 'true' || a.vector) {
        const shared = c.args.some(
          (b) => b !== a && b.flag && b.flag.word === a.flag!.word && b.flag.bit === a.flag!.bit,
        )
        const one = !a.vector && boxed(a) ? `g${i}(w, ${v})` : write(a, v)
        if (!shared) lines.push(!a.vector && boxed(a) ? `if (g${i} !== null) ${one}` : `if (${v} != null) ${one}`)
        else {
          const test = !a.vector && boxed(a) ? `g${i} !== null` : `${v} != null`
          const absent = lowering?.missing(a)
          lines.push(
            `if ((f_${a.flag.word} & ${1 << a.flag.bit}) !== 0) { if (${test}) ${one}; else ${
              absent ? write(a, absent) : `absent('${a.key}')`
            } }`,
          )
        }
      }
    } else lines.push(write(a, v))
    i++
  } while (i < c.args.length)
  return `function ${bare ? 'b' : 'w'}_${bare ? ident(c.name) : hex(c.id)}(w, o) {\n${lines.map((l) => `  ${l}\n`).join('')}}\n`
}

/** The text of the module of writers: `WRITERS`, rows of (name, first layer, last layer, function, boxed type). */
export function emitWrite(
  newest: Combinator[],
  older: Combinator[],
  head: string,
  lowering: Lowering | undefined,
): string {
  const out = [head]
  const isNewest = new Set(newest)
  const all = [...newest, ...older]
  for (const c of all) out.push(writer(c, isNewest.has(c) ? undefined : lowering, false))
  const bare = new Set(all.flatMap((c) => c.args.filter((a) => a.type.startsWith('%')).map((a) => a.type.slice(1))))
  for (const name of bare) out.push(writer(newest.find((c) => c.name === name)!, undefined, true))
  out.push(
    `export const WRITERS = [\n${all.map((c) => `  ['${c.name}', ${c.first}, ${c.last}, w_${hex(c.id)}, '${c.kind === 'method' ? '' : c.result}'],\n`).join('')}]\n`,
  )
  const results = [...new Set(all.filter((c) => c.kind === 'method').map((c) => c.result))].filter((t) => t !== 'X')
  out.push(
    `export const RESULTS = {\n${results
      .map((result) => {
        const m = /^Vector<(.*)>$/.exec(result)
        return `  '${result}': (w, x) => ${write(m ? { type: m[1]!, vector: 'Vector' } : { type: result, vector: undefined }, 'x')},\n`
      })
      .join('')}}\n`,
  )
  return out.join('')
}
