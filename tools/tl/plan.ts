// How older constructors and the newest go into each other: the tables of src/tl/layers as expressions of generated
// code. Everything that changed must be in a table; what is not stops the generator.
import { FIELD_DEFAULTS, LIFT_DEFAULTS, LOWER_DEFAULTS } from '../../src/tl/layers/defaults.ts'
import { FIELD_LIFTS, HARMLESS, OBJECT_LIFTS } from '../../src/tl/layers/lifts.ts'
import { FIELD_LOWERS } from '../../src/tl/layers/lowers.ts'
import { NO_HEIR, RENAMES } from '../../src/tl/layers/renames.ts'
import type { Arg, Combinator } from '../../src/tl/schema.ts'
import type { Lifting } from './emit-read.ts'
import type { Lowering } from './emit-write.ts'

const typeText = (a: Arg) => (a.vector ? `${a.vector}<${a.type}>` : a.type)

/** Constants at the head of a module for the table entries that its code uses. */
export class Constants {
  private readonly names = new Map<string, string>()

  use(table: string, key: string): string {
    const expression = `${table}['${key}']`
    const known = this.names.get(expression)
    if (known) return known
    const name = `${table}_${this.names.size}`
    this.names.set(expression, name)
    return name
  }

  text(): string {
    return [...this.names].map(([expression, name]) => `const ${name} = ${expression}\n`).join('')
  }
}

function bareDefault(a: Arg): string | undefined {
  if (a.vector) return '[]'
  switch (a.type) {
    case 'int':
    case 'int53':
    case 'double':
      return '0'
    case 'long':
      return '0n'
    case 'string':
      return "''"
    case 'Bool':
      return 'false'
    case 'bytes':
      return 'NO_BYTES'
  }
  return undefined
}

/** Plans for reading and writing older constructors, and the tables that turned out to be of no use. */
export function plan(newest: Combinator[], older: Combinator[]) {
  const byName = new Map(newest.map((c) => [`${c.kind} ${c.name}`, c]))
  const heirOf = (c: Combinator) =>
    byName.get(`${c.kind} ${c.kind === 'method' ? (RENAMES[c.name] ?? c.name) : c.name}`)
  const read = new Constants()
  const written = new Constants()
  const used = new Set<string>()
  const problems: string[] = []

  for (const c of older)
    if (c.kind === 'method' && !heirOf(c) && !NO_HEIR.has(c.name)) problems.push(`renames.ts: ${c.name} has no heir`)

  for (const c of older) {
    if (c.last < 144 || OBJECT_LIFTS[c.name] || !heirOf(c) || (c.kind === 'type' && !c.result.startsWith('Input')))
      continue
    for (const a of c.args)
      if (a.type !== '#' && !heirOf(c)!.args.some((x) => x.key === a.key)) {
        if (HARMLESS.has(`${c.name}.${a.key}`)) used.add(`harmless ${c.name}.${a.key}`)
        else problems.push(`lifts.ts: ${c.name}.${a.key} is lost`)
      }
  }

  const lifting: Lifting = {
    rename: (c) => (c.kind === 'method' ? (RENAMES[c.name] ?? c.name) : c.name),
    field(c, a, value) {
      const same = heirOf(c)?.args.find((x) => x.key === a.key)
      if (!same || typeText(same) === typeText(a)) return value
      const key = `${c.name}.${a.key}:${typeText(a)}`
      if (!FIELD_LIFTS[key]) {
        if (!RENAMES[c.name]) problems.push(`lifts.ts: ${key} -> ${typeText(same)}`)
        return value
      }
      used.add(`lift ${key}`)
      return `${read.use('FIELD_LIFTS', key)}(${value})`
    },
    absent(c) {
      const out = new Map<string, string>()
      for (const a of heirOf(c)?.args ?? []) {
        if (a.flag || a.type === '#') continue
        const old = c.args.find((x) => x.key === a.key)
        if (old && !old.flag) continue
        const plain = bareDefault(a)
        const path = `${heirOf(c)!.name}.${a.key}`
        if (path in FIELD_DEFAULTS) out.set(a.key, read.use('FIELD_DEFAULTS', path))
        else if (plain !== undefined) out.set(a.key, plain)
        else if (a.type in LIFT_DEFAULTS) out.set(a.key, read.use('LIFT_DEFAULTS', a.type))
        else if (!OBJECT_LIFTS[c.name]) problems.push(`lifts.ts: ${c.name} lacks ${a.key}:${typeText(a)}`)
      }
      return out
    },
    together(c) {
      const out: { others: string[]; key: string; value: string }[] = []
      const now = heirOf(c)?.args.filter((a) => a.flag && a.type !== '#') ?? []
      for (const a of now) {
        if (a.type === 'true' || c.args.some((x) => x.key === a.key)) continue
        const others = now.filter((b) => b !== a && b.flag!.word === a.flag!.word && b.flag!.bit === a.flag!.bit)
        const had = others.filter((b) => c.args.some((x) => x.key === b.key)).map((b) => b.key)
        if (had.length === 0) continue
        const value = bareDefault(a)
        if (value === undefined) problems.push(`${c.name}.${a.key} comes with ${had} now, and has no default`)
        else out.push({ others: had, key: a.key, value })
      }
      return out
    },
    object(c, o) {
      if (!OBJECT_LIFTS[c.name]) return o
      used.add(`object ${c.name}`)
      return `${read.use('OBJECT_LIFTS', c.name)}(${o})`
    },
  }

  const missing = (a: Arg, path: string): string | undefined => {
    if (path in FIELD_DEFAULTS) {
      used.add(`default ${path}`)
      return written.use('FIELD_DEFAULTS', path)
    }
    return bareDefault(a) ?? (a.type in LOWER_DEFAULTS ? written.use('LOWER_DEFAULTS', a.type) : undefined)
  }
  const lowering: Lowering = {
    value(c, a) {
      const path = `${c.name}.${a.key}`
      const same = byName.get(`${c.kind} ${c.name}`)
      const now = same?.args.find((x) => x.key === a.key)
      const before = Object.keys(FIELD_LOWERS).find((k) => k.startsWith(`${path}<`) && c.last < Number(k.split('<')[1]))
      const key = before ?? `${path}:${typeText(a)}`
      const changed = now !== undefined && typeText(now) !== typeText(a)
      let value = `o.${a.key}`
      if (FIELD_LOWERS[key] && (before !== undefined || changed || (same && !now))) {
        used.add(`lower ${key}`)
        value = `${written.use('FIELD_LOWERS', key)}(o)`
      } else if (changed) problems.push(`lowers.ts: ${key} <- ${typeText(now)}`)
      else if (same && !now && a.flag) value = path in FIELD_DEFAULTS ? missing(a, path)! : 'undefined'
      if (a.flag || (now && !now.flag && !changed)) return value
      // Required here, and not sure to be there.
      const instead = missing(a, path)
      if (instead !== undefined) return `${value} ?? ${instead}`
      if (same && (!now || now.flag) && !FIELD_LOWERS[key]) problems.push(`defaults.ts: ${path}:${typeText(a)}`)
      return value
    },
    missing: (a) => missing(a, ''),
  }

  return {
    lifting,
    lowering,
    read,
    written,
    /** Call when everything was emitted: throws if anything changed that no table speaks of, or is spoken of in vain. */
    check() {
      for (const k of Object.keys(FIELD_LIFTS)) if (!used.has(`lift ${k}`)) problems.push(`lifts.ts: ${k} is of no use`)
      for (const k of Object.keys(OBJECT_LIFTS))
        if (!used.has(`object ${k}`)) problems.push(`lifts.ts: ${k} is of no use`)
      for (const k of HARMLESS) if (!used.has(`harmless ${k}`)) problems.push(`lifts.ts: ${k} is of no use`)
      for (const k of Object.keys(FIELD_LOWERS))
        if (!used.has(`lower ${k}`)) problems.push(`lowers.ts: ${k} is of no use`)
      if (problems.length > 0) throw new Error([...new Set(problems)].join('\n'))
    },
  }
}
