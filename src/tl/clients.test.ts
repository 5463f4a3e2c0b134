// What the codecs of real clients make of what is written for their layers.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { Arbitrary, seeded } from './arbitrary.ts'
import { writeObject } from './index.ts'
import { everyCombinator, LayerSchema } from './layers/schema-reader.ts'

const require = createRequire(import.meta.url)
const newest = everyCombinator().filter((c) => c.last === 229 && c.kind === 'type')

const ABSENT = /^(ipPort|ipPortSecret|accessPointRule|help.configSimple|account.chatThemesNotModified)$/

/** Objects of every constructor that a layer can be written, as bytes, with what the layer's schema reads in them. */
function* written(layer: number, seed: number): Generator<{ name: string; bytes: Uint8Array; read: any }> {
  const schema = new LayerSchema(layer)
  const make = new Arbitrary(newest, seeded(seed), 0.5)
  for (const c of newest) {
    // What is of no use to a client (the list of spare addresses) is in none; one answer is not in telegram's.
    if (!schema.byName.has(c.name) || ABSENT.test(c.name)) continue
    let bytes: Uint8Array
    try {
      bytes = writeObject(make.object(c.name), layer)
    } catch {
      continue
    }
    yield { name: c.name, bytes, read: schema.read(bytes) }
  }
}

/**
 * Without what is true: a flag that is its own value may be added without a new constructor id, so that a client may
 * be given some that it does not know, and passes over.
 */
function withoutTrue(o: any): any {
  if (Array.isArray(o)) return o.map(withoutTrue)
  if (o === null || typeof o !== 'object' || o instanceof Uint8Array) return o
  const entries = Object.entries(o).filter(([, v]) => v !== true)
  return Object.fromEntries(entries.map(([k, v]) => [k, withoutTrue(v)]))
}

test('mtcute (layer 223) reads every constructor, field for field', async () => {
  const { __tlReaderMap } = await import('@mtcute/tl/binary/reader.js')
  const { TlBinaryReader } = await import('@mtcute/tl-runtime')
  // mtcute has longs of its own, and false or undefined for fields that are not there.
  const plain = (o: any): any => {
    if (Array.isArray(o)) return o.map(plain)
    if (o === null || typeof o !== 'object') return typeof o === 'bigint' ? o.toString() : o
    if (o instanceof Uint8Array) return Buffer.from(o).toString('hex')
    if ('low' in o && 'high' in o) return o.toString()
    const entries = Object.entries(o).filter(([, v]) => v !== undefined && v !== false)
    return Object.fromEntries(entries.map(([k, v]) => [k, plain(v)]))
  }
  let n = 0
  for (const { name, bytes, read } of written(223, 11)) {
    const reader = new TlBinaryReader(__tlReaderMap as never, bytes)
    const theirs = withoutTrue(plain(reader.object()))
    assert.equal(reader.pos, bytes.length, name)
    // Ids that mtcute has as longs and this project as numbers read the same as text.
    const text = (_: string, v: any) => (typeof v === 'number' ? String(v) : v)
    assert.deepEqual(
      JSON.parse(JSON.stringify(theirs, text)),
      JSON.parse(JSON.stringify(withoutTrue(plain(read)), text)),
      name,
    )
    n++
  }
  assert.ok(n > 1400, String(n))
})

for (const [pack, layer] of [
  ['telegram', 198],
  ['teleproto', 229],
] as const)
  test(`${pack} (layer ${layer}) reads every constructor, and writes the same again`, () => {
    const { BinaryReader } = require(`${pack}/extensions`)
    let n = 0
    const schema = new LayerSchema(layer)
    for (const { name, bytes, read } of written(layer, 12)) {
      const reader = new BinaryReader(Buffer.from(bytes))
      const object = reader.tgReadObject()
      assert.equal(reader.tellPosition(), bytes.length, name)
      const again = new Uint8Array(object.getBytes())
      assert.equal(again.length, bytes.length, name)
      assert.deepEqual(withoutTrue(schema.read(again)), withoutTrue(read), name)
      n++
    }
    assert.ok(n > 1000, String(n))
  })
