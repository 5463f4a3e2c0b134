import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync, gunzipSync } from 'node:zlib'
import { Reader } from '../tl/reader.ts'
import * as id from './ids.ts'
import { bad, PUSH, pack, ping, pushOne, request, states, tl, word } from './test-bodies.ts'
import { echo, testServer } from './test-server.ts'

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
  const list = Array.from({ length: 15 }, () => ({ body: request(), msgId: client.nextId() }))
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
