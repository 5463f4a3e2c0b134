import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Writer } from '../tl/writer.ts'
import { HttpFailure } from './http.ts'
import * as id from './ids.ts'
import { MtClient, msgsAck, type Stream } from './test-client.ts'
import { type TestServer, testServer } from './test-server.ts'

const PUSH = 0x11223344

interface Poster {
  client: MtClient
  /** How many requests wait for their answer. */
  open: () => number
  answers: Buffer[]
  failures: unknown[]
}

// A client whose frames are POSTs.
function poster(server: TestServer, signal?: AbortSignal): Poster {
  let open = 0
  const answers: Buffer[] = []
  const failures: unknown[] = []
  const stream = {
    closed: false,
    onFrame: (_buf: Buffer, _from: number, _end: number) => {},
    onClose: () => {},
    send(payload: Uint8Array) {
      open++
      server.mtproto.handleHttp(Buffer.from(payload), '10.0.0.1', signal).then(
        (answer) => {
          open--
          answers.push(answer)
          if (answer.length > 0) stream.onFrame(answer, 0, answer.length)
        },
        (error) => {
          open--
          failures.push(error)
        },
      )
    },
  }
  return { client: new MtClient(stream as unknown as Stream), open: () => open, answers, failures }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function request(): Buffer {
  const body = randomBytes(16)
  body.writeUInt32LE(0x0badf00d, 0)
  return body
}

function httpWait(maxDelay: number, waitAfter: number, maxWait: number): Buffer {
  const w = new Writer(new Map(), 64)
  w.int(id.HTTP_WAIT)
  w.int(maxDelay)
  w.int(waitAfter)
  w.int(maxWait)
  return Buffer.from(w.copy())
}

// Clients send acknowledgements along: what lacks them comes again at once.
function poll(client: MtClient, body: Buffer): bigint {
  const msgId = client.nextId()
  client.sendContainer([client.takeAcks(), { body, msgId }])
  return msgId
}

const pushOne = (server: TestServer, n: number) =>
  server.session!.push((w) => {
    w.int(PUSH)
    w.int(n)
  })

async function began(server: TestServer): Promise<Poster> {
  const made = poster(server)
  made.client.key = server.makeKey()
  await made.client.invoke(request())
  while (made.open() > 0) await sleep(5)
  return made
}

test('the key exchange goes over one POST a step, requests over one each', async () => {
  await using server = await testServer()
  const { client } = poster(server)
  await client.exchange({ rsa: server.rsa })
  const body = request()
  assert.deepEqual(await client.invoke(body), body)
  assert.deepEqual(server.session?.remote, { ip: '10.0.0.1', transport: 'http' })
  assert.equal(server.mtproto.connections, 0)
})

test('a request that takes long is not answered by its acknowledgement', async () => {
  await using server = await testServer({ ackMs: 10 })
  const { client, answers } = await began(server)
  const count = answers.length
  server.onRequest = async (_, { body }) => {
    await sleep(80)
    return (w) => w.query(body)
  }
  const body = request()
  assert.deepEqual(await client.invoke(body), body)
  assert.equal(answers.length, count + 1)
})

test('http_wait is answered when there is news', async () => {
  await using server = await testServer()
  const { client, open } = await began(server)
  poll(client, httpWait(0, 0, 10_000))
  await sleep(30)
  assert.equal(open(), 1)
  pushOne(server, 1)
  await client.expect(PUSH)
  assert.equal(open(), 0)
})

test('pushes wait for the next request, and the session counts as connected meanwhile', async () => {
  await using server = await testServer()
  const { client } = await began(server)
  pushOne(server, 1)
  await sleep(20)
  assert.deepEqual(server.events, ['open', 'connected'])
  poll(client, httpWait(0, 0, 10_000))
  await client.expect(PUSH)
  assert.deepEqual(server.events, ['open', 'connected'])
})

test('what was sent and not acknowledged comes again with the next request', async () => {
  await using server = await testServer()
  const { client } = await began(server)
  client.autoAck = false
  poll(client, httpWait(0, 0, 10_000))
  pushOne(server, 1)
  const first = await client.expect(PUSH)
  poll(client, httpWait(0, 0, 10_000))
  const again = await client.expect(PUSH)
  assert.equal(again.msgId, first.msgId)
  client.sendMessage(msgsAck([first.msgId]), { seqNo: client.nextSeq(false) })
})

test('without news http_wait ends after max_wait, with acknowledgements', async () => {
  await using server = await testServer()
  const { client, open } = await began(server)
  const msgId = poll(client, httpWait(0, 0, 60))
  const { body } = await client.expect(id.MSGS_ACK)
  assert.equal(body.readBigInt64LE(12), msgId)
  assert.equal(open(), 0)
})

test('max_delay collects several messages into one answer, wait_after ends it sooner', async () => {
  await using server = await testServer()
  const { client, answers } = await began(server)
  client.autoAck = false
  const count = answers.length
  poll(client, httpWait(2000, 60, 10_000))
  await sleep(5)
  const start = performance.now()
  for (let i = 0; i < 3; i++) {
    pushOne(server, i)
    await sleep(10)
  }
  await client.expect(PUSH)
  const took = performance.now() - start
  assert.equal(client.inbox.filter((m) => m.body.readInt32LE(0) === PUSH).length, 2)
  assert.equal(answers.length, count + 1)
  assert.ok(took >= 70 && took < 1500, `${took} ms`)
})

test('unknown keys are 404, garbage 404 or 400, and a request that is given up leaves nothing', async () => {
  await using server = await testServer({ maxFrame: 4096 })
  const stranger = poster(server)
  stranger.client.key = server.makeKey()
  server.keys.clear()
  stranger.client.sendMessage(request())
  const post = (body: Buffer) =>
    server.mtproto.handleHttp(body, '10.0.0.1').then(
      () => 200,
      (error: HttpFailure) => error.statusCode,
    )
  assert.equal(await post(Buffer.alloc(0)), 404)
  assert.equal(await post(Buffer.alloc(100)), 404)
  assert.equal(await post(randomBytes(200)), 404)
  assert.equal(await post(Buffer.alloc(5000, 1)), 400)
  assert.ok(stranger.failures[0] instanceof HttpFailure)
  const controller = new AbortController()
  const { client } = poster(server, controller.signal)
  client.key = server.makeKey()
  poll(client, httpWait(0, 0, 10_000))
  await client.expect(id.NEW_SESSION_CREATED)
  poll(client, httpWait(0, 0, 10_000))
  await sleep(10)
  poll(client, httpWait(0, 0, 10_000))
  await sleep(10)
  assert.ok(server.mtproto.connections >= 1)
  controller.abort()
  assert.equal(server.mtproto.connections, 0)
})
