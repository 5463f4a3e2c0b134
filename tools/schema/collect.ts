/**
 * Writes schema/older.tl out of the schemas found in a folder. See README.md beside this file.
 *
 *     node tools/schema/collect.ts FOLDER
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import {
  type Combinator,
  formatLine,
  hex,
  type LayerRow,
  loadRows,
  parseSchema,
  SCHEMA_DIR,
} from '../../src/tl/schema.ts'
import { DIFFERS, isInt53 } from './int53.ts'
import { readSources, type Source } from './sources.ts'

const OLDEST_SERVED = 144
const NEWEST = 229

const lookedUpFile = join(import.meta.dirname, 'looked-up.tl')

/** The id that TL gives the line; Telegram leaves `true` fields out of it, so that they come without a new id. */
const hashOf = (entry: Combinator): number => crc32(formatLine(entry, true)) | 0

/** int53.ts says what MTCute says, or this stops: two conventions would give two types to one field. */
function checkInt53(sources: Source[]): void {
  const said = new Map<string, string>()
  for (const source of sources) {
    if (!source.file.endsWith('api-schema.json')) continue
    for (const entry of source.entries) {
      for (const arg of entry.args) {
        if (arg.type !== 'long' && arg.type !== 'int53') continue
        const key = `${entry.name} ${arg.name}`
        if (said.get(key) !== 'int53') said.set(key, arg.type)
      }
    }
  }
  for (const [key, type] of said) {
    const [name, field] = key.split(' ')
    const ours = isInt53(name!, field!) ? 'int53' : 'long'
    if (ours !== type && !DIFFERS.has(`${name}.${field}`))
      throw new Error(`${name}.${field} is ${type} in @mtcute/tl and ${ours} in int53.ts`)
  }
}

/**
 * Telegram adds `true` fields without changing the id, so one id has several field lists. The newest source gives the
 * order; bits that only older sources name are added behind it, so that nothing an older client says is lost.
 */
function merge(definitions: Combinator[]): Combinator {
  const [newest, ...others] = definitions
  const merged = { ...newest!, args: [...newest!.args] }
  for (const other of others) {
    for (const arg of other.args) {
      const { flag } = arg
      if (arg.type !== 'true' || !flag) continue
      const taken = merged.args.some(
        (known) => known.name === arg.name || (known.flag?.word === flag.word && known.flag.bit === flag.bit),
      )
      if (taken) continue
      // A true field stands behind the flags it lives in, after the true fields already there.
      let at = merged.args.findIndex((known) => known.name === flag.word) + 1
      while (merged.args[at]?.type === 'true') at++
      merged.args.splice(at, 0, arg)
    }
  }
  return merged
}

/** The definition in our convention, under the name and the kind of constructors.tsv. */
function convert(entry: Combinator, row: LayerRow): Combinator {
  const args = entry.args.map((arg) => {
    const wide = arg.type === 'long' || arg.type === 'int53'
    return wide ? { ...arg, type: isInt53(row.name, arg.name) ? 'int53' : 'long' } : arg
  })
  return { ...entry, ...row, args }
}

function print(entries: Combinator[], line: (entry: Combinator) => string): string {
  const lines = (kind: Combinator['kind']) =>
    entries
      .filter((entry) => entry.kind === kind)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.first - b.first))
      .map((entry) => line(entry) + '\n')
  return [...lines('type'), '---functions---\n', ...lines('method')].join('')
}

const folder = process.argv[2]
if (!folder || !existsSync(folder)) {
  console.error('usage: node tools/schema/collect.ts FOLDER (with unpacked packages and, if any, TL files)')
  process.exit(2)
}

const sources = readSources(folder)
checkInt53(sources)
const lookedUp = existsSync(lookedUpFile) ? parseSchema(readFileSync(lookedUpFile, 'utf8'), NEWEST) : []
// In front: these lines were written from all sources, so that a run with the packages alone repeats the result.
sources.unshift({ file: lookedUpFile, layer: NEWEST, loose: true, entries: lookedUp })

const byId = new Map<number, { entry: Combinator; loose: boolean }[]>()
for (const source of sources) {
  for (const entry of source.entries) {
    const list = byId.get(entry.id) ?? []
    list.push({ entry, loose: source.loose })
    byId.set(entry.id, list)
  }
}

const older: Combinator[] = []
const kept: Combinator[] = []
const unknown: LayerRow[] = []
const mismatches: string[] = []
let missing = 0
for (const row of loadRows()) {
  if (row.last < OLDEST_SERVED || row.last >= NEWEST) continue
  const found = (byId.get(row.id) ?? []).filter(({ entry }) => entry.kind === row.kind)
  // Where the id is the hash of the line, a definition that hashes to it is right and any other is a copying mistake.
  const all = found.map(({ entry, loose }) => ({ entry: convert(entry, row), loose }))
  const right = all.filter(({ entry }) => hashOf(entry) === row.id)
  const used = right.length > 0 ? right : all
  if (used.length === 0) {
    unknown.push(row)
    continue
  }
  const entry = convert(merge(used.map((definition) => definition.entry)), row)
  if (right.length === 0) mismatches.push(`${row.name}#${hex(row.id)}`)
  older.push(entry)
  const packaged = used.filter((definition) => !definition.loose).map((definition) => definition.entry)
  if (packaged.length === 0) missing++
  if (packaged.length === 0 || formatLine(merge(packaged)) !== formatLine(entry)) kept.push(entry)
}

writeFileSync(
  join(SCHEMA_DIR, 'older.tl'),
  print(older, (entry) => `${entry.first}-${entry.last} ${formatLine(entry)}`),
)
writeFileSync(
  lookedUpFile,
  print(kept, (entry) => formatLine(entry)),
)

for (const source of sources) console.log(`layer ${source.layer}: ${source.entries.length} in ${source.file}`)
console.log(`${older.length} written, ${missing} of them in no package, ${kept.length} in looked-up.tl`)
console.log(`${mismatches.length} whose id is not the hash of their line: ${mismatches.join(' ')}`)
console.log(`${unknown.length} unknown`)
for (const row of unknown) console.log(`  ${row.first}-${row.last} ${row.kind} ${row.name}#${hex(row.id)}`)
