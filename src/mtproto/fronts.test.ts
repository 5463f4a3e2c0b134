import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import type { Front } from './front.ts'
import * as id from './ids.ts'
import { PUSH, pushOne, request, sleep, tl } from './test-bodies.ts'
import { type MtClient, msgsAck, openStream } from './test-client.ts'
import { echo, type TestServer, testServer } from './test-server.ts'

/** The thread that has the session now. */
const threadOf = (server: TestServer): Front => (server.session as unknown as { front: Front }).front

const openings = (client: MtClient): number =>
  new Set(client.inbox.filter((m) => m.body.readInt32LE(0) === id.NEW_SESSION_CREATED).map((m) => m.msgId)).size

async function reconnect(server: TestServer, client: MtClient): Promise<void> {
  client.close()
  await client.gone()
  client.use(await openStream(server.port, {}))
}

/** Reconnects till another thread has the session: the system gives a connection to either. */
async function change(server: TestServer, client: MtClient, say: () => Promise<unknown>): Promise<void> {
  const before = threadOf(server)
  for (let tries = 0; tries < 200; tries++) {
    await reconnect(server, client)
    await say()
    if (threadOf(server) !== before) return
  }
  assert.fail('every connection came to the same thread')
}

test('a session that reconnects at another thread goes on: no new session, requests sent again run once', async () => {
  await using server = await testServer({}, 2)
  const client = await server.client()
  client.autoAck = false
  let runs = 0
  let finish = () => {}
  const slow = new Promise<void>((resolve) => {
    finish = resolve
  })
  server.onRequest = async (_, { body }) => {
    if (body.length !== 32) return echo(body)
    runs++
    await slow
    return echo(tl((w) => w.int(runs)))
  }
  const body = request(32)
  const how = { msgId: client.nextId(), seqNo: client.nextSeq(true) }
  const answer = client.invoke(body, how)
  await client.invoke(request())
  const object = server.session
  await change(server, client, async () => {
    client.sendMessage(body, how)
    await client.invoke(request())
  })
  assert.equal(server.session, object, 'the layers above keep their session')
  finish()
  assert.deepEqual(
    await answer,
    tl((w) => w.int(1)),
  )
  assert.equal(runs, 1)
  assert.equal(openings(client), 1)
  // Answered now: after another change the same request gets the same answer.
  await change(server, client, () => client.invoke(request()))
  const again = client.answerTo(how.msgId)
  client.sendMessage(body, how)
  assert.deepEqual(
    await again,
    tl((w) => w.int(1)),
  )
  assert.equal(runs, 1)
})

test('pushes that were not acknowledged, or came while there was no connection, reach the session at another thread', async () => {
  await using server = await testServer({}, 2)
  const client = await server.client()
  client.autoAck = false
  await client.invoke(request())
  const seen: { msgId: bigint; n: number }[] = []
  client.onMessage = ({ msgId, body }) => body.readInt32LE(0) === PUSH && seen.push({ msgId, n: body.readInt32LE(4) })
  for (let n = 0; n < 3; n++) pushOne(server, n)
  for (let n = 0; n < 3; n++) await client.expect(PUSH)
  client.sendMessage(msgsAck([seen[1]!.msgId]), { seqNo: client.nextSeq(false) })
  await client.invoke(request())
  await change(server, client, () => client.invoke(request()))
  pushOne(server, 3)
  await client.expect(PUSH)
  await client.invoke(request())
  const ids = new Map<number, Set<bigint>>()
  for (const { msgId, n } of seen) ids.set(n, (ids.get(n) ?? new Set()).add(msgId))
  assert.deepEqual([...ids.keys()].sort(), [0, 1, 2, 3])
  for (const [n, all] of ids) assert.equal(all.size, 1, `push ${n} keeps its message id`)
  assert.equal(seen.filter(({ n }) => n === 1).length, 1, 'what was acknowledged is not sent again')
})

test('a thread that fails takes its connections along; another one serves in its place', async () => {
  await using server = await testServer({}, 1)
  const client = await server.client()
  await client.invoke(request())
  await threadOf(server).worker.terminate()
  await client.gone()
  while (!server.events.includes('closed')) await sleep(5)
  for (let tries = 0; ; tries++) {
    try {
      client.use(await openStream(server.port, {}))
      break
    } catch (error) {
      if (tries > 300) throw error
      await sleep(20)
    }
  }
  const body = request()
  assert.deepEqual(await client.invoke(body), body)
  assert.equal(openings(client), 2)
})

test('a client that reads nothing stops its pushes, and drains when it reads', async () => {
  await using server = await testServer({}, 1)
  const client = await server.client()
  await client.invoke(request())
  const session = server.session!
  const { socket } = client.stream.pipe as unknown as { socket: Socket }
  socket.pause()
  const block = randomBytes(64 * 1024)
  let pushed = 0
  for (; pushed < 400 && session.queued < 256 * 1024; pushed++) {
    session.push((w) => {
      w.int(PUSH)
      w.bytes(block)
    })
    await sleep(1)
  }
  const { queued } = session
  const drained = new Promise<void>((resolve) => {
    session.onDrain = resolve
  })
  socket.resume()
  assert.ok(queued >= 256 * 1024, `${queued} after ${pushed}`)
  for (let got = 0; got < pushed; got++) await client.expect(PUSH)
  client.flushAcks()
  await drained
  assert.equal(session.queued, 0)
})
