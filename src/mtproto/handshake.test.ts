import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Writer } from '../tl/writer.ts'
import { openExchange } from './exchange.ts'
import * as id from './ids.ts'
import { MtClient } from './test-client.ts'
import type { ExchangeOptions } from './test-exchange.ts'
import { testServer } from './test-server.ts'

const REQUEST = Buffer.from('0df0ad0b01000000', 'hex')

const VARIANTS: Record<string, Omit<ExchangeOptions, 'rsa'>> = {
  'RSA_PAD and no data centre': {},
  'RSA_PAD and a data centre': { dc: 2 },
  'a media data centre': { dc: -4 },
  'a test data centre': { dc: 10_002 },
  'a data centre that does not exist': { dc: 77 },
  'the older padding': { oldPadding: true },
  'the older padding and a data centre': { oldPadding: true, dc: 1 },
  req_pq: { single: true },
}

for (const [name, options] of Object.entries(VARIANTS)) {
  test(`key exchange: ${name}`, async () => {
    await using server = await testServer()
    const client = await MtClient.connect(server.port)
    const key = await client.exchange({ rsa: server.rsa, ...options })
    assert.deepEqual(server.keys.get(key.id), { id: key.id, key: key.key, expiresAt: 0, permId: 0n })
    // The salt that both sides computed is taken at once.
    assert.deepEqual(await client.invoke(REQUEST), REQUEST)
    assert.ok(client.inbox.every((m) => m.body.readInt32LE(0) !== id.BAD_SERVER_SALT))
    client.close()
  })
}

for (const dc of [undefined, 2]) {
  test(`a temporary key knows when it ends (data centre ${dc})`, async () => {
    await using server = await testServer()
    const client = await MtClient.connect(server.port)
    const key = await client.exchange({ rsa: server.rsa, expiresIn: 3600, ...(dc === undefined ? {} : { dc }) })
    const left = server.keys.get(key.id)!.expiresAt - Date.now() / 1000
    assert.ok(left > 3590 && left <= 3600, `${left} s`)
    await client.invoke(REQUEST)
    assert.equal(server.session?.permKeyId, 0n)
    server.session!.authKey.permId = 99n
    assert.equal(server.session?.permKeyId, 99n)
    server.ahead = 3_600_000
    client.timeOffset = server.ahead
    await assert.rejects(client.invoke(REQUEST), /transport error -404/)
    client.close()
  })
}

test('a key that begins with a zero is 256 bytes long like any other', async () => {
  await using server = await testServer()
  const client = await MtClient.connect(server.port)
  const key = await client.exchange({ rsa: server.rsa, suits: (authKey) => authKey[0] === 0 })
  assert.equal(server.keys.get(key.id)?.key.length, 256)
  assert.deepEqual(await client.invoke(REQUEST), REQUEST)
  client.close()
})

test('a key whose id is taken is refused with dh_gen_retry, and the next attempt counts', async () => {
  await using server = await testServer()
  const asked: bigint[] = []
  server.host.loadKey = async (keyId) => {
    asked.push(keyId)
    return asked.length <= 2 ? { id: keyId, key: Buffer.alloc(256), expiresAt: 0, permId: 0n } : undefined
  }
  const client = await MtClient.connect(server.port)
  const key = await client.exchange({ rsa: server.rsa })
  assert.equal(asked.length, 3)
  assert.deepEqual([...server.keys.keys()], [key.id])
  client.close()
})

test('dh_gen_ok leaves after the key is saved, dh_gen_fail when it cannot be', async () => {
  await using server = await testServer()
  const { saveKey } = server.host
  let saved = false
  server.host.saveKey = async (key) => {
    await new Promise((resolve) => setTimeout(resolve, 30))
    saved = true
    await saveKey(key)
  }
  const client = await MtClient.connect(server.port)
  await client.exchange({ rsa: server.rsa })
  assert.equal(saved, true)
  server.host.saveKey = () => Promise.reject(new Error('no disk'))
  await assert.rejects(client.exchange({ rsa: server.rsa }), /dh_gen_fail/)
  assert.deepEqual(server.logged, ['error: an authorization key could not be saved'])
  client.close()
})

test('inner data that does not belong to the exchange is refused', async () => {
  await using server = await testServer()
  for (const at of [0, 5, 16, 24, 40, 60]) {
    const client = await MtClient.connect(server.port)
    const spoilInner = (inner: Buffer) => {
      inner[at] = inner[at]! ^ 1
    }
    await assert.rejects(client.exchange({ rsa: server.rsa, spoilInner }), /transport error -404/, `byte ${at}`)
    await client.gone()
  }
  assert.equal(server.keys.size, 0)
  assert.equal(server.metrics.get('failed'), 6)
})

test('a temporary key must end some time', async () => {
  await using server = await testServer()
  for (const expiresIn of [0, -1, 2 ** 31 - 1]) {
    const client = await MtClient.connect(server.port)
    await assert.rejects(client.exchange({ rsa: server.rsa, expiresIn }), /-404/)
  }
})

test('g_b at the edges of the group is refused', async () => {
  await using server = await testServer()
  for (const gB of [Buffer.of(0), Buffer.of(1), Buffer.alloc(256, 0xff), Buffer.alloc(300, 1)]) {
    const client = await MtClient.connect(server.port)
    await assert.rejects(client.exchange({ rsa: server.rsa, gB }), /-404/)
  }
  assert.equal(server.keys.size, 0)
})

test('garbage instead of a step of the exchange ends the connection with -404', async () => {
  await using server = await testServer()
  const bodies = [
    Buffer.alloc(0),
    Buffer.alloc(4),
    Buffer.from('01020304', 'hex'),
    word(id.REQ_PQ_MULTI),
    Buffer.concat([word(id.REQ_DH_PARAMS), Buffer.alloc(300)]),
    Buffer.concat([word(id.SET_CLIENT_DH_PARAMS), Buffer.alloc(300)]),
  ]
  for (const body of bodies) {
    const client = await MtClient.connect(server.port)
    await assert.rejects(client.askPlain(body), /transport error -404/)
    await client.gone()
  }
})

test('key exchanges under way are bounded by address, and those that take too long end', async () => {
  await using server = await testServer({ maxHandshakesPerIp: 2, handshakeMs: 1000 })
  const begin = async () => {
    const client = await MtClient.connect(server.port)
    server.clients.push(client)
    const w = new Writer(new Map(), 64)
    w.int(id.REQ_PQ_MULTI)
    w.fixed(Buffer.alloc(16, 7), 16)
    return client.askPlain(w.copy())
  }
  await begin()
  await begin()
  await assert.rejects(begin(), /transport error -429/)
  while (server.metrics.get('failed') !== 2) await new Promise((resolve) => setTimeout(resolve, 10))
  await begin()
})

test('an exchange ends with its connection', async () => {
  await using server = await testServer({ maxHandshakesPerIp: 1 })
  for (let i = 0; i < 3; i++) {
    const client = await MtClient.connect(server.port)
    const w = new Writer(new Map(), 64)
    w.int(id.REQ_PQ_MULTI)
    w.fixed(Buffer.alloc(16, 7), 16)
    await client.askPlain(w.copy())
    client.close()
    while (server.mtproto.connections > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
})

test('an address whose key exchanges fail again and again can begin no more; others can, and who succeeds may go on', async () => {
  await using server = await testServer({ maxFailedHandshakes: 3 })
  const one = async (spoilInner?: (inner: Buffer) => void) => {
    const client = await MtClient.connect(server.port)
    server.clients.push(client)
    return client.exchange({ rsa: server.rsa, ...(spoilInner && { spoilInner }) })
  }
  for (let i = 0; i < 5; i++) await one()
  const spoil = (inner: Buffer) => void inner.fill(0, 20, 30)
  for (let i = 0; i < 3; i++) await assert.rejects(one(spoil), /transport error -404/)
  await assert.rejects(one(), /transport error -429/)
  assert.deepEqual([server.metrics.get('begun'), server.metrics.get('done'), server.metrics.get('failed')], [8, 5, 3])
  const plain = Buffer.alloc(40)
  plain.writeUInt32LE(20, 16)
  plain.writeInt32LE(id.REQ_PQ_MULTI, 20)
  const answer = await server.mtproto.handleHttp(plain, '192.0.2.1')
  assert.equal(answer.readInt32LE(20), id.RES_PQ)
})

test('the thread of the key exchanges serves addresses in turn, and nobody who has gone', async () => {
  await using server = await testServer()
  const rubbish = Buffer.alloc(256, 7)
  const order: string[] = []
  const open = (ip: string, exchange: string, closed = false) =>
    openExchange({ ip, closed }, exchange, server.rsa.privatePem, rubbish).then((opened) => {
      assert.equal(opened, undefined)
      order.push(exchange)
    })
  const all = Array.from({ length: 20 }, (_, i) => open('192.0.2.1', `many ${i}`))
  await Promise.all([open('192.0.2.2', 'one'), open('192.0.2.3', 'gone', true), ...all])
  assert.ok(order.indexOf('one') <= 4, order.join(', '))
  assert.ok(order.indexOf('gone') <= 4, order.join(', '))
  assert.deepEqual(
    order.filter((name) => name.startsWith('many')),
    all.map((_, i) => `many ${i}`),
  )
})

function word(n: number): Buffer {
  const out = Buffer.alloc(4)
  out.writeInt32LE(n)
  return out
}
