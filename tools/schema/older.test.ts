import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { type Combinator, formatLine, hex, loadRows, parseSchema, SCHEMA_DIR } from '../../src/tl/schema.ts'
import { isInt53 } from './int53.ts'

const OLDEST_SERVED = 144
const NEWEST = 229

/** Types of the language itself. Bool is one: the list of the newest layer has no line for its two constructors. */
const BUILT_IN = new Set([
  '#',
  'int',
  'long',
  'int53',
  'double',
  'string',
  'bytes',
  'int128',
  'int256',
  'true',
  'Bool',
  '!X',
  'X',
])

/** Ids that were given and are not the hash of their line: locations of thumbnails that TDLib invented, and IP lists. */
const GIVEN_IDS = [
  'accessPointRule',
  'help.configSimple',
  'inputPeerPhotoFileLocationLegacy',
  'inputStickerSetThumbLegacy',
  'ipPortSecret',
]

const rows = loadRows()
const rowOf = new Map(rows.map((row) => [row.id, row]))
const olderText = readFileSync(join(SCHEMA_DIR, 'older.tl'), 'utf8')
const older = parseSchema(olderText, NEWEST)
const newest = parseSchema(readFileSync(join(SCHEMA_DIR, 'api.tl'), 'utf8'), NEWEST)
const mtproto = parseSchema(readFileSync(join(SCHEMA_DIR, 'mtproto.tl'), 'utf8'), NEWEST)

/** Everything the API ever had in the served layers, with the layers of constructors.tsv. */
const all = [...older, ...newest].map((entry): Combinator => {
  const row = rowOf.get(entry.id)
  return row ? { ...entry, first: row.first, last: row.last } : entry
})

/** Layers that nobody published (153, 157, 226): no id begins or ends there, and between two lists there are gaps. */
const published = Array.from({ length: NEWEST - OLDEST_SERVED + 1 }, (_, i) => OLDEST_SERVED + i).filter((layer) =>
  rows.some((row) => row.first === layer || row.last === layer),
)

const label = (entry: { name: string; id: number }) => `${entry.name}#${hex(entry.id)}`
const livesIn = (entry: { first: number; last: number }, layer: number) => entry.first <= layer && layer <= entry.last

test('every id of layers 144 to 228 is defined exactly once', () => {
  const times = new Map<number, number>()
  for (const entry of [...older, ...newest]) times.set(entry.id, (times.get(entry.id) ?? 0) + 1)
  const inMtproto = new Set(mtproto.map((entry) => entry.id))
  const wrong = rows
    .filter((row) => row.last >= OLDEST_SERVED && row.first < NEWEST)
    // The definition of vector is part of the language; messages of MTProto itself have a file of their own.
    .filter((row) => row.name !== 'vector' && !inMtproto.has(row.id))
    .filter((row) => times.get(row.id) !== 1)
    .map((row) => `${label(row)} ${row.first}-${row.last}: ${times.get(row.id) ?? 0} times`)
  assert.deepEqual(wrong, [])
})

test('older.tl has the names, kinds and layers of constructors.tsv, and nothing of the newest layer', () => {
  for (const entry of older) {
    const row = rowOf.get(entry.id)
    assert.ok(row, label(entry))
    const { id, name, kind, first, last } = entry
    assert.deepEqual({ id, name, kind, first, last }, row)
    assert.ok(entry.last >= OLDEST_SERVED && entry.last < NEWEST, label(entry))
  }
})

test('older.tl is sorted by name, then by first layer', () => {
  for (const part of olderText.split('---functions---\n')) {
    const entries = parseSchema(part, NEWEST)
    const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.first - b.first))
    assert.deepEqual(entries.map(label), sorted.map(label))
  }
})

test('ids are the hashes of their lines, but for the ones that were given', () => {
  const different = all.filter((entry) => (crc32(formatLine(entry, true)) | 0) !== entry.id)
  assert.deepEqual(different.map((entry) => entry.name).toSorted(), GIVEN_IDS)
})

test('flags come before what depends on them, and no bit has two true fields', () => {
  for (const entry of older) {
    const words = new Set<string>()
    const bits = new Set<string>()
    for (const arg of entry.args) {
      if (arg.type === '#') words.add(arg.name)
      if (!arg.flag) continue
      assert.ok(words.has(arg.flag.word), `${label(entry)} ${arg.name}`)
      assert.ok(arg.flag.bit >= 0 && arg.flag.bit < 32, `${label(entry)} ${arg.name}`)
      if (arg.type !== 'true') continue
      const bit = `${arg.flag.word}.${arg.flag.bit}`
      assert.ok(!bits.has(bit), `${label(entry)} ${bit}`)
      bits.add(bit)
    }
    const names = entry.args.map((arg) => arg.name)
    assert.equal(new Set(names).size, names.length, label(entry))
  }
})

test('in every published layer each type that is used has a constructor', () => {
  for (const layer of published) {
    const entries = all.filter((entry) => livesIn(entry, layer))
    const made = new Set(entries.filter((entry) => entry.kind === 'type').map((entry) => entry.result))
    const missing = new Set<string>()
    for (const entry of entries) {
      const result = entry.result.replace(/^[Vv]ector<(.*)>$/, '$1')
      for (const type of [result, ...entry.args.map((arg) => arg.type)]) {
        if (!BUILT_IN.has(type) && !made.has(type)) missing.add(`${label(entry)} uses ${type}`)
      }
    }
    assert.deepEqual([...missing], [], `layer ${layer}`)
  }
})

test('in every layer a name has one id, but for calls, whose older ids came back after six layers', () => {
  const twice = new Set<string>()
  for (const one of all) {
    for (const other of all) {
      if (one.name !== other.name || one.kind !== other.kind || one.id === other.id) continue
      if (one.first <= other.first && other.first <= one.last) {
        // The id with the shorter range is the one in use there: the longer range covers a pause.
        assert.ok(other.last < one.last, `${label(one)} and ${label(other)}`)
        twice.add(`${other.name} ${other.first}-${other.last}`)
      }
    }
  }
  assert.deepEqual([...twice].toSorted(), [
    'phone.requestCall 196-201',
    'phoneCall 196-201',
    'phoneCallAccepted 196-201',
    'phoneCallDiscarded 196-201',
    'phoneCallRequested 196-201',
    'phoneCallWaiting 196-201',
  ])
})

test('one convention says which longs are int53, in older layers and in the newest', () => {
  const wrong = all.flatMap((entry) =>
    entry.args
      .filter((arg) => arg.type === 'long' || arg.type === 'int53')
      .filter((arg) => (arg.type === 'int53') !== isInt53(entry.name, arg.name))
      .map((arg) => `${label(entry)} ${arg.name}:${arg.type}`),
  )
  assert.deepEqual(wrong, [])
})
