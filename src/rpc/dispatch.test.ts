import assert from 'node:assert/strict'
import { Device, startTestServer, test } from '../../test/harness/index.ts'
import { LATEST_LAYER, newWriter, readMt, readResult, writeObject } from '../tl/index.ts'
import { RpcSession } from './session.ts'

/** Sends bytes as they are and reads the answer: an rpc_error's text, or the result of the method. */
async function send(device: Device, bytes: Uint8Array, method = 'help.getNearestDc', msgId = 0n): Promise<any> {
  const out = await device.server.dispatcher.handle(device.session, bytes, msgId)
  const writer = newWriter()
  out(writer)
  const answer = writer.copy()
  if (new DataView(answer.buffer).getUint32(0, true) === 0x2144ca19) return (readMt(answer) as any).errorMessage
  return readResult(method as 'help.getNearestDc', answer, device.session.auth.layer || LATEST_LAYER)
}

const nearest = { _: 'help.getNearestDc' }
const init = (query: object) => ({
  _: 'initConnection',
  apiId: 4,
  deviceModel: 'Phone 1',
  systemVersion: 'OS 2',
  appVersion: '3.0',
  systemLangCode: 'en',
  langPack: 'android',
  langCode: 'de',
  query,
})

test('the layer and the device of initConnection are kept with the authorization', async () => {
  await using server = await startTestServer()
  const device = await Device.open(server)
  await send(device, writeObject({ _: 'invokeWithLayer', layer: 158, query: init(nearest) } as never))
  assert.equal(device.session.auth.layer, 158)
  const row = await server.app.store.db
    .selectFrom('auth_key')
    .select(['layer', 'device_model', 'lang_pack', 'lang_code', 'app_version'])
    .where('id', '=', device.session.auth.id)
    .executeTakeFirstOrThrow()
  assert.deepEqual(
    { ...row },
    { layer: 158, device_model: 'Phone 1', lang_pack: 'android', lang_code: 'de', app_version: '3.0' },
  )
  const old = writeObject({ _: 'invokeWithLayer', layer: 143, query: nearest } as never)
  assert.equal(await send(device, old), 'CONNECTION_LAYER_INVALID')
  await send(device, writeObject({ _: 'invokeWithLayer', layer: 999, query: nearest } as never))
  assert.equal(device.session.auth.layer, LATEST_LAYER)
})

test('bytes that are no request are refused, and the session goes on', async () => {
  await using server = await startTestServer()
  const device = await Device.open(server)
  for (const bytes of [Buffer.alloc(0), Buffer.from('garbage!'), writeObject({ _: 'peerUser', userId: 1 } as never)]) {
    assert.match(await send(device, bytes), /^INPUT_/)
  }
  const cut = writeObject({ _: 'help.getCountriesList', langCode: 'en', hash: 0 } as never).subarray(0, 8)
  assert.match(await send(device, cut), /^INPUT_/)
  assert.equal((await send(device, writeObject(nearest as never))).thisDc, 2)
})

test('what is not written says so, and what needs an account needs one', async () => {
  await using server = await startTestServer()
  const device = await Device.open(server)
  await device.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
  const alice = await server.person('Alice')
  await alice.fails('NOT_IMPLEMENTED', 'stories.getAllStories', {})
})

test('a call wrapped in invokeWithoutUpdates does not make a session take updates', async () => {
  await using server = await startTestServer({ nodes: 1 })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const auth = alice.device1.session.auth
  const pushed: unknown[] = []
  const pipe = {
    connected: true,
    remote: { ip: '127.0.0.1', transport: 'harness' },
    queued: 0,
    push: () => pushed.push(1),
    result: () => undefined,
    close: () => {},
  }
  const downloads = new RpcSession(77n, auth, pipe)
  const quiet = { _: 'invokeWithoutUpdates', query: { _: 'updates.getState' } }
  await server.dispatcher.handle(downloads, writeObject(quiet as never))
  await bob.say(alice, 'one')
  await server.quiet()
  assert.equal(pushed.length, 0)
  await server.dispatcher.handle(downloads, writeObject({ _: 'updates.getState' } as never))
  await bob.say(alice, 'two')
  // The harness waits for its own devices alone.
  while (!downloads.subscriber?.idle) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(pushed.length > 0)
  downloads.unsubscribe()
})

test('invokeAfterMsg runs after the earlier request, and not when that one failed', async () => {
  await using server = await startTestServer()
  const alice = await server.person('Alice')
  const device = alice.device1
  const after = (msgId: bigint) => writeObject({ _: 'invokeAfterMsg', msgId, query: nearest } as never)
  assert.equal(
    await send(device, writeObject({ _: 'messages.getFullChat', chatId: 99 } as never), '', 4n),
    'CHAT_ID_INVALID',
  )
  assert.equal(await send(device, after(4n)), 'MSG_WAIT_FAILED')
  assert.equal((await send(device, after(8n))).thisDc, 2)
  let answered!: () => void
  const earlier = new Promise<void>((resolve) => (answered = resolve))
  Object.assign(device.session.pipe, { result: (id: bigint) => (id === 12n ? earlier : undefined) })
  let done = false
  const waiting = send(device, after(12n)).then((result) => {
    done = true
    return result
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(done, false)
  answered()
  assert.equal((await waiting).thisDc, 2)
})

test('too many calls of a class wait, each class and caller for itself', async () => {
  const limits = { flood: { read: { count: 3, seconds: 60 } } }
  await using server = await startTestServer({ settings: { test: false, limits } })
  const device = await Device.open(server)
  const other = await Device.open(server)
  for (let i = 0; i < 3; i++) await device.call('help.getNearestDc', {})
  await server.clock.advance(20)
  await assert.rejects(device.call('help.getNearestDc', {}), /420 FLOOD_WAIT_40/)
  await other.call('help.getNearestDc', {})
  await device.call('help.saveAppLog', { events: [] })
  await server.clock.advance(41)
  await device.call('help.getNearestDc', {})
})

test('a test server knows no flood limits', async () => {
  const limits = { flood: { read: { count: 3, seconds: 60 } } }
  await using server = await startTestServer({ settings: { limits } })
  const device = await Device.open(server)
  for (let i = 0; i < 10; i++) await device.call('help.getNearestDc', {})
})

test('what wraps a call is taken off, in any order', async () => {
  await using server = await startTestServer()
  const device = await Device.open(server)
  const wrapped = {
    _: 'invokeWithReCaptcha',
    token: 't',
    query: { _: 'invokeAfterMsgs', msgIds: [4n, 8n], query: nearest },
  }
  const proven = { _: 'invokeWithGooglePlayIntegrity', nonce: 'n', token: 't', query: wrapped }
  const apns = { _: 'invokeWithApnsSecret', nonce: 'n', secret: 's', query: proven }
  assert.equal((await send(device, writeObject({ _: 'invokeWithoutUpdates', query: apns } as never))).thisDc, 2)
  const endless = Buffer.concat([
    ...Array(200).fill(writeObject({ _: 'invokeWithoutUpdates', query: nearest } as never).subarray(0, 4)),
  ])
  assert.match(await send(device, endless), /^INPUT_/)
})
