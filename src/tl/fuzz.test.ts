// Whatever arrives, the reader answers with an object or a TlError: soon, and without more memory than the bytes warrant.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Arbitrary, seeded } from './arbitrary.ts'
import { readMt, readObject, readRequest, TlError, writeObject } from './index.ts'
import { everyCombinator } from './layers/schema-reader.ts'

const newest = everyCombinator().filter((c) => c.last === 229)
const make = new Arbitrary(newest, seeded(1), 0.5)
const samples = newest.flatMap((c) => [1, 2].map(() => ({ name: c.name, bytes: writeObject(make.object(c.name)) })))
const ids = everyCombinator().map((c) => c.id)

/** Reads, and holds any error to the promise. */
function attempt(read: (b: Uint8Array) => unknown, bytes: Uint8Array): unknown {
  try {
    return read(bytes)
  } catch (e) {
    assert.ok(e instanceof TlError, `${(e as Error).name}: ${(e as Error).message}`)
    return undefined
  }
}
const everyWay = (bytes: Uint8Array) => {
  attempt(readObject, bytes)
  attempt(readRequest, bytes)
  attempt(readMt, bytes)
}
const int = (x: number) => [x & 255, (x >> 8) & 255, (x >> 16) & 255, (x >> 24) & 255]

test('arbitrary bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 512 }), everyWay), { numRuns: 3000 })
})

test('arbitrary bytes behind a known id', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ids), fc.uint8Array({ maxLength: 256 }), (id, rest) =>
      everyWay(new Uint8Array([...int(id), ...rest])),
    ),
    { numRuns: 5000 },
  )
})

test('objects with bytes changed, and cut short at every length', () => {
  const change = fc.record({ at: fc.nat(), to: fc.nat(255) })
  const one = fc.record({ sample: fc.constantFrom(...samples), changes: fc.array(change, { maxLength: 4 }) })
  fc.assert(
    fc.property(one, ({ sample, changes }) => {
      const bytes = sample.bytes.slice()
      for (const { at, to } of changes) bytes[at % bytes.length] = to
      everyWay(bytes)
      for (let n = 0; n < Math.min(bytes.length, 200); n++) {
        const read = attempt(readObject, bytes.subarray(0, n))
        if (changes.length === 0) assert.equal(read, undefined, `${sample.name} cut to ${n}`)
      }
    }),
    { numRuns: 300 },
  )
})

test('what is read from changed bytes can be written', () => {
  const one = fc.record({ sample: fc.constantFrom(...samples), at: fc.nat(), bit: fc.nat(7) })
  fc.assert(
    fc.property(one, ({ sample, at, bit }) => {
      const bytes = sample.bytes.slice()
      bytes[at % bytes.length]! ^= 1 << bit
      const read: any = attempt(readObject, bytes)
      if (read === undefined) return
      // Objects of older layers may hold what the newest has no place for; nothing else is refused.
      const again = attempt(() => writeObject(read), bytes) as Uint8Array | undefined
      if (again) assert.deepEqual(readObject(again), read)
    }),
    { numRuns: 2000 },
  )
})

test('a vector that says it is longer than its buffer costs nothing', () => {
  const id = newest.find((c) => c.name === 'messages.deleteMessages')!.id
  const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  for (const n of [0x7fffffff, 0x3fffffff, -1, 0x00ffffff]) {
    const bytes = new Uint8Array([...int(id), ...int(0), ...int(0x1cb5c415), ...int(n), ...int(1)])
    assert.throws(() => readObject(bytes), TlError)
  }
  const after = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  assert.ok(after - before < 1 << 20)
})

test('nesting without end is refused before the stack is', () => {
  const bold = int(newest.find((c) => c.name === 'textBold')!.id)
  const deep = new Uint8Array(Array.from({ length: 500_000 }, () => bold).flat())
  assert.throws(() => readObject(deep), /too deep/)
  const wrapper = [...int(newest.find((c) => c.name === 'invokeWithoutUpdates')!.id)]
  const wrapped = new Uint8Array(Array.from({ length: 100_000 }, () => wrapper).flat())
  assert.throws(() => readRequest(wrapped), /too many wrappers/)
})

test('a reader that failed reads the next object as if nothing had been', () => {
  const bold = int(newest.find((c) => c.name === 'textBold')!.id)
  for (let i = 0; i < 200; i++) attempt(readObject, new Uint8Array(Array.from({ length: 40 }, () => bold).flat()))
  const o = { _: 'textBold', text: { _: 'textPlain', text: 'x' } }
  assert.deepEqual(readObject(writeObject(o)), o)
})

test('many items are refused', () => {
  const id = newest.find((c) => c.name === 'messages.deleteMessages')!.id
  const n = 1_000_001
  const bytes = Buffer.alloc(16 + n * 4)
  bytes.set([...int(id), ...int(0), ...int(0x1cb5c415), ...int(n)])
  assert.throws(() => readObject(bytes), /too many items/)
})
