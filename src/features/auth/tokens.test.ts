import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Device, type Person, startTestServer } from '../../../test/harness/index.ts'
import { newPassword, proofOf } from '../../../test/harness/srp.ts'

const APP = { apiId: 4, apiHash: 'harness' }

async function exportToken(device: Device, exceptIds: bigint[] = []): Promise<Uint8Array> {
  const answer = await device.call('auth.exportLoginToken', { ...APP, exceptIds })
  assert.equal(answer._, 'auth.loginToken')
  return (answer as { token: Uint8Array }).token
}

async function protect(person: Person, password: string): Promise<void> {
  const state = await person.call('account.getPassword', {})
  const newSettings = { _: 'account.passwordInputSettings' as const, ...(await newPassword(state, password)), hint: '' }
  await person.call('account.updatePasswordSettings', { password: { _: 'inputCheckPasswordEmpty' }, newSettings })
}

describe('a QR code', () => {
  test('that another device accepts signs in', async () => {
    await using server = await startTestServer()
    const alice = await server.person('Alice')
    const desk = await Device.open(server)
    const token = await exportToken(desk)
    const accepted = await alice.call('auth.acceptLoginToken', { token })
    assert.equal(accepted.deviceModel, 'harness')
    assert.equal(accepted.current, undefined)
    assert.deepEqual(await desk.updates(), [{ _: 'updateLoginToken' }])
    const done = await desk.call('auth.exportLoginToken', { ...APP, exceptIds: [] })
    assert.ok(done._ === 'auth.loginTokenSuccess' && done.authorization._ === 'auth.authorization')
    assert.equal(done.authorization.user.id, alice.id)
    await desk.call('updates.getState', {})
    const [told] = await alice.updatesOf('updateNewAuthorization')
    assert.deepEqual([told?.hash, told?.unconfirmed], [accepted.hash, undefined])
    // The number is the one by which the device can be signed out.
    await alice.call('account.resetAuthorization', { hash: accepted.hash })
    await desk.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
  })

  test('is good for a while, once, and not for everybody', async () => {
    await using server = await startTestServer()
    const [alice, bob] = await server.people('Alice', 'Bob')
    const desk = await Device.open(server)
    await desk.fails('API_ID_INVALID', 'auth.exportLoginToken', { apiId: 0, apiHash: '', exceptIds: [] })
    const first = await exportToken(desk)
    await server.clock.advance(31)
    await alice!.fails('AUTH_TOKEN_EXPIRED', 'auth.acceptLoginToken', { token: first })
    await desk.fails('AUTH_TOKEN_EXPIRED', 'auth.importLoginToken', { token: first })
    const second = await exportToken(desk, [BigInt(alice!.id)])
    await alice!.fails('AUTH_TOKEN_INVALIDX', 'auth.acceptLoginToken', { token: first })
    await alice!.fails('AUTH_TOKEN_INVALIDX', 'auth.acceptLoginToken', { token: new Uint8Array(5) })
    await alice!.fails('AUTH_TOKEN_EXCEPTION', 'auth.acceptLoginToken', { token: second })
    await bob!.call('auth.acceptLoginToken', { token: second })
    await bob!.fails('AUTH_TOKEN_ALREADY_ACCEPTED', 'auth.acceptLoginToken', { token: second })
    const stranger = await Device.open(server)
    await stranger.fails('AUTH_TOKEN_INVALID', 'auth.importLoginToken', { token: second })
    const done = await desk.call('auth.importLoginToken', { token: second })
    assert.ok(done._ === 'auth.loginTokenSuccess' && done.authorization._ === 'auth.authorization')
    assert.equal(done.authorization.user.id, bob!.id)
  })

  test('does not spare the password', async () => {
    await using server = await startTestServer()
    const alice = await server.person('Alice')
    await protect(alice, 'secret')
    const desk = await Device.open(server)
    await alice.call('auth.acceptLoginToken', { token: await exportToken(desk) })
    await desk.fails('SESSION_PASSWORD_NEEDED', 'auth.exportLoginToken', { ...APP, exceptIds: [] })
    const password = await proofOf(await desk.call('account.getPassword', {}), 'secret')
    const done = await desk.call('auth.checkPassword', { password })
    assert.equal(done._ === 'auth.authorization' && done.user.id, alice.id)
  })
})

describe('a connection to another data centre', () => {
  test('is signed in by what the first one exports, and signed out with it', async () => {
    await using server = await startTestServer()
    const alice = await server.person('Alice')
    const media = await Device.open(server)
    await alice.fails('DC_ID_INVALID', 'auth.exportAuthorization', { dcId: 9 })
    const { id, bytes } = await alice.call('auth.exportAuthorization', { dcId: 4 })
    assert.equal(id, BigInt(alice.id))
    await media.fails('AUTH_BYTES_INVALID', 'auth.importAuthorization', { id, bytes: new Uint8Array(32) })
    const done = await media.call('auth.importAuthorization', { id, bytes })
    assert.equal(done._ === 'auth.authorization' && done.user.id, alice.id)
    await media.call('updates.getState', {})
    // It is the same client: nobody is told of a new device, and the bytes were good once.
    assert.deepEqual(await alice.updates(), [])
    const other = await Device.open(server)
    await other.fails('AUTH_BYTES_INVALID', 'auth.importAuthorization', { id, bytes })
    await alice.call('auth.logOut', {})
    await media.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
  })

  test('must name the right account, soon, while it is signed in', async () => {
    await using server = await startTestServer()
    const [alice, bob] = await server.people('Alice', 'Bob')
    const media = await Device.open(server)
    const exported = async () => {
      const { id, bytes } = await alice!.call('auth.exportAuthorization', { dcId: 4 })
      return { id, bytes }
    }
    const late = await exported()
    await server.clock.advance(301)
    await media.fails('AUTH_BYTES_INVALID', 'auth.importAuthorization', late)
    const mixed = await exported()
    await media.fails('USER_ID_INVALID', 'auth.importAuthorization', { ...mixed, id: BigInt(bob!.id) })
    const gone = await exported()
    await alice!.call('auth.logOut', {})
    await media.fails('AUTH_BYTES_INVALID', 'auth.importAuthorization', gone)
  })
})

describe('a bot', () => {
  test('signs in with its token', async () => {
    await using server = await startTestServer()
    const token = await server.botToken('weather_bot', 'Weather')
    const device = await Device.open(server)
    const call = (botAuthToken: string) => ({ flags: 0, ...APP, botAuthToken })
    await device.fails('ACCESS_TOKEN_INVALID', 'auth.importBotAuthorization', call('nonsense'))
    await device.fails('ACCESS_TOKEN_INVALID', 'auth.importBotAuthorization', call(`${token.slice(0, -1)}_`))
    await device.fails('ACCESS_TOKEN_INVALID', 'auth.importBotAuthorization', call('12345:abc'))
    await device.fails('API_ID_INVALID', 'auth.importBotAuthorization', { ...call(token), apiId: 0 })
    const done = await device.call('auth.importBotAuthorization', call(token))
    assert.ok(done._ === 'auth.authorization' && done.user._ === 'user')
    assert.deepEqual([done.user.bot, done.user.username, done.user.self], [true, 'weather_bot', true])
    await device.call('updates.getState', {})
    await device.fails('BOT_METHOD_INVALID', 'auth.resetAuthorizations', {})
    await server.app.store.transact((trx) => trx.updateTable('user').set({ banned: 1 }).where('bot', '=', 1).execute())
    const other = await Device.open(server)
    await other.fails('ACCESS_TOKEN_EXPIRED', 'auth.importBotAuthorization', call(token))
  })

  test('cannot be a web application of another server', async () => {
    await using server = await startTestServer()
    const device = await Device.open(server)
    await device.fails('API_ID_INVALID', 'auth.importWebTokenAuthorization', { ...APP, webAuthToken: 'x' })
  })
})
