import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import { test } from 'node:test'
import * as ids from './ids.ts'
import { tcpPipe } from './test-client.ts'
import { testServer } from './test-server.ts'

const REQUEST = Buffer.from('0df0ad0b01000000', 'hex')

function word(n: number): Buffer {
  const out = Buffer.alloc(4)
  out.writeInt32LE(n | 0)
  return out
}

test('whatever stands behind the id of a service message, the server goes on', async () => {
  await using server = await testServer()
  const client = await server.client()
  client.autoAck = false
  const all = Object.values(ids).filter((id) => id !== ids.DESTROY_AUTH_KEY && id !== ids.PING_DELAY_DISCONNECT)
  const tails = [
    Buffer.alloc(0),
    Buffer.alloc(4),
    Buffer.alloc(8),
    Buffer.alloc(40, 0xff),
    Buffer.concat([word(ids.VECTOR), word(-1)]),
    Buffer.concat([word(ids.VECTOR), word(0x7fffffff), Buffer.alloc(16)]),
    Buffer.concat([word(ids.VECTOR), word(2), Buffer.alloc(8)]),
    Buffer.from('fe000000', 'hex'),
    Buffer.from('fefffff0', 'hex'),
    Buffer.from('ffffffff', 'hex'),
  ]
  for (const id of all) {
    const bodies = [...tails, randomBytes(randomInt(1, 20) * 4)].map((tail) => Buffer.concat([word(id), tail]))
    for (const body of bodies) client.sendMessage(body)
    client.sendContainer(bodies.map((body) => ({ body })))
    client.inbox.length = 0
  }
  await client.invoke(REQUEST)
  assert.deepEqual(server.logged, [])
})

test('random bytes on a connection, in any transport, bring nothing down', async () => {
  await using server = await testServer({
    secrets: [Buffer.concat([Buffer.of(0xee), Buffer.alloc(16, 1), Buffer.of(97)])],
  })
  const starts = ['', 'ef', 'eeeeeeee', 'dddddddd', '0c00000000000000', '160301', '16030100ff010000fb0303']
  for (let i = 0; i < 140; i++) {
    const pipe = await tcpPipe(server.port)
    pipe.write(Buffer.concat([Buffer.from(starts[i % starts.length]!, 'hex'), randomBytes(randomInt(1, 3000))]))
    setTimeout(() => pipe.close(), 20)
  }
  const client = await server.client()
  assert.deepEqual(await client.invoke(REQUEST), REQUEST)
  assert.deepEqual(server.logged, [])
})

test('frames of a client that are changed anywhere are refused or not understood, and nothing else', async () => {
  await using server = await testServer()
  const key = server.makeKey()
  for (let i = 0; i < 60; i++) {
    const client = await server.client({ key })
    const { pipe } = client.stream
    const { write } = pipe
    pipe.write = (bytes) => {
      const changed = Buffer.from(bytes)
      const at = randomInt(changed.length)
      changed[at] = changed[at]! ^ (1 + randomInt(255))
      write(changed)
    }
    client.sendMessage(REQUEST)
    setTimeout(() => client.close(), 30)
  }
  const client = await server.client({ key })
  assert.deepEqual(await client.invoke(REQUEST), REQUEST)
  assert.deepEqual(
    server.requests.map((r) => r.body.toString('hex')).filter((hex) => hex !== REQUEST.toString('hex')),
    [],
  )
  assert.deepEqual(server.logged, [])
})

test('unfinished frames of all connections together are bounded', async () => {
  await using server = await testServer({ maxPartial: 1_000_000, maxFrame: 600_000 })
  const pipes = await Promise.all(Array.from({ length: 4 }, () => tcpPipe(server.port)))
  let closed = 0
  for (const pipe of pipes) {
    pipe.onClose = () => {
      closed++
    }
    pipe.write(Buffer.from('eeeeeeee', 'hex'))
    pipe.write(word(600_000))
    pipe.write(Buffer.alloc(500_000))
  }
  while (closed < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.ok(closed < 4)
  const client = await server.client()
  assert.deepEqual(await client.invoke(REQUEST), REQUEST)
  for (const pipe of pipes) pipe.close()
})
