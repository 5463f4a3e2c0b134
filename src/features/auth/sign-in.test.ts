import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Device, startTestServer, type TestServer } from '../../../test/harness/index.ts'
import { setSetting } from '../../domain/settings.ts'
import { systemCtx } from '../../rpc/context.ts'

const PHONE = '+49 170 1234567'
const DIGITS = '491701234567'

/** Asks for a code for a number to which codes are really sent. */
async function sendCode(device: Device, phoneNumber = PHONE, logoutTokens?: Uint8Array[]) {
  return device.call('auth.sendCode', {
    phoneNumber,
    apiId: 4,
    apiHash: 'harness',
    settings: { _: 'codeSettings', logoutTokens },
  })
}

async function sentCode(device: Device, phoneNumber = PHONE) {
  const sent = await sendCode(device, phoneNumber)
  assert.equal(sent._, 'auth.sentCode')
  return sent
}

/** Signs a number up that gets its codes as text messages. */
async function signUp(server: TestServer, firstName: string, phoneNumber = PHONE): Promise<Device> {
  const device = await Device.open(server)
  const { phoneCodeHash } = await sentCode(device, phoneNumber)
  const phoneCode = server.texts.at(-1)!.code
  const answer = await device.call('auth.signIn', { phoneNumber, phoneCodeHash, phoneCode })
  assert.equal(answer._, 'auth.authorizationSignUpRequired')
  await device.call('auth.signUp', { phoneNumber, phoneCodeHash, firstName, lastName: '' })
  await device.call('updates.getState', {})
  await device.pushes()
  return device
}

const wrong = (code: string) => (code === '11111' ? '22222' : '11111')

describe('codes', () => {
  test('go to the phone, and sign up whoever has none of its account', async () => {
    await using server = await startTestServer()
    const device = await Device.open(server)
    const sent = await sentCode(device)
    assert.deepEqual(sent.type, { _: 'auth.sentCodeTypeSms', length: 5 })
    assert.equal(server.texts.length, 1)
    assert.equal(server.texts[0]!.phone, `+${DIGITS}`)
    const { code } = server.texts[0]!
    const at = { phoneNumber: PHONE, phoneCodeHash: sent.phoneCodeHash }
    await device.fails('PHONE_CODE_INVALID', 'auth.signUp', { ...at, firstName: 'Alice', lastName: '' })
    await device.fails('PHONE_CODE_INVALID', 'auth.signIn', { ...at, phoneCode: wrong(code) })
    await device.fails('PHONE_CODE_EMPTY', 'auth.signIn', at)
    await device.fails('PHONE_CODE_EXPIRED', 'auth.signIn', { ...at, phoneCodeHash: 'other', phoneCode: code })
    const needed = await device.call('auth.signIn', { ...at, phoneCode: code })
    assert.deepEqual(needed, { _: 'auth.authorizationSignUpRequired' })
    await device.fails('FIRSTNAME_INVALID', 'auth.signUp', { ...at, firstName: ' ', lastName: '' })
    await device.fails('LASTNAME_INVALID', 'auth.signUp', { ...at, firstName: 'A', lastName: 'x'.repeat(65) })
    const done = await device.call('auth.signUp', { ...at, firstName: ' Alice ', lastName: 'Liddell' })
    assert.equal(done._, 'auth.authorization')
    const [user] = await device.call('users.getUsers', { id: [{ _: 'inputUserSelf' }] })
    assert.ok(user?._ === 'user')
    assert.deepEqual([user.firstName, user.lastName, user.phone], ['Alice', 'Liddell', DIGITS])
    // The code has been used.
    const other = await Device.open(server)
    await other.fails('PHONE_CODE_EXPIRED', 'auth.signIn', { ...at, phoneCode: code })
  })

  test('go to the other devices of an account, then to the phone', async () => {
    await using server = await startTestServer()
    const phone = await signUp(server, 'Alice')
    const desk = await Device.open(server)
    const sent = await sentCode(desk)
    assert.deepEqual(sent.type, { _: 'auth.sentCodeTypeApp', length: 5 })
    assert.deepEqual(sent.nextType, { _: 'auth.codeTypeSms' })
    assert.equal(server.texts.length, 1)
    const [text] = await phone.texts()
    const code = /\b\d{5}\b/.exec(text!)![0]
    const at = { phoneNumber: PHONE, phoneCodeHash: sent.phoneCodeHash }
    const again = await desk.call('auth.resendCode', at)
    assert.equal(again._ === 'auth.sentCode' && again.type._, 'auth.sentCodeTypeSms')
    assert.equal(server.texts.length, 2)
    const texted = server.texts[1]!.code
    if (texted !== code) await desk.fails('PHONE_CODE_INVALID', 'auth.signIn', { ...at, phoneCode: code })
    await desk.fails('SEND_CODE_UNAVAILABLE', 'auth.resendCode', at)
    const done = await desk.call('auth.signIn', { ...at, phoneCode: texted })
    assert.equal(done._ === 'auth.authorization' && done.user.id, phone.session.auth.userId)
    // The device that was there is told, by an update and by a message of the service account.
    const updates = await phone.updates()
    const told = updates.find((u) => u._ === 'updateNewAuthorization')
    assert.equal(told.unconfirmed, true)
    assert.equal(told.device, 'harness')
    assert.ok(
      updates.some((u) => JSON.stringify(u, (_, v) => (typeof v === 'bigint' ? `${v}` : v)).includes('new device')),
    )
    await phone.call('account.changeAuthorizationSettings', { hash: told.hash, confirmed: true })
    await desk.call('updates.getState', {})
    await phone.fails('HASH_INVALID', 'account.changeAuthorizationSettings', { hash: 1n, confirmed: true })
  })

  test('end with time, tries, cancelling, and another code', async () => {
    await using server = await startTestServer()
    const device = await Device.open(server)
    const first = await sentCode(device)
    const code = () => server.texts.at(-1)!.code
    const named = (sent: { phoneCodeHash: string }) => ({ phoneNumber: PHONE, phoneCodeHash: sent.phoneCodeHash })
    await server.clock.advance(301)
    await device.fails('PHONE_CODE_EXPIRED', 'auth.signIn', { ...named(first), phoneCode: code() })

    const second = await sentCode(device)
    for (let i = 0; i < 5; i++) {
      await device.fails('PHONE_CODE_INVALID', 'auth.signIn', { ...named(second), phoneCode: wrong(code()) })
    }
    await device.fails('PHONE_CODE_EXPIRED', 'auth.signIn', { ...named(second), phoneCode: code() })

    const third = await sentCode(device)
    assert.equal(await device.call('auth.cancelCode', named(third)), true)
    await device.fails('PHONE_CODE_EXPIRED', 'auth.signIn', { ...named(third), phoneCode: code() })
    await device.fails('PHONE_CODE_EXPIRED', 'auth.cancelCode', named(third))
    await device.fails('PHONE_CODE_EXPIRED', 'auth.resendCode', named(third))
    await device.fails('PHONE_CODE_HASH_EMPTY', 'auth.resendCode', { phoneNumber: PHONE, phoneCodeHash: '' })

    const fourth = await sentCode(device)
    const former = code()
    await sentCode(device)
    await device.fails('PHONE_CODE_EXPIRED', 'auth.signIn', { ...named(fourth), phoneCode: former })
    // Another device cannot use a code it did not ask for.
    const fifth = await sentCode(device)
    const other = await Device.open(server)
    await other.fails('PHONE_CODE_EXPIRED', 'auth.signIn', { ...named(fifth), phoneCode: code() })
    assert.equal(await device.call('auth.reportMissingCode', { ...named(fifth), mnc: '01' }), true)
    assert.equal(await other.call('auth.reportMissingCode', { ...named(fifth), mnc: '01' }), false)
    assert.equal(await device.call('auth.requestFirebaseSms', named(fifth)), false)
    await device.fails('PHONE_CODE_EMPTY', 'auth.requestFirebaseSms', { phoneNumber: PHONE, phoneCodeHash: '' })
  })

  test('that somebody is about to tell others are worth nothing', async () => {
    await using server = await startTestServer()
    const phone = await signUp(server, 'Alice')
    const desk = await Device.open(server)
    const { phoneCodeHash } = await sentCode(desk)
    const code = /\b\d{5}\b/.exec((await phone.texts())[0]!)![0]
    await phone.call('account.invalidateSignInCodes', { codes: ['nonsense', code] })
    await desk.fails('PHONE_CODE_EXPIRED', 'auth.signIn', { phoneNumber: PHONE, phoneCodeHash, phoneCode: code })
  })

  test('are refused for what is no number, and for clients without an application', async () => {
    await using server = await startTestServer({ settings: { test: false } })
    const device = await Device.open(server)
    for (const number of ['', '12', '0049170', '+1 000 000 0000', '9996612345', 'x'.repeat(1000)]) {
      await assert.rejects(() => sendCode(device, number), /PHONE_NUMBER_INVALID/)
    }
    const rest = { phoneNumber: PHONE, settings: { _: 'codeSettings' as const } }
    await device.fails('API_ID_INVALID', 'auth.sendCode', { ...rest, apiId: 0, apiHash: 'x' })
    await device.fails('API_ID_INVALID', 'auth.sendCode', { ...rest, apiId: 1, apiHash: '' })
  })

  test('are not sent to one number without end', async () => {
    await using server = await startTestServer({
      settings: { test: false, limits: { flood: { code: { count: 3, seconds: 3600 } } } },
    })
    for (let i = 0; i < 3; i++) await sentCode(await Device.open(server))
    await assert.rejects(async () => sendCode(await Device.open(server)), /FLOOD_WAIT_3[56]\d\d/)
    assert.equal(server.texts.length, 3)
    await server.clock.advance(3601)
    await sentCode(await Device.open(server))
    assert.equal(server.texts.length, 4)
  })
})

test('test numbers take their digit five times, and nothing is sent', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const phone = await alice!.device()
  assert.equal(phone.session.auth.userId, alice!.id)
  assert.deepEqual(server.texts, [])
  // The harness leaves out what tells of the sign-in.
  assert.deepEqual(await alice!.updates(), [])
})

test('whoever has the number in the address book learns who signed up', async () => {
  await using server = await startTestServer()
  const [bob] = await server.people('Bob')
  await bob!.call('contacts.importContacts', {
    contacts: [{ _: 'inputPhoneContact', clientId: 1n, phone: `+${DIGITS}`, firstName: 'Ally', lastName: '' }],
  })
  await bob!.pushes()
  const alice = await signUp(server, 'Alice')
  const joined = (await bob!.updates()).filter((u) => u._ === 'updateNewMessage')
  assert.equal(joined.length, 1)
  assert.equal(joined[0].message.action._, 'messageActionContactSignUp')
  assert.deepEqual(joined[0].message.peerId, { _: 'peerUser', userId: alice.session.auth.userId })
})

test('terms of service are shown when signing up, and again when they change', async () => {
  await using server = await startTestServer()
  const [old] = await server.people('Old')
  const none = await old!.call('help.getTermsOfServiceUpdate', {})
  assert.equal(none._, 'help.termsOfServiceUpdateEmpty')
  const write = (id: string) =>
    systemCtx(server.app).transact((tx) =>
      setSetting(tx, 'terms_of_service', JSON.stringify({ id, text: `Be kind (${id}).`, minAge: 16 })),
    )
  await write('1')
  const device = await Device.open(server)
  const { phoneCodeHash } = await sentCode(device)
  const at = { phoneNumber: PHONE, phoneCodeHash }
  const needed = await device.call('auth.signIn', { ...at, phoneCode: server.texts.at(-1)!.code })
  assert.equal(needed._ === 'auth.authorizationSignUpRequired' && needed.termsOfService?.text, 'Be kind (1).')
  await device.call('auth.signUp', { ...at, firstName: 'New', lastName: '' })
  assert.equal((await device.call('help.getTermsOfServiceUpdate', {}))._, 'help.termsOfServiceUpdateEmpty')
  await write('2')
  for (const one of [device, old!]) {
    const news = await one.call('help.getTermsOfServiceUpdate', {})
    assert.equal(news._, 'help.termsOfServiceUpdate')
    if (news._ !== 'help.termsOfServiceUpdate') continue
    assert.equal(news.termsOfService.minAgeConfirm, 16)
    await one.fails('DATA_JSON_INVALID', 'help.acceptTermsOfService', { id: { _: 'dataJSON', data: '{"id":"1"}' } })
    assert.equal(await one.call('help.acceptTermsOfService', { id: news.termsOfService.id }), true)
    assert.equal((await one.call('help.getTermsOfServiceUpdate', {}))._, 'help.termsOfServiceUpdateEmpty')
  }
})

describe('signing out', () => {
  test('leaves a token that spares the next code', async () => {
    await using server = await startTestServer()
    const device = await signUp(server, 'Alice')
    const out = await device.call('auth.logOut', {})
    assert.ok(out.futureAuthToken)
    await device.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
    const again = await sendCode(device, PHONE, [new Uint8Array(32), out.futureAuthToken])
    assert.equal(again._, 'auth.sentCodeSuccess')
    await device.call('updates.getState', {})
    // It is good once.
    const other = await Device.open(server)
    assert.equal((await sendCode(other, PHONE, [out.futureAuthToken]))._, 'auth.sentCode')
  })

  test('of the other devices reaches them, and not the one that asks', async () => {
    await using server = await startTestServer()
    const [alice] = await server.people('Alice')
    const desk = await alice!.device()
    const tablet = await alice!.device()
    assert.equal(await alice!.call('auth.resetAuthorizations', {}), true)
    for (const device of [desk, tablet]) {
      assert.equal(device.session.pipe.connected, false)
      await device.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
    }
    await alice!.call('updates.getState', {})
    await alice!.fails('HASH_INVALID', 'account.resetAuthorization', { hash: 0n })
  })

  test('of one device names it by its number', async () => {
    await using server = await startTestServer()
    const phone = await signUp(server, 'Alice')
    const desk = await Device.open(server)
    const { phoneCodeHash } = await sentCode(desk)
    const phoneCode = /\b\d{5}\b/.exec((await phone.texts())[0]!)![0]
    await desk.call('auth.signIn', { phoneNumber: PHONE, phoneCodeHash, phoneCode })
    const { hash } = (await phone.updates()).find((u) => u._ === 'updateNewAuthorization')
    await phone.fails('HASH_INVALID', 'account.resetAuthorization', { hash: hash + 1n })
    assert.equal(await phone.call('account.resetAuthorization', { hash }), true)
    await desk.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
    await phone.fails('HASH_INVALID', 'account.resetAuthorization', { hash })
  })

  test('of others takes a session that is a day old', async () => {
    await using server = await startTestServer({ settings: { test: false } })
    const device = await signUp(server, 'Alice')
    await device.fails('FRESH_RESET_AUTHORISATION_FORBIDDEN', 'auth.resetAuthorizations', {})
    await device.fails('FRESH_RESET_AUTHORISATION_FORBIDDEN', 'account.resetAuthorization', { hash: 1n })
    await device.fails('FRESH_RESET_AUTHORISATION_FORBIDDEN', 'account.setAuthorizationTTL', {
      authorizationTtlDays: 7,
    })
    await device.fails('FRESH_CHANGE_PHONE_FORBIDDEN', 'account.sendChangePhoneCode', {
      phoneNumber: '+491701234568',
      settings: { _: 'codeSettings' },
    })
    await server.clock.advance(86_400)
    assert.equal(await device.call('auth.resetAuthorizations', {}), true)
  })

  test('comes by itself for devices that nobody uses', async () => {
    await using server = await startTestServer()
    const [alice] = await server.people('Alice')
    const desk = await alice!.device()
    await alice!.fails('TTL_DAYS_INVALID', 'account.setAuthorizationTTL', { authorizationTtlDays: 0 })
    await alice!.fails('TTL_DAYS_INVALID', 'account.setAuthorizationTTL', { authorizationTtlDays: 367 })
    assert.equal(await alice!.call('account.setAuthorizationTTL', { authorizationTtlDays: 7 }), true)
    await server.clock.advance(6 * 86_400)
    await alice!.call('updates.getState', {})
    await server.clock.advance(86_401)
    await desk.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
    await alice!.call('updates.getState', {})
  })
})

test('a device that signs in to another account leaves the one it had', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const desk = await alice!.device()
  await server.signIn(desk, bob!.phone)
  assert.equal(desk.session.auth.userId, bob!.id)
  const [self] = await desk.call('users.getUsers', { id: [{ _: 'inputUserSelf' }] })
  assert.equal(self?.id, bob!.id)
  await bob!.say(alice!, 'hello')
  assert.equal((await desk.texts()).length, 1)
  assert.equal((await alice!.texts()).length, 1)
  await bob!.pushes()
})
