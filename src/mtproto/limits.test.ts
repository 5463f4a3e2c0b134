import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Writer } from '../tl/writer.ts'
import * as id from './ids.ts'
import { MtClient, msgsAck, openStream, tcpPipe } from './test-client.ts'
import { echo, type TestServer, testServer } from './test-server.ts'

const PUSH = 0x11223344

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function request(bytes = 16): Buffer {
  const body = randomBytes(bytes)
  body.writeUInt32LE(0x0badf00d, 0)
  return body
}

function ping(seconds?: number): Buffer {
  const w = new Writer(new Map(), 64)
  w.int(seconds === undefined ? id.PING : id.PING_DELAY_DISCONNECT)
  w.long(1n)
  if (seconds !== undefined) w.int(seconds)
  return Buffer.from(w.copy())
}

function pushBytes(server: TestServer, bytes: Buffer): void {
  server.session!.push((w) => {
    w.int(PUSH)
    w.query(bytes)
  })
}

const until = async (condition: () => boolean) => {
  while (!condition()) await sleep(5)
}

test('a connection that says nothing, or not enough, is closed', async () => {
  await using server = await testServer({ firstFrameMs: 60 })
  for (const bytes of ['', 'ef', 'eeeeeeee', 'eeeeeeee10000000', '0102030405060708', '1603010200']) {
    const pipe = await tcpPipe(server.port)
    const closed = new Promise<void>((resolve) => {
      pipe.onClose = resolve
    })
    pipe.write(Buffer.from(bytes, 'hex'))
    await closed
  }
})

test('what came while the process stood still is read before anybody is called silent', async () => {
  await using server = await testServer({ firstFrameMs: 60 }, 0)
  const client = await server.client()
  const body = request()
  const answer = client.invoke(body)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  assert.deepEqual(await Promise.race([answer, client.gone().then(() => 'closed')]), body)
})

test('half a frame and then silence ends the connection, however long it may idle', async () => {
  await using server = await testServer({ firstFrameMs: 400, idleMs: 60_000 })
  const client = await server.client()
  await client.invoke(request())
  await sleep(500)
  await client.invoke(request())
  client.stream.write(Buffer.from('00010000aabbcc', 'hex'))
  await client.gone()
})

test('a frame that comes slowly but does come is taken', async () => {
  await using server = await testServer({ firstFrameMs: 800 })
  const client = await server.client()
  await client.invoke(request())
  const { write } = client.stream.pipe
  const chunks: Buffer[] = []
  client.stream.pipe.write = (bytes) => void chunks.push(Buffer.from(bytes))
  const body = request(64)
  const answer = client.invoke(body)
  const frame = Buffer.concat(chunks)
  // Far longer in all, and each piece far sooner than that, on a machine that stands still now and then, too.
  const pieces = 20
  const size = Math.ceil(frame.length / pieces)
  for (let at = 0; at < frame.length; at += size) {
    write(frame.subarray(at, at + size))
    await sleep(60)
  }
  assert.deepEqual(await Promise.race([answer, client.gone().then(() => 'closed')]), body)
})

test('a connection idles so long and no longer; ping_delay_disconnect says how long', async () => {
  await using server = await testServer({ idleMs: 500 })
  const client = await server.client()
  await client.invoke(request())
  await client.gone()
  const other = await server.client()
  const start = performance.now()
  other.sendMessage(ping(2))
  await other.expect(id.PONG)
  await other.gone()
  assert.ok(performance.now() - start > 1900)
})

test('a client that never reads: reading stops, then the connection ends', async () => {
  await using server = await testServer({ writeHigh: 64 * 1024, stalledMs: 200, maxInFlight: 4 })
  const client = await MtClient.connect(server.port)
  client.key = server.makeKey()
  const { socket } = client.stream.pipe as unknown as { socket: import('node:net').Socket }
  await client.invoke(request())
  socket.pause()
  const answer = randomBytes(256 * 1024)
  answer.writeUInt32LE(0x0badf00d, 0)
  server.onRequest = () => echo(answer)
  for (let i = 0; i < 2000; i++) client.sendMessage(request(1000))
  await until(() => server.mtproto.connections === 0)
  // What the kernel's buffers took, and not 2000 times 256 KiB.
  assert.ok(server.requests.length < 200, `${server.requests.length} requests ran`)
  socket.destroy()
})

test('requests under way are bounded; the rest waits in order', async () => {
  await using server = await testServer({ maxInFlight: 4 })
  const client = await server.client()
  const finish: (() => void)[] = []
  const order: number[] = []
  server.onRequest = async (_, { body }) => {
    order.push(body.readInt32LE(4))
    await new Promise<void>((resolve) => finish.push(resolve))
    return echo(body)
  }
  const bodies = Array.from({ length: 30 }, (_, i) => {
    const body = request()
    body.writeInt32LE(i, 4)
    return body
  })
  const list = bodies.slice(0, 20).map((body) => ({ body, msgId: client.nextId() }))
  const answers = list.map((m) => client.answerTo(m.msgId))
  client.sendContainer(list)
  for (const body of bodies.slice(20)) answers.push(client.answerTo(client.sendMessage(body)))
  await until(() => order.length >= 4)
  await sleep(20)
  assert.deepEqual(order, [0, 1, 2, 3])
  while (order.length < 30 || finish.length > 0) {
    assert.ok(finish.length <= 4)
    finish.shift()?.()
    await sleep(1)
  }
  assert.deepEqual(await Promise.all(answers), bodies)
  assert.deepEqual(
    order,
    bodies.map((_, i) => i),
  )
})

test('a pusher is told when there is room again', async () => {
  await using server = await testServer()
  const client = await server.client()
  client.autoAck = false
  await client.invoke(request())
  const session = server.session!
  const bytes = randomBytes(40_000)
  for (let i = 0; i < 10; i++) pushBytes(server, bytes)
  const seen: bigint[] = []
  client.onMessage = (m) => m.body.readInt32LE(0) === PUSH && seen.push(m.msgId)
  let drained = 0
  session.onDrain = () => {
    drained++
  }
  for (let i = 0; i < 10; i++) await client.expect(PUSH)
  assert.ok(session.queued >= 400_000)
  client.sendMessage(msgsAck(seen.slice(0, 5)), { seqNo: client.nextSeq(false) })
  client.sendMessage(ping())
  await client.expect(id.PONG)
  assert.equal(drained, 0)
  client.sendMessage(msgsAck(seen.slice(5)), { seqNo: client.nextSeq(false) })
  client.sendMessage(ping())
  await client.expect(id.PONG)
  assert.equal(drained, 1)
  // new_session_created is left.
  assert.equal(session.queued, 28)
})

test('what is never acknowledged is kept within a bound', async () => {
  await using server = await testServer()
  const client = await server.client()
  client.autoAck = false
  await client.invoke(request())
  const bytes = randomBytes(100_000)
  for (let i = 0; i < 60; i++) {
    pushBytes(server, bytes)
    await client.expect(PUSH)
  }
  client.close()
  await client.gone()
  client.inbox.length = 0
  client.use(await openStream(server.port, {}))
  client.sendMessage(ping())
  await client.expect(id.PONG)
  await until(() => client.inbox.length >= 41)
  await sleep(50)
  assert.equal(client.inbox.filter((m) => m.body.readInt32LE(0) === PUSH).length, 41)
  client.close()
})

test('a session without connection ends after its time, or when too much is queued', async () => {
  await using server = await testServer({ sessionMs: 150, maxOutbox: 20 })
  const client = await server.client()
  await client.invoke(request())
  client.close()
  await until(() => server.events.at(-1) === 'closed')
  assert.equal(server.mtproto.sessions.size, 0)
  assert.deepEqual(server.events, ['open', 'connected', 'disconnected', 'closed'])
  const other = await server.client()
  await other.invoke(request())
  other.close()
  await until(() => !server.session!.connected)
  for (let i = 0; i < 21; i++) pushBytes(server, Buffer.alloc(4))
  assert.equal(server.mtproto.sessions.size, 0)
  assert.equal(server.events.at(-1), 'closed')
})

test('connections are bounded by address, sessions by key', async () => {
  await using server = await testServer({ maxConnectionsPerIp: 3, maxSessionsPerKey: 2 })
  const one = await server.client()
  const two = await server.client({ key: one.key! })
  const three = await server.client({ key: one.key! })
  await one.invoke(request())
  await two.invoke(request())
  const fourth = await server.client()
  await fourth.gone()
  await three.invoke(request())
  await one.gone()
  assert.equal(server.mtproto.sessions.size, 2)
  await two.invoke(request())
})

test('a session that was answered with bad_server_salt only does not stay', async () => {
  await using server = await testServer({ sessionMs: 500 })
  const client = await server.client()
  client.sendMessage(request(), { salt: 1n })
  await client.expect(id.BAD_SERVER_SALT)
  assert.equal(server.mtproto.sessions.size, 1)
  await until(() => server.mtproto.sessions.size === 0)
  assert.deepEqual(server.events, [])
  client.key!.salt = server.makeKey().salt
})

test('closing lets requests under way end, and takes nothing new', async () => {
  await using server = await testServer()
  const client = await server.client()
  server.onRequest = async (_, { body }) => {
    await sleep(60)
    return echo(body)
  }
  const body = request()
  const answer = client.invoke(body)
  await until(() => server.requests.length === 1)
  const closed = server.mtproto.close(5000)
  client.sendMessage(request())
  assert.deepEqual(await answer, body)
  await closed
  await client.gone()
  assert.equal(server.requests.length, 1)
  await assert.rejects(tcpPipe(server.port))
})

test('an idle connection costs little memory', async () => {
  await using server = await testServer()
  const count = 300
  const clients: MtClient[] = []
  const key = server.makeKey()
  await server.client({ key }).then((c) => c.invoke(request()))
  const collect = (globalThis as { gc?: () => void }).gc
  collect?.()
  const before = process.memoryUsage()
  for (let i = 0; i < count; i++) {
    const client = await server.client({ key, obfuscated: true })
    await client.invoke(request())
    clients.push(client)
  }
  collect?.()
  const after = process.memoryUsage()
  const each = (after.heapUsed + after.external - before.heapUsed - before.external) / count
  // The client's side is in here, too, and without --expose-gc garbage.
  assert.ok(each < 100_000, `${Math.round(each)} bytes`)
})
