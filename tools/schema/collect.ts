/**
 * Writes schema/older.tl out of the schemas found in a folder. See README.md beside this file.
 *
 *     node tools/schema/collect.ts FOLDER
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { int53Type } from './int53.ts'
import { readSources, type Source } from './sources.ts'
import { hashOf, type LayeredEntry, parseFile, printEntry, type TlEntry, type TlField } from './tl.ts'

const OLDEST_SERVED = 144
const NEWEST = 229

const root = join(import.meta.dirname, '..', '..')
const lookedUpFile = join(import.meta.dirname, 'looked-up.tl')

interface Wanted {
  id: string
  name: string
  kind: TlEntry['kind']
  first: number
  last: number
}

/** The ids of constructors.tsv that a served layer has and the newest has not. */
function readWanted(): Wanted[] {
  const lines = readFileSync(join(root, 'schema', 'constructors.tsv'), 'utf8').split('\n')
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line): Wanted => {
      const [id, name, kind, first, last] = line.split('\t')
      return { id: id!, name: name!, kind: kind as TlEntry['kind'], first: Number(first), last: Number(last) }
    })
    .filter((row) => row.last >= OLDEST_SERVED && row.last < NEWEST)
}

/** int53.ts says what MTCute says, or this stops: two conventions would give two types to one field. */
function checkInt53(sources: Source[]): void {
  const said = new Map<string, string>()
  for (const source of sources) {
    if (!source.file.endsWith('api-schema.json')) continue
    for (const entry of source.entries) {
      for (const field of entry.fields) {
        if (!/\b(long|int53)\b/.test(field.type)) continue
        const key = `${entry.name} ${field.name}`
        if (!said.get(key)?.includes('int53')) said.set(key, field.type)
      }
    }
  }
  for (const [key, type] of said) {
    const [name, field] = key.split(' ')
    const ours = int53Type(name!, field!, type.replace('int53', 'long'))
    if (ours !== type) throw new Error(`${name}.${field} is ${type} in @mtcute/tl and ${ours} in int53.ts`)
  }
}

/**
 * Telegram adds `true` fields without changing the id, so one id has several field lists. The newest source gives the
 * order; bits that only older sources name are added behind it, so that nothing an older client says is lost.
 */
function merge(definitions: TlEntry[]): TlEntry {
  const [newest, ...others] = definitions
  const merged = { ...newest!, fields: [...newest!.fields] }
  for (const other of others) {
    for (const field of other.fields) {
      if (field.type !== 'true' || !field.flag) continue
      const { flag } = field
      const taken = merged.fields.some(
        (known) => known.name === field.name || (known.flag?.field === flag.field && known.flag.bit === flag.bit),
      )
      if (taken) continue
      // A true field stands right after the flags it lives in or the true fields already there.
      let at = merged.fields.findIndex((known) => known.name === flag.field) + 1
      while (merged.fields[at]?.type === 'true') at++
      merged.fields.splice(at, 0, field)
    }
  }
  return merged
}

/** The definition in our convention, under the name and the kind of constructors.tsv. */
function convert(entry: TlEntry, wanted: Wanted): LayeredEntry {
  const fields = entry.fields.map(
    (field): TlField => ({ ...field, type: int53Type(wanted.name, field.name, field.type.replace(/\bint53\b/, 'long')) }),
  )
  return { ...entry, ...wanted, fields }
}

function print(entries: LayeredEntry[]): string {
  const lines = (kind: TlEntry['kind']) =>
    entries
      .filter((entry) => entry.kind === kind)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.first - b.first))
      .map((entry) => `${entry.first}-${entry.last} ${printEntry(entry)}\n`)
  return [...lines('type'), '---functions---\n', ...lines('method')].join('')
}

const folder = process.argv[2]
if (!folder || !existsSync(folder)) {
  console.error('usage: node tools/schema/collect.ts FOLDER (with unpacked packages and, if any, TL files)')
  process.exit(2)
}

const sources = readSources(folder)
checkInt53(sources)
const lookedUp = existsSync(lookedUpFile) ? parseFile(readFileSync(lookedUpFile, 'utf8')) : []
// In front: these lines were written from all sources, so that a run with the packages alone repeats the result.
sources.unshift({ file: lookedUpFile, layer: NEWEST, loose: true, entries: lookedUp })

const byId = new Map<string, { entry: TlEntry; loose: boolean }[]>()
for (const source of sources) {
  for (const entry of source.entries) {
    const list = byId.get(entry.id) ?? []
    list.push({ entry, loose: source.loose })
    byId.set(entry.id, list)
  }
}

const older: LayeredEntry[] = []
const kept: LayeredEntry[] = []
const unknown: Wanted[] = []
const mismatches: string[] = []
let missing = 0
for (const wanted of readWanted()) {
  const found = (byId.get(wanted.id) ?? []).filter(({ entry }) => entry.kind === wanted.kind)
  // Where the id is the hash of the line, a definition that hashes to it is right and any other is a copying mistake.
  const all = found.map(({ entry, loose }) => ({ entry: convert(entry, wanted), loose }))
  const right = all.filter(({ entry }) => hashOf(entry) === wanted.id)
  const used = right.length > 0 ? right : all
  if (used.length === 0) {
    unknown.push(wanted)
    continue
  }
  const entry = convert(merge(used.map((definition) => definition.entry)), wanted)
  if (right.length === 0) mismatches.push(`${wanted.name}#${wanted.id}`)
  older.push(entry)
  const packaged = used.filter((definition) => !definition.loose).map((definition) => definition.entry)
  if (packaged.length === 0) missing++
  if (packaged.length === 0 || printEntry(merge(packaged)) !== printEntry(entry)) kept.push(entry)
}

writeFileSync(join(root, 'schema', 'older.tl'), print(older))
writeFileSync(lookedUpFile, print(kept).replace(/^\d+-\d+ /gm, ''))

for (const source of sources) console.log(`layer ${source.layer}: ${source.entries.length} in ${source.file}`)
console.log(`${older.length} written, ${missing} of them in no package, ${kept.length} in looked-up.tl`)
console.log(`${mismatches.length} whose id is not the hash of their line: ${mismatches.join(' ')}`)
console.log(`${unknown.length} unknown`)
for (const row of unknown) console.log(`  ${row.first}-${row.last} ${row.kind} ${row.name}#${row.id}`)
