import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { giveSlab, LARGE, Lease, takeSlab } from './slabs.ts'
import { echo, testServer } from './test-server.ts'

function request(bytes: number): Buffer {
  const body = randomBytes(bytes)
  body.writeUInt32LE(0x0badf00d, 0)
  return body
}

test('a slab is used again once everybody has let go of it, and not before', () => {
  const slab = takeSlab(LARGE)
  const lease = new Lease(slab)
  const [one, other] = [lease.hold(), lease.hold()]
  lease.drop()
  one()
  one()
  assert.notEqual(takeSlab(LARGE).buffer, slab.buffer)
  other()
  const again = takeSlab(LARGE + 4)
  assert.equal(again.buffer, slab.buffer)
  assert.equal(again.length, LARGE + 4)
  giveSlab(again)
  giveSlab(again)
  assert.equal(takeSlab(LARGE).buffer, slab.buffer)
  assert.notEqual(takeSlab(LARGE).buffer, slab.buffer)
})

for (const transport of ['intermediate', 'abridged', 'full', 'padded'] as const) {
  test(`large requests over ${transport} keep their bytes till they let go of them, however many follow`, async () => {
    await using server = await testServer()
    const sent = Array.from({ length: 24 }, (_, i) => request(i % 3 === 2 ? 200 : 400_000 + 16 * i))
    const held: { body: Buffer; copy: Buffer; free: (() => void) | undefined }[] = []
    const buffers = new Set<ArrayBufferLike>()
    server.onRequest = (_, { body, free }) => {
      if (body.length > LARGE) {
        assert.ok(free, 'a large request comes with its lease')
        buffers.add(body.buffer)
      }
      held.push({ body, copy: Buffer.from(body), free })
      // Three are always kept while the next ones come.
      if (held.length > 3) {
        const first = held.shift()!
        assert.ok(first.body.equals(first.copy))
        first.free?.()
      }
      return echo(held.at(-1)!.copy)
    }
    const client = await server.client({ transport })
    // The very first frame waits for its key, and is copied for that.
    await client.invoke(request(200))
    const answers = await Promise.all(sent.map((body) => client.invoke(body)))
    for (const [i, answer] of answers.entries()) assert.ok(answer.equals(sent[i]!), `answer ${i}`)
    assert.ok(buffers.size < 16, `${buffers.size} buffers for 16 large requests`)
  })
}
