import { crc32 } from 'node:zlib'

/** A field of a constructor or the parameter of a method. `type` is as written in TL, without the condition. */
export interface TlField {
  name: string
  type: string
  /** Which bit of which flags field tells whether the field is there. */
  flag?: { field: string; bit: number }
}

/** One line of TL. `long` may be written `int53` (see int53.ts); the hash does not see the difference. */
export interface TlEntry {
  kind: 'type' | 'method'
  name: string
  /** Eight hex digits, as constructors.tsv writes them. */
  id: string
  /** The type parameter, for methods that wrap another (`X` of `{X:Type}`). */
  generic?: string
  fields: TlField[]
  result: string
}

/** An entry of older.tl: the layers in which it was seen. */
export interface LayeredEntry extends TlEntry {
  first: number
  last: number
}

const LINE = /^(?:(\d+)-(\d+) )?([\w.]+)(?:#([0-9a-f]{1,8}))? (.*?)= ?([^=;]+);$/
const FIELD = /^(\w+):(?:(\w+)\.(\d+)\?)?(.+)$/

/** Eight hex digits, as constructors.tsv writes ids. TL files of others leave leading zeros out. */
export function hexId(id: number | string): string {
  return (typeof id === 'number' ? id >>> 0 : Number.parseInt(id, 16)).toString(16).padStart(8, '0')
}

/**
 * Reads one TL line, with or without the layers in front. Answers undefined for what is no combinator with an id
 * (comments, built-in types such as `int ? = Int;`, the definition of vector). Throws on a line it cannot read.
 */
export function parseLine(line: string, kind: TlEntry['kind']): (TlEntry & Partial<LayeredEntry>) | undefined {
  const text = line.replace(/\/\/.*$/, '').trim().replace(/\s+/g, ' ')
  if (text === '' || / \? = | \[ ?t ?\] |\[ ?int ?\] = /.test(text) || !text.includes('#')) return undefined
  const match = LINE.exec(text.replace(/ ?= ?/, ' = ').replace(/ ;$/, ';'))
  if (!match) throw new Error(`not a line of TL: ${line}`)
  const [, first, last, name, id, body, result] = match
  if (id === undefined) return undefined
  const entry: TlEntry & Partial<LayeredEntry> = { kind, name: name!, id: hexId(id), fields: [], result: result!.trim() }
  for (const word of body!.split(' ').filter(Boolean)) {
    const generic = /^\{(\w+):Type\}$/.exec(word)
    if (generic) {
      entry.generic = generic[1]!
      continue
    }
    const field = FIELD.exec(word)
    if (!field) throw new Error(`not a field of TL: ${word} in ${line}`)
    entry.fields.push({
      name: field[1]!,
      type: field[4]!,
      ...(field[2] === undefined ? {} : { flag: { field: field[2], bit: Number(field[3]) } }),
    })
  }
  if (first !== undefined) {
    entry.first = Number(first)
    entry.last = Number(last)
  }
  return entry
}

/** Reads a whole TL file: types up to `---functions---`, methods from there on (`---types---` turns back). */
export function parseFile(text: string): (TlEntry & Partial<LayeredEntry>)[] {
  const entries: (TlEntry & Partial<LayeredEntry>)[] = []
  let kind: TlEntry['kind'] = 'type'
  for (const line of text.split('\n')) {
    const turn = /^\s*---(functions|types)---\s*$/.exec(line)
    if (turn) kind = turn[1] === 'types' ? 'type' : 'method'
    else {
      const entry = parseLine(line, kind)
      if (entry) entries.push(entry)
    }
  }
  return entries
}

export function printField(field: TlField): string {
  return `${field.name}:${field.flag ? `${field.flag.field}.${field.flag.bit}?` : ''}${field.type}`
}

/** The entry as a line of TL, without layers. */
export function printEntry(entry: TlEntry): string {
  const words = [`${entry.name}#${entry.id}`]
  if (entry.generic) words.push(`{${entry.generic}:Type}`)
  words.push(...entry.fields.map(printField))
  return `${words.join(' ')} = ${entry.result};`
}

/**
 * The id that the line's text gives: CRC32 of the line without id, braces and `true` fields, `bytes` counted as
 * `string` and angle brackets as spaces. Documented at https://core.telegram.org/mtproto/TL-formal#combinator-identifiers
 * but for the `true` fields, which Telegram leaves out so that it can add them without a new id.
 */
export function hashOf(entry: TlEntry): string {
  const words = [entry.name]
  if (entry.generic) words.push(`${entry.generic}:Type`)
  for (const field of entry.fields) {
    if (field.type === 'true' && field.flag) continue
    words.push(printField({ ...field, type: plainType(field.type) }))
  }
  return hexId(crc32(`${words.join(' ')} = ${plainType(entry.result)}`))
}

function plainType(type: string): string {
  return type
    .replace(/\bint53\b/g, 'long')
    .replace(/^bytes$/, 'string')
    .replaceAll('<', ' ')
    .replaceAll('>', '')
}
