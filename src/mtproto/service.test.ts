import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as id from './ids.ts'
import { ids, ping, request, sleep, states, tl } from './test-bodies.ts'
import { msgsAck } from './test-client.ts'
import { echo, testServer } from './test-server.ts'

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
