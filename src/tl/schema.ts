// The schema as data: parsing of the TL files under schema/. Used by the generator, by tests and by the slow path that
// explains a failed write; the codec itself is generated code and does not come here.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One argument of a constructor or method. */
export interface Arg {
  /** Name as in TL, with underscores. */
  name: string
  /** Name as in objects, camelCase. */
  key: string
  /** Element type: `int`, `int53`, `long`, `string`, `true`, `#`, `!X`, `Peer`, `auth.SentCode`... */
  type: string
  /** `Vector` or (bare) `vector` around the type. */
  vector: 'Vector' | 'vector' | undefined
  /** The flags word and bit that say whether the argument is there. */
  flag: { word: string; bit: number } | undefined
}

/** A constructor or a method: what TL calls a combinator. */
export interface Combinator {
  /** Signed 32-bit constructor id. */
  id: number
  name: string
  kind: 'type' | 'method'
  args: Arg[]
  /** The boxed type as written: `Peer`, `Vector<int>`, `X`. */
  result: string
  /** First and last layer that know this id (the newest only for schema/api.tl, since that file says no more). */
  first: number
  last: number
}

/** The root of the project's files, where schema/ lies. */
export const SCHEMA_DIR = join(import.meta.dirname, '../../schema')

/** `access_hash` to `accessHash`. */
export function camel(name: string): string {
  return name.replace(/_+([a-zA-Z0-9])/g, (_, c: string) => c.toUpperCase())
}

const LINE = /^(?:(\d+)-(\d+) )?([\w.]+)#([0-9a-f]{1,8}) (?:\{X:Type\} )?(.*?)\s*= ([\w.<>%]+);$/

/** Parses one TL line; with the prefix `<first>-<last> ` if the file gives layers. */
export function parseLine(line: string, kind: 'type' | 'method', layer: number): Combinator {
  const m = LINE.exec(line)
  if (!m) throw new Error(`not a TL line: ${line}`)
  const args = m[5] === '' ? [] : m[5]!.split(/\s+/).map(parseArg)
  return {
    id: Number.parseInt(m[4]!, 16) | 0,
    name: m[3]!,
    kind,
    args,
    result: m[6]!,
    first: m[1] === undefined ? layer : Number(m[1]),
    last: m[2] === undefined ? layer : Number(m[2]),
  }
}

function parseArg(text: string): Arg {
  const m = /^(\w+):(?:(\w+)\.(\d+)\?)?(?:([Vv]ector)<(%?[\w.]+)>|(!?[\w.#]+))$/.exec(text)
  if (!m) throw new Error(`not a TL argument: ${text}`)
  return {
    name: m[1]!,
    key: camel(m[1]!),
    type: (m[5] ?? m[6])!,
    vector: m[4] as Arg['vector'],
    flag: m[2] === undefined ? undefined : { word: m[2], bit: Number(m[3]) },
  }
}

/** The combinator as a line of TL, with its id; `plain` is the form whose CRC32 is the id. */
export function formatLine(c: Combinator, plain = false): string {
  const args = c.args.map(
    (a) => ` ${a.name}:${a.flag ? `${a.flag.word}.${a.flag.bit}?` : ''}${a.vector ? `${a.vector}<${a.type}>` : a.type}`,
  )
  const generic = c.args.some((a) => a.type === '!X') ? ' {X:Type}' : ''
  if (!plain) return `${c.name}#${hex(c.id)}${generic}${args.join('')} = ${c.result};`
  return `${c.name}${generic}${args.filter((a) => !/\?true$/.test(a)).join('')} = ${c.result}`
    .replace(/int53/g, 'long')
    .replace(/([:?])bytes( |$)/g, '$1string$2')
    .replace(/</g, ' ')
    .replace(/[>{}]/g, '')
}

/** Eight hexadecimal digits of an id. */
export function hex(id: number): string {
  return (id >>> 0).toString(16).padStart(8, '0')
}

/** Reads a TL file whose methods follow the line `---functions---`, or whose kinds are given by `kinds` (id to kind). */
export function parseSchema(text: string, layer: number, kinds?: ReadonlyMap<number, 'type' | 'method'>): Combinator[] {
  const out: Combinator[] = []
  let kind: 'type' | 'method' = 'type'
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    if (line === '---functions---') kind = 'method'
    else if (line === '---types---') kind = 'type'
    else if (line !== '' && !line.startsWith('//') && !line.startsWith('#')) {
      const c = parseLine(line, kind, layer)
      if (kinds) c.kind = kinds.get(c.id) ?? kind
      out.push(c)
    }
  }
  return out
}

/** A row of schema/constructors.tsv: which layers know an id. */
export interface LayerRow {
  id: number
  name: string
  kind: 'type' | 'method'
  first: number
  last: number
}

/** schema/constructors.tsv. */
export function loadRows(): LayerRow[] {
  return readFileSync(join(SCHEMA_DIR, 'constructors.tsv'), 'utf8')
    .split('\n')
    .filter((l) => l !== '' && !l.startsWith('#'))
    .map((l) => {
      const [id, name, kind, first, last] = l.split('\t')
      return {
        id: Number.parseInt(id!, 16) | 0,
        name: name!,
        kind: kind as 'type' | 'method',
        first: Number(first),
        last: Number(last),
      }
    })
}

/**
 * Some layers were never seen (153, 157, 226 among them). Where one constructor of a name ends before such a layer and
 * the next begins behind it, the earlier one is taken to be still there.
 */
export function spanGaps(list: { kind: string; name: string; first: number; last: number }[]): void {
  const byName = new Map<string, { first: number; last: number }[]>()
  for (const c of list) {
    const known = byName.get(`${c.kind} ${c.name}`)
    if (known) known.push(c)
    else byName.set(`${c.kind} ${c.name}`, [c])
  }
  for (const ids of byName.values()) {
    ids.sort((a, b) => a.first - b.first)
    for (let i = 1; i < ids.length; i++) if (ids[i]!.first === ids[i - 1]!.last + 2) ids[i - 1]!.last++
  }
}
