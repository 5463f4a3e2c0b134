import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { MtClient, tcpPipe } from './test-client.ts'
import { echo, type TestServer, testServer } from './test-server.ts'

// On one thread: others keep their lines to themselves unless the level asks for them.
// Whoever sends what no client would leaves a line in the log and is counted, by what they did.

function request(): Buffer {
  const body = randomBytes(16)
  body.writeUInt32LE(0x0badf00d, 0)
  return body
}

/** Time for a first frame, ms: little where it is to run out, more where something must have come before it does. */
const SOON = 60
const LATER = 1000
const NEVER = 60_000

/** Everything that a new connection sends, why it is closed, and how long it may take. */
const OPENINGS: [name: string, bytes: Buffer, reason: RegExp, firstFrameMs: number][] = [
  ['silence', Buffer.alloc(0), /^no frame in time$/, SOON],
  ['the beginning of a transport', Buffer.from('eeeeee', 'hex'), /^half a frame$/, LATER],
  ['half a frame', Buffer.from('ef10000000', 'hex'), /^half a frame$/, LATER],
  ['a frame that is too large', Buffer.from('eeeeeeeeffffff7f', 'hex'), /^frame out of bounds$/, NEVER],
  ['a damaged frame', Buffer.concat([Buffer.from('1000000000000000', 'hex'), Buffer.alloc(60)]), /frame/, LATER],
  [
    'a message under a key that nobody has',
    Buffer.concat([Buffer.of(0xef, 20), randomBytes(80)]),
    /^transport error -404$/,
    NEVER,
  ],
  ['random bytes', Buffer.concat([Buffer.of(1), randomBytes(4095)]), /./, SOON],
]

async function reasonsOf(server: TestServer, count: number): Promise<string[]> {
  const closed = () => [...server.metrics].filter(([name]) => name.startsWith('closed: '))
  for (const until = performance.now() + 30_000; performance.now() < until; await sleep(5)) {
    if (closed().reduce((sum, [, n]) => sum + n, 0) >= count) break
  }
  return closed().flatMap(([name, n]) => Array<string>(n).fill(name.slice('closed: '.length)))
}

for (const [name, bytes, reason] of OPENINGS) {
  test(`${name} leaves a line in the log and is counted`, async () => {
    await using server = await testServer({ firstFrameMs: 300 }, 0)
    const pipe = await tcpPipe(server.port)
    const closed = new Promise<void>((resolve) => {
      pipe.onClose = resolve
    })
    if (bytes.length > 0) pipe.write(bytes)
    await closed
    const counted = await reasonsOf(server, 1)
    assert.equal(counted.length, 1)
    assert.match(counted[0]!, reason)
    while (server.refused.length < 1) await sleep(5)
    assert.deepEqual(server.refused, counted)
  })
}

test('a client that never reads leaves a line in the log and is counted', async () => {
  await using server = await testServer({ writeHigh: 16 * 1024, stalledMs: 100 }, 0)
  const answer = randomBytes(256 * 1024)
  server.onRequest = () => echo(answer)
  const client = await server.client()
  const { socket } = client.stream.pipe as unknown as { socket: { pause(): void; destroy(): void } }
  await client.invoke(request())
  socket.pause()
  for (let i = 0; i < 200; i++) client.sendMessage(request())
  assert.deepEqual(await reasonsOf(server, 1), ['does not read'])
  while (server.refused.length < 1) await sleep(5)
  assert.deepEqual(server.refused, ['does not read'])
  socket.destroy()
})

test('more connections than one address may have are counted, and who comes and goes is not in the log', async () => {
  await using server = await testServer({ maxConnectionsPerIp: 2 }, 0)
  const two = [await MtClient.connect(server.port), await MtClient.connect(server.port)]
  const third = await tcpPipe(server.port)
  await new Promise<void>((resolve) => {
    third.onClose = resolve
  })
  assert.deepEqual(await reasonsOf(server, 1), ['too many connections'])
  for (const client of two) client.close()
  assert.deepEqual((await reasonsOf(server, 3)).sort(), [
    'closed by the client',
    'closed by the client',
    'too many connections',
  ])
  assert.deepEqual(server.refused, ['too many connections'])
})

test('an attack fills the counters and not the log', async () => {
  await using server = await testServer({ sweepMs: 1000 }, 0)
  const count = 60
  const begun = performance.now()
  for (let i = 0; i < count; i++) {
    const pipe = await tcpPipe(server.port)
    pipe.write(Buffer.from('eeeeeeeeffffff7f', 'hex'))
  }
  assert.equal((await reasonsOf(server, count)).length, count)
  while (server.refused.length + server.more < count) await sleep(20)
  const seconds = (performance.now() - begun) / 1000
  assert.ok(server.refused.length <= 20 * (seconds + 2), `${server.refused.length} lines in ${seconds} s`)
})
