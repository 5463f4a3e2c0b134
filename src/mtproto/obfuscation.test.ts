import assert from 'node:assert/strict'
import { createDecipheriv, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Keystream } from './obfuscation.ts'

/** Counters that carry into their upper half and over their end within the stream, and one that does neither. */
const COUNTERS = [`${'5a'.repeat(8)}${'ff'.repeat(7)}fe`, `${'ff'.repeat(15)}f0`, '0123456789abcdef0123456789abcdef']

test('a stream goes on where it stands after its cipher was let go', () => {
  for (const counter of COUNTERS) {
    const key = randomBytes(32)
    const stream = new Keystream(key, Buffer.from(counter, 'hex'))
    const decipher = createDecipheriv('aes-256-ctr', key, Buffer.from(counter, 'hex'))
    for (const bytes of [1, 15, 16, 17, 0, 300, 31, 64, 5, 4096, 3]) {
      const text = randomBytes(bytes)
      assert.deepEqual(decipher.update(stream.update(text)), text)
      // The first time it was used since; the second time it goes.
      stream.letGo()
      stream.letGo()
    }
  }
})
