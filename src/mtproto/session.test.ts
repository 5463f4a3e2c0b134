import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { deflateSync, gunzipSync, gzipSync } from 'node:zlib'
import { Reader } from '../tl/reader.ts'
import { Writer } from '../tl/writer.ts'
import type { Outgoing } from './host.ts'
import * as id from './ids.ts'
import { type MtClient, msgsAck, openStream } from './test-client.ts'
import { echo, type TestServer, testServer } from './test-server.ts'

const PUSH = 0x11223344

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function tl(write: Outgoing): Buffer {
  const w = new Writer(new Map(), 1024)
  write(w)
  return Buffer.from(w.copy())
}

/** A request of so many bytes that no other is equal to. */
function request(bytes = 16): Buffer {
  const body = randomBytes(bytes)
  body.writeUInt32LE(0x0badf00d, 0)
  return body
}

const ping = (pingId: bigint) =>
  tl((w) => {
    w.int(id.PING)
    w.long(pingId)
  })

const ids = (kind: number, list: bigint[]) =>
  tl((w) => {
    w.int(kind)
    w.vecLong(list)
  })

const pack = (body: Buffer, how = gzipSync) =>
  tl((w) => {
    w.int(id.GZIP_PACKED)
    w.bytes(how(body))
  })

async function bad(client: MtClient): Promise<{ msgId: bigint; seqNo: number; code: number }> {
  const { body } = await client.expect(id.BAD_MSG_NOTIFICATION)
  return { msgId: body.readBigInt64LE(4), seqNo: body.readInt32LE(12), code: body.readInt32LE(16) }
}

const pushOne = (server: TestServer, n: number) =>
  server.session!.push((w) => {
    w.int(PUSH)
    w.int(n)
  })

async function states(client: MtClient, list: bigint[]): Promise<number[]> {
  const asked = client.sendMessage(ids(id.MSGS_STATE_REQ, list))
  const { body } = await client.expect(id.MSGS_STATE_INFO)
  assert.equal(body.readBigInt64LE(4), asked)
  const r = new Reader(new Map())
  r.reset(body.subarray(12))
  return [...r.bytes()]
}

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

test('message ids of the server grow: 1 modulo 4 for answers, 3 for the rest', async () => {
  await using server = await testServer()
  const client = await server.client()
  const seen: { msgId: bigint; kind: number }[] = []
  client.onMessage = ({ msgId, body }) => seen.push({ msgId, kind: body.readInt32LE(0) })
  for (let i = 0; i < 20; i++) {
    await client.invoke(request())
    pushOne(server, i)
    await client.expect(PUSH)
  }
  for (const { msgId, kind } of seen) assert.equal(msgId & 3n, kind === id.RPC_RESULT ? 1n : 3n)
  for (const kind of [id.RPC_RESULT, PUSH]) {
    const list = seen.filter((m) => m.kind === kind).map((m) => m.msgId)
    assert.deepEqual(
      list,
      list.toSorted((a, b) => (a < b ? -1 : 1)),
    )
    assert.equal(new Set(list).size, 20)
  }
})

test('a wrong salt is answered with the right one, and the message is not taken', async () => {
  await using server = await testServer()
  const client = await server.client()
  const right = client.key!.salt
  const msgId = client.sendMessage(request(), { salt: right ^ 1n })
  const { body } = await client.expect(id.BAD_SERVER_SALT)
  assert.equal(body.readBigInt64LE(4), msgId)
  assert.equal(body.readInt32LE(16), 48)
  assert.equal(body.readBigInt64LE(20), right)
  assert.equal(server.requests.length, 0)
  await client.invoke(request())
})

test('salts are taken half an hour before and after, and get_future_salts tells them', async () => {
  await using server = await testServer()
  const client = await server.client()
  const start = Math.floor(server.host.now() / 1000)
  const msgId = client.sendMessage(
    tl((w) => {
      w.int(id.GET_FUTURE_SALTS)
      w.int(1000)
    }),
  )
  const { body } = await client.expect(id.FUTURE_SALTS)
  assert.equal(body.readBigInt64LE(4), msgId)
  assert.ok(Math.abs(body.readInt32LE(12) - start) <= 2)
  const count = body.readInt32LE(16)
  assert.equal(count, 64)
  assert.equal(body.length, 20 + count * 16)
  const salts = Array.from({ length: count }, (_, i) => {
    const at = 20 + i * 16
    return { since: body.readInt32LE(at), until: body.readInt32LE(at + 4), salt: body.readBigInt64LE(at + 8) }
  })
  assert.equal(salts[0]!.salt, client.key!.salt)
  for (const [i, { since, until }] of salts.entries()) {
    assert.equal(until - since, 3600)
    if (i > 0) assert.equal(since - salts[i - 1]!.since, 1800)
  }
  const takes = async (salt: bigint): Promise<boolean> => {
    client.key!.salt = salt
    const asked = client.nextId()
    client.sendMessage(ping(7n), { msgId: asked })
    const { body } = await client.expect(id.PONG, id.BAD_SERVER_SALT)
    return body.readInt32LE(0) === id.PONG
  }
  const move = (seconds: number) => {
    server.ahead = (seconds - start) * 1000
    client.timeOffset = server.ahead
  }
  const third = salts[3]!
  // Each announced salt is good from its beginning to its end.
  for (const [seconds, good] of [
    [third.since + 1, true],
    [third.until - 1, true],
    [third.until + 1, false],
  ] as const) {
    move(seconds)
    assert.equal(await takes(third.salt), good, `${seconds - third.since}`)
  }
})

test('each fault of number and id has its code', async () => {
  await using server = await testServer()
  const client = await server.client()
  await client.invoke(request())
  const old = { msgId: client.nextId(-400_000), seqNo: client.nextSeq(true) }
  client.sendMessage(request(), old)
  assert.deepEqual(await bad(client), { ...old, code: 16 })
  const ahead = { msgId: client.nextId(60_000), seqNo: client.nextSeq(true) }
  client.sendMessage(request(), ahead)
  assert.deepEqual(await bad(client), { ...ahead, code: 17 })
  const odd = { msgId: client.nextId() + 2n, seqNo: client.nextSeq(true) }
  client.sendMessage(request(), odd)
  assert.deepEqual(await bad(client), { ...odd, code: 18 })
  const low = { msgId: client.nextId(), seqNo: 1 }
  client.sendMessage(request(), low)
  assert.deepEqual(await bad(client), { ...low, code: 32 })
  const high = { msgId: client.nextId(-2000), seqNo: 1001 }
  client.sendMessage(request(), high)
  assert.deepEqual(await bad(client), { ...high, code: 33 })
  const even = { msgId: client.nextId(), seqNo: client.nextSeq(false) }
  client.sendMessage(request(), even)
  assert.deepEqual(await bad(client), { ...even, code: 35 })
  assert.equal(server.requests.length, 1)
  await client.invoke(request())
})

test('a message older than everything remembered is refused with 20', async () => {
  await using server = await testServer()
  const client = await server.client()
  const early = { msgId: client.nextId(-3000), seqNo: 1 }
  client.nextSeq(true)
  client.onMessage = () => {}
  for (let i = 0; i < 3; i++) {
    const messages = Array.from({ length: 1000 }, () => ({ body: ping(1n) }))
    client.sendContainer(messages)
  }
  await client.invoke(request())
  client.sendMessage(request(), early)
  assert.deepEqual(await bad(client), { ...early, code: 20 })
})

test('containers that are none are refused with 64 and nothing of them is taken', async () => {
  await using server = await testServer({ maxContainer: 10 })
  const client = await server.client()
  await client.invoke(request())
  const nested = Buffer.concat([tl((w) => w.int(id.MSG_CONTAINER)), Buffer.alloc(4)])
  const faults: { body: Buffer; msgId?: bigint }[][] = [
    [{ body: request() }, { body: nested }],
    Array.from({ length: 11 }, () => ({ body: request() })),
    [{ body: request(), msgId: client.nextId(20_000) }],
    [{ body: request(), msgId: client.nextId() + 1n }],
  ]
  for (const messages of faults) {
    const msgId = client.sendContainer(messages)
    assert.equal((await bad(client)).code, 64)
    assert.deepEqual(await states(client, [msgId]), [2])
  }
  const broken = [
    Buffer.concat([tl((w) => w.int(id.MSG_CONTAINER)), word(1)]),
    Buffer.concat([tl((w) => w.int(id.MSG_CONTAINER)), word(-1)]),
    Buffer.concat([tl((w) => w.int(id.MSG_CONTAINER)), word(1), Buffer.alloc(12), word(4000), Buffer.alloc(8)]),
  ]
  for (const body of broken) {
    client.sendMessage(body, { seqNo: client.nextSeq(false) })
    assert.equal((await bad(client)).code, 64)
  }
  client.sendContainer([], { seqNo: client.nextSeq(true) })
  assert.equal((await bad(client)).code, 34)
  assert.equal(server.requests.length, 1)
})

test('a container with the id of an earlier one is refused with 19', async () => {
  await using server = await testServer()
  const client = await server.client()
  const first = request()
  const answer = new Promise<void>((resolve) => {
    client.onMessage = ({ body }) => body.readInt32LE(0) === id.RPC_RESULT && resolve()
  })
  const msgId = client.sendContainer([{ body: first }])
  await answer
  client.sendContainer([{ body: request() }], { msgId })
  assert.deepEqual((await bad(client)).code, 19)
  assert.equal(server.requests.length, 1)
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

test('answers and acknowledgements of one turn leave in one container', async () => {
  await using server = await testServer()
  const client = await server.client()
  await client.invoke(request())
  let frames = 0
  const { onFrame } = client.stream
  client.stream.onFrame = (buf, from, end) => {
    frames++
    onFrame(buf, from, end)
  }
  const list = Array.from({ length: 50 }, () => ({ body: request(), msgId: client.nextId() }))
  const answers = list.map((m) => client.answerTo(m.msgId))
  client.sendContainer([...list, { body: ping(3n) }])
  assert.deepEqual(
    await Promise.all(answers),
    list.map((m) => m.body),
  )
  await client.expect(id.PONG)
  assert.equal(frames, 1)
})

test('gzip_packed is unpacked, twice at most, and never beyond the bound', async () => {
  await using server = await testServer({ maxUnpacked: 100_000 })
  const client = await server.client()
  const body = Buffer.concat([request(), Buffer.alloc(9000)])
  assert.deepEqual(await client.invoke(pack(body)), body)
  assert.deepEqual(await client.invoke(pack(body, deflateSync)), body)
  assert.deepEqual(await client.invoke(pack(pack(body))), body)
  client.sendMessage(pack(ping(5n)))
  await client.expect(id.PONG)
  const bomb = Buffer.concat([request(), Buffer.alloc(50_000_000)])
  const container = Buffer.concat([word(id.MSG_CONTAINER), word(0)])
  for (const packed of [pack(bomb), pack(pack(bomb)), pack(pack(pack(body))), pack(container), pack(Buffer.alloc(3))]) {
    const error = await client.invoke(packed)
    assert.equal(error.readInt32LE(0), id.RPC_ERROR)
    assert.equal(error.readInt32LE(4), 400)
    assert.equal(error.toString('latin1', 9, 26), 'INPUT_FETCH_ERROR')
  }
  const damaged = tl((w) => {
    w.int(id.GZIP_PACKED)
    w.bytes(Buffer.from('this is not gzip'))
  })
  assert.equal((await client.invoke(damaged)).readInt32LE(4), 400)
  assert.equal(server.requests.length, 3)
})

test('long answers are packed when that helps, files never', async () => {
  await using server = await testServer({ compressAbove: 1000 })
  const client = await server.client()
  const plain = Buffer.concat([request(), Buffer.alloc(20_000, 'abcd')])
  const packed = await client.invoke(plain)
  assert.equal(packed.readInt32LE(0), id.GZIP_PACKED)
  assert.ok(packed.length < 1000)
  const r = new Reader(new Map())
  r.reset(packed.subarray(4))
  assert.deepEqual(gunzipSync(r.bytes()), plain)
  const noise = request(20_000)
  assert.deepEqual(await client.invoke(noise), noise)
  const file = Buffer.concat([word(id.UPLOAD_FILE), Buffer.alloc(20_000)])
  server.onRequest = () => echo(file)
  assert.deepEqual(await client.invoke(request()), file)
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

test('msgs_state_req tells what is known of each message', async () => {
  await using server = await testServer()
  const client = await server.client()
  client.autoAck = false
  const answered = client.nextId()
  let answerId = 0n
  client.onMessage = (m) => {
    if (m.body.readInt32LE(0) === id.RPC_RESULT) answerId = m.msgId
  }
  await client.invoke(request(), { msgId: answered })
  server.onRequest = () => new Promise(() => {})
  const running = client.sendMessage(request())
  const pinged = client.sendMessage(ping(1n))
  await client.expect(id.PONG)
  const skipped = client.nextId()
  assert.deepEqual(await states(client, [answered, running, pinged, skipped, client.nextId(20_000)]), [
    4 + 8 + 32 + 64,
    4 + 32,
    4 + 8,
    2,
    3,
  ])
  const ack = client.sendMessage(msgsAck([answerId]), { seqNo: client.nextSeq(false) })
  assert.deepEqual(await states(client, [answered, ack]), [4 + 8 + 32 + 64 + 128, 4 + 16])
})

test('msg_resend_ans_req sends the answers again; what is unknown is told', async () => {
  await using server = await testServer()
  const client = await server.client()
  client.autoAck = false
  const msgId = client.nextId()
  const body = request()
  await client.invoke(body, { msgId })
  const again = client.answerTo(msgId)
  const unknown = client.nextId(10_000)
  const asked = client.sendMessage(ids(id.MSG_RESEND_ANS_REQ, [msgId, unknown]))
  assert.deepEqual(await again, body)
  const info = await client.expect(id.MSGS_STATE_INFO)
  assert.equal(info.body.readBigInt64LE(4), asked)
  assert.deepEqual([...info.body.subarray(13, 15)], [4 + 8 + 32 + 64, 3])
})

test('rpc_drop_answer: unknown, running, answered', async () => {
  await using server = await testServer()
  const client = await server.client()
  client.autoAck = false
  const drop = (msgId: bigint) =>
    client.invoke(
      tl((w) => {
        w.int(id.RPC_DROP_ANSWER)
        w.long(msgId)
      }),
    )
  assert.equal((await drop(4n)).readInt32LE(0), id.RPC_ANSWER_UNKNOWN)
  let finish = () => {}
  server.onRequest = async (_, { body }) => {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return echo(body)
  }
  const running = client.sendMessage(request())
  assert.equal((await drop(running)).readInt32LE(0), id.RPC_ANSWER_DROPPED_RUNNING)
  finish()
  server.onRequest = (_, { body }) => echo(body)
  const answered = client.nextId()
  let sent = { msgId: 0n, seqNo: 0 }
  client.onMessage = (m) => {
    if (m.body.readInt32LE(0) === id.RPC_RESULT && m.body.readBigInt64LE(4) === answered) sent = m
  }
  await client.invoke(request(), { msgId: answered })
  const dropped = await drop(answered)
  assert.equal(dropped.readInt32LE(0), id.RPC_ANSWER_DROPPED)
  assert.equal(dropped.readBigInt64LE(4), sent.msgId)
  assert.equal(dropped.readInt32LE(12), sent.seqNo)
  assert.equal(dropped.readInt32LE(16), 28)
  assert.equal((await drop(answered)).readInt32LE(0), id.RPC_ANSWER_UNKNOWN)
  // The one that ran when it was dropped is never answered.
  await sleep(20)
  assert.ok(client.inbox.every((m) => m.body.readInt32LE(0) !== id.RPC_RESULT || m.body.readBigInt64LE(4) !== running))
})

test('destroy_session ends another session of the key, never the own', async () => {
  await using server = await testServer()
  const one = await server.client()
  const two = await server.client({ key: one.key! })
  await one.invoke(request())
  await two.invoke(request())
  const destroy = async (sessionId: bigint) => {
    one.sendMessage(
      tl((w) => {
        w.int(id.DESTROY_SESSION)
        w.long(sessionId)
      }),
    )
    const { body } = await one.expect(id.DESTROY_SESSION_OK, id.DESTROY_SESSION_NONE)
    assert.equal(body.readBigInt64LE(4), sessionId)
    return body.readInt32LE(0)
  }
  assert.equal(await destroy(one.sessionId), id.DESTROY_SESSION_NONE)
  assert.equal(await destroy(5n), id.DESTROY_SESSION_NONE)
  assert.equal(await destroy(two.sessionId), id.DESTROY_SESSION_OK)
  await two.gone()
  assert.equal(server.mtproto.sessions.size, 1)
  assert.equal(server.events.at(-1), 'closed')
})

test('destroy_auth_key: the key is gone from the store, and -404 is what its clients are told', async () => {
  await using server = await testServer()
  const client = await server.client()
  const { key } = client
  await client.invoke(request())
  const destroy = tl((w) => w.int(id.DESTROY_AUTH_KEY))
  server.host.deleteKey = () => Promise.reject(new Error('no disk'))
  client.sendMessage(destroy)
  await client.expect(id.DESTROY_AUTH_KEY_FAIL)
  server.host.deleteKey = async (keyId) => void server.keys.delete(keyId)
  client.sendMessage(destroy)
  await client.expect(id.DESTROY_AUTH_KEY_OK)
  await client.gone()
  assert.deepEqual(client.errors, [-404])
  assert.equal(server.keys.size, 0)
  const again = await server.client({ key: key! })
  await assert.rejects(again.invoke(request()), /transport error -404/)
})

test('dropKey tells the clients of a key and of those bound to it', async () => {
  await using server = await testServer()
  const one = await server.client()
  const temporary = server.makeKey({ expiresAt: Math.floor(Date.now() / 1000) + 1000, permId: one.key!.id })
  const two = await server.client({ key: temporary })
  await one.invoke(request())
  await two.invoke(request())
  assert.equal(server.session!.permKeyId, one.key!.id)
  server.mtproto.dropKey(one.key!.id)
  await one.gone()
  await two.gone()
  assert.deepEqual([one.errors, two.errors], [[-404], [-404]])
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

test('malformed messages end the connection', async () => {
  await using server = await testServer()
  for (const fault of ['odd length', 'long padding', 'no padding']) {
    const client = await server.client()
    if (fault === 'odd length') client.sendMessage(Buffer.alloc(0), {})
    if (fault === 'long padding') client.sendMessage(request(16), { padding: 2064 })
    if (fault === 'no padding') client.sendMessage(request(16), { padding: 0 })
    await client.gone()
  }
  assert.equal(server.requests.length, 0)
})

function word(n: number): Buffer {
  const out = Buffer.alloc(4)
  out.writeInt32LE(n)
  return out
}
