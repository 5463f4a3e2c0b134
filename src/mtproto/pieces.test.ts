import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileAnswer } from './front-files.ts'
import { RPC_ERROR } from './ids.ts'
import { headOf, request } from './test-bodies.ts'
import { openStream, type StreamOptions } from './test-client.ts'
import { type TestServer, testServer } from './test-server.ts'

const dir = mkdtempSync(join(tmpdir(), 'chappe-pieces-'))
after(() => rmSync(dir, { recursive: true, force: true }))
const content = randomBytes(1_200_000)
const path = join(dir, 'file')
writeFileSync(path, content)

const whole = (offset: number, length: number): Buffer =>
  Buffer.concat([headOf(length), content.subarray(offset, offset + length), Buffer.alloc(-length & 3)])

/** Answers every request with a piece of the file. */
function serve(server: TestServer, offset: number, length: number, name = path): void {
  server.onRequest = async () => fileAnswer({ path: name, offset }, length, headOf(length))
}

const WAYS: [string, StreamOptions][] = [
  ['abridged', { transport: 'abridged' }],
  ['intermediate', {}],
  ['padded and obfuscated', { transport: 'padded', obfuscated: true }],
  ['full', { transport: 'full' }],
]
for (const [name, options] of WAYS) {
  test(`pieces of files of every length arrive as they are: ${name}`, async () => {
    await using server = await testServer()
    const client = await server.client(options)
    for (const [offset, length] of [
      [0, 16_384],
      [7, 16_385],
      [1, 99_999],
      [3, 524_288],
      [100, 1_048_576],
    ] as const) {
      serve(server, offset, length)
      assert.ok((await client.invoke(request())).equals(whole(offset, length)), `${length} bytes from ${offset}`)
    }
  })
}

for (const threads of [0, 2]) {
  test(`a piece that was not acknowledged is read and sent again over a new connection: ${threads} threads`, async () => {
    await using server = await testServer({}, threads)
    const client = await server.client()
    client.autoAck = false
    serve(server, 5, 300_001)
    const how = { msgId: client.nextId(), seqNo: client.nextSeq(true) }
    const seen = new Set<bigint>()
    client.onMessage = ({ msgId, body }) => body.length > 300_000 && seen.add(msgId)
    assert.ok((await client.invoke(request(), how)).equals(whole(5, 300_001)))
    // With threads the system gives the connection to either: some of these come to the other one.
    for (let i = 0; i < 8; i++) {
      client.close()
      await client.gone()
      client.use(await openStream(server.port, {}))
      const again = client.answerTo(how.msgId)
      client.sendMessage(request(), how)
      assert.ok((await again).equals(whole(5, 300_001)))
    }
    assert.equal(seen.size, 1, 'it keeps its message id')
  })
}

test('many pieces asked for at once all arrive, and other answers are not held up by one that is missing', async () => {
  await using server = await testServer()
  const client = await server.client()
  serve(server, 0, 200_000)
  const all = await Promise.all(Array.from({ length: 24 }, () => client.invoke(request())))
  for (const one of all) assert.ok(one.equals(whole(0, 200_000)))
  serve(server, 0, 200_000, join(dir, 'gone'))
  assert.equal((await client.invoke(request())).readInt32LE(0), RPC_ERROR)
  serve(server, 1_100_000, 200_000)
  assert.equal((await client.invoke(request())).readInt32LE(0), RPC_ERROR, 'shorter than it is said to be')
  serve(server, 0, 200_000)
  assert.ok((await client.invoke(request())).equals(whole(0, 200_000)))
})
