import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as id from './ids.ts'
import { ids, PUSH, ping, pushOne, request, sleep, tl } from './test-bodies.ts'
import { msgsAck, openStream } from './test-client.ts'
import { echo, testServer } from './test-server.ts'

test('the first message of a session makes new_session_created, with the lowest message id', async () => {
  await using server = await testServer()
  const client = await server.client()
  const msgId = client.nextId()
  const [a, b] = [request(), request()]
  const inner = client.nextId()
  const answers = [client.answerTo(msgId), client.answerTo(inner)]
  client.sendContainer([
    { body: a, msgId },
    { body: b, msgId: inner },
  ])
  const { body, seqNo } = await client.expect(id.NEW_SESSION_CREATED)
  assert.equal(body.readBigInt64LE(4), msgId)
  assert.equal(body.readBigInt64LE(20), client.key!.salt)
  assert.equal(seqNo & 1, 1)
  assert.deepEqual(await Promise.all(answers), [a, b])
  assert.deepEqual(server.events, ['open', 'connected'])
  await client.invoke(request())
  assert.ok(client.inbox.every((m) => m.body.readInt32LE(0) !== id.NEW_SESSION_CREATED))
})

test('a request sent twice runs once and gets the same answer, before and after its acknowledgement', async () => {
  await using server = await testServer()
  const client = await server.client()
  client.autoAck = false
  let runs = 0
  let finish = () => {}
  const slow = new Promise<void>((resolve) => {
    finish = resolve
  })
  server.onRequest = async () => {
    runs++
    await slow
    return echo(tl((w) => w.int(runs)))
  }
  const how = { msgId: client.nextId(), seqNo: client.nextSeq(true) }
  const body = request()
  const first = client.answerTo(how.msgId)
  client.sendMessage(body, how)
  client.sendMessage(body, how)
  client.sendMessage(ping(1n))
  await client.expect(id.PONG)
  finish()
  assert.deepEqual(
    await first,
    tl((w) => w.int(1)),
  )
  let last = 0n
  client.onMessage = (m) => {
    last = m.msgId
  }
  for (let i = 0; i < 3; i++) {
    const again = client.answerTo(how.msgId)
    client.sendMessage(body, how)
    assert.deepEqual(
      await again,
      tl((w) => w.int(1)),
    )
    client.sendMessage(msgsAck([last]), { seqNo: client.nextSeq(false) })
  }
  assert.equal(runs, 1)
})

test('an acknowledged large answer is not kept: its request is acknowledged instead', async () => {
  await using server = await testServer()
  const client = await server.client()
  const how = { msgId: client.nextId(), seqNo: client.nextSeq(true) }
  const body = request(50_000)
  await client.invoke(body, how)
  client.flushAcks()
  client.sendMessage(body, how)
  const { body: ack } = await client.expect(id.MSGS_ACK)
  assert.equal(ack.readBigInt64LE(12), how.msgId)
  assert.equal(server.requests.length, 1)
})

test('a large answer on its way is announced, and sent again when the client asks', async () => {
  await using server = await testServer()
  const client = await server.client()
  client.autoAck = false
  const how = { msgId: client.nextId(), seqNo: client.nextSeq(true) }
  const body = request(200_000)
  const answers: bigint[] = []
  client.onMessage = (m) => m.body.readInt32LE(0) === id.RPC_RESULT && answers.push(m.msgId)
  await client.invoke(body, how)
  client.sendMessage(body, how)
  const { body: info } = await client.expect(id.MSG_DETAILED_INFO)
  assert.equal(info.readBigInt64LE(4), how.msgId)
  assert.equal(info.readBigInt64LE(12), answers[0])
  assert.equal(info.readInt32LE(20), 200_012)
  const again = client.answerTo(how.msgId)
  client.sendMessage(ids(id.MSG_RESEND_REQ, [answers[0]!]))
  assert.deepEqual(await again, body)
  assert.deepEqual(answers, [answers[0], answers[0]])
})

test('requests that take long are acknowledged, quick ones by their answer', async () => {
  await using server = await testServer({ ackMs: 20 })
  const client = await server.client()
  let finish = () => {}
  server.onRequest = async (_, { body }) => {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return echo(body)
  }
  const msgId = client.nextId()
  const answer = client.invoke(request(), { msgId })
  const { body } = await client.expect(id.MSGS_ACK)
  assert.equal(body.readInt32LE(8), 1)
  assert.equal(body.readBigInt64LE(12), msgId)
  finish()
  await answer
  server.onRequest = (_, r) => echo(r.body)
  await client.invoke(request())
  await sleep(80)
  assert.ok(client.inbox.every((m) => m.body.readInt32LE(0) !== id.MSGS_ACK))
})

test('what was not acknowledged is sent again after a lost connection, with its id, and only that', async () => {
  await using server = await testServer()
  const client = await server.client()
  client.autoAck = false
  await client.invoke(request())
  const seen = new Map<number, bigint>()
  client.onMessage = ({ msgId, body }) => body.readInt32LE(0) === PUSH && seen.set(body.readInt32LE(4), msgId)
  for (let i = 0; i < 3; i++) pushOne(server, i)
  for (let i = 0; i < 3; i++) await client.expect(PUSH)
  client.sendMessage(msgsAck([seen.get(1)!]), { seqNo: client.nextSeq(false) })
  client.sendMessage(ping(1n))
  await client.expect(id.PONG)
  client.close()
  await client.gone()
  while (server.session!.connected) await sleep(5)
  pushOne(server, 3)
  const before = new Map(seen)
  client.use(await openStream(server.port, {}))
  client.inbox.length = 0
  client.sendMessage(ping(2n))
  await client.expect(id.PONG)
  const again = client.inbox.filter((m) => m.body.readInt32LE(0) === PUSH)
  assert.deepEqual(
    again.map((m) => m.body.readInt32LE(4)),
    [0, 2, 3],
  )
  assert.equal(again[0]!.msgId, before.get(0))
  assert.equal(again[1]!.msgId, before.get(2))
  assert.deepEqual(server.events, ['open', 'connected', 'disconnected', 'connected'])
  client.close()
})

test('an answer that comes while there is no connection leaves with the next one', async () => {
  await using server = await testServer()
  const client = await server.client()
  let finish = () => {}
  server.onRequest = async (_, { body }) => {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return echo(body)
  }
  const body = request()
  const answer = client.invoke(body)
  await client.expect(id.NEW_SESSION_CREATED)
  client.close()
  while (server.session!.connected) await sleep(5)
  finish()
  client.use(await openStream(server.port, {}))
  client.sendMessage(ping(1n))
  assert.deepEqual(await answer, body)
  client.close()
})

test('of several connections the newest gets the pushes, each its own answers; the other takes over', async () => {
  await using server = await testServer()
  const client = await server.client()
  await client.invoke(request())
  const { stream } = client
  const frames = new Map<unknown, number>()
  const count = (s: typeof stream) => {
    const { onFrame } = s
    s.onFrame = (buf, from, end) => {
      frames.set(s, (frames.get(s) ?? 0) + 1)
      onFrame(buf, from, end)
    }
  }
  const second = await openStream(server.port, {})
  client.use(second)
  await client.invoke(request())
  count(stream)
  count(second)
  client.flushAcks()
  pushOne(server, 1)
  await client.expect(PUSH)
  assert.deepEqual([frames.get(stream) ?? 0, frames.get(second)], [0, 1])
  client.stream = stream
  await client.invoke(request())
  assert.deepEqual([frames.get(stream), frames.get(second)], [1, 1])
  // The one that carried the push is lost: the push comes again over the other.
  client.autoAck = false
  client.stream = second
  client.sendMessage(ping(1n))
  await client.expect(id.PONG)
  pushOne(server, 2)
  const { msgId } = await client.expect(PUSH)
  client.stream = stream
  second.close()
  assert.equal((await client.expect(PUSH)).msgId, msgId)
  assert.ok(!server.events.includes('disconnected'))
})

test('a session whose messages are told apart by key: the same id under two keys is two sessions', async () => {
  await using server = await testServer()
  const one = await server.client()
  const two = await server.client()
  two.sessionId = one.sessionId
  await one.invoke(request())
  await two.invoke(request())
  assert.equal(server.mtproto.sessions.size, 2)
})

test('result() resolves when an earlier request is answered', async () => {
  await using server = await testServer()
  const client = await server.client()
  let finish = () => {}
  server.onRequest = async (_, { body }) => {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return echo(body)
  }
  const msgId = client.nextId()
  const answer = client.invoke(request(), { msgId })
  await client.expect(id.NEW_SESSION_CREATED)
  const result = server.session!.result(msgId)!
  assert.ok(result instanceof Promise)
  assert.equal(server.session!.result(12n), undefined)
  let done = false
  void result.then(() => {
    done = true
  })
  await sleep(10)
  assert.equal(done, false)
  finish()
  await result
  await answer
  assert.equal(server.session!.result(msgId), undefined)
})

test('an answer that cannot be written becomes INTERNAL, such a push is left out', async () => {
  await using server = await testServer()
  const client = await server.client()
  server.onRequest = () => () => {
    throw new Error('spoiled')
  }
  const error = await client.invoke(request())
  assert.equal(error.readInt32LE(0), id.RPC_ERROR)
  assert.equal(error.readInt32LE(4), 500)
  server.session!.push(() => {
    throw new Error('spoiled')
  })
  pushOne(server, 1)
  await client.expect(PUSH)
  assert.deepEqual(server.logged, ['error: a message could not be written', 'error: a message could not be written'])
})
