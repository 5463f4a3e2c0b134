import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Device, type Person, startTestServer, type TestServer } from '../../../test/harness/index.ts'
import { newPassword, proofOf } from '../../../test/harness/srp.ts'
import { KEPT, OWNED } from '../../domain/account-rows.ts'

const DAY = 86_400
const SETTINGS = { _: 'codeSettings' as const }
const NUMBER = '9996640001'

/** Sends a code for an account's number from a new device. */
async function codeFor(server: TestServer, phone: string) {
  const device = await Device.open(server)
  const sent = await device.call('auth.sendCode', { phoneNumber: phone, apiId: 4, apiHash: 'x', settings: SETTINGS })
  const { phoneCodeHash } = sent as { phoneCodeHash: string }
  return { device, at: { phoneNumber: phone, phoneCodeHash, phoneCode: phone[5]!.repeat(5) } }
}

async function protect(person: Person, password: string): Promise<void> {
  const state = await person.call('account.getPassword', {})
  const newSettings = { _: 'account.passwordInputSettings' as const, ...(await newPassword(state, password)), hint: '' }
  await person.call('account.updatePasswordSettings', { password: { _: 'inputCheckPasswordEmpty' }, newSettings })
}

const userSeen = async (viewer: Person, other: Person) => {
  const [user] = await viewer.call('users.getUsers', { id: [viewer.userOf(other)] })
  assert.ok(user?._ === 'user')
  return user
}

describe('changing the number', () => {
  test('tells the other devices and those who know the number', async () => {
    await using server = await startTestServer()
    const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
    const desk = await alice!.device()
    // Bob has Alice's number, Carol only a chat with her.
    await bob!.call('contacts.importContacts', {
      contacts: [{ _: 'inputPhoneContact', clientId: 1n, phone: alice!.phone, firstName: 'Ally', lastName: '' }],
    })
    await alice!.say(carol!, 'hello')
    for (const who of [alice!, bob!, carol!, desk]) await who.pushes()

    await alice!.fails('PHONE_NUMBER_INVALID', 'account.sendChangePhoneCode', {
      phoneNumber: 'abc',
      settings: SETTINGS,
    })
    await alice!.fails('PHONE_NUMBER_OCCUPIED', 'account.sendChangePhoneCode', {
      phoneNumber: carol!.phone,
      settings: SETTINGS,
    })
    const sent = await alice!.call('account.sendChangePhoneCode', { phoneNumber: NUMBER, settings: SETTINGS })
    assert.ok(sent._ === 'auth.sentCode')
    const at = { phoneNumber: NUMBER, phoneCodeHash: sent.phoneCodeHash }
    await alice!.fails('PHONE_CODE_EMPTY', 'account.changePhone', { ...at, phoneCode: '' })
    await alice!.fails('PHONE_CODE_INVALID', 'account.changePhone', { ...at, phoneCode: '55555' })
    await alice!.fails('PHONE_CODE_EXPIRED', 'account.changePhone', { ...at, phoneCodeHash: 'x', phoneCode: '44444' })
    const me = await alice!.call('account.changePhone', { ...at, phoneCode: '44444' })
    assert.equal(me._ === 'user' && me.phone, NUMBER)
    const update = { _: 'updateUserPhone', userId: alice!.id, phone: NUMBER }
    assert.deepEqual(await alice!.updates(), [])
    assert.deepEqual(await desk.updates(), [update])
    assert.deepEqual(await bob!.updates(), [update])
    assert.deepEqual(await carol!.updates(), [])
    assert.equal((await userSeen(bob!, alice!)).phone, NUMBER)
    assert.equal((await userSeen(carol!, alice!)).phone, undefined)

    // The new number signs in, the old one is free.
    const next = await codeFor(server, NUMBER)
    const done = await next.device.call('auth.signIn', next.at)
    assert.equal(done._ === 'auth.authorization' && done.user.id, alice!.id)
    const old = await codeFor(server, alice!.phone)
    assert.equal((await old.device.call('auth.signIn', old.at))._, 'auth.authorizationSignUpRequired')
  })

  test('loses against whoever took the number in the meantime', async () => {
    await using server = await startTestServer()
    const alice = await server.person('Alice')
    const sent = await alice.call('account.sendChangePhoneCode', { phoneNumber: NUMBER, settings: SETTINGS })
    assert.ok(sent._ === 'auth.sentCode')
    const other = await codeFor(server, NUMBER)
    await other.device.call('auth.signIn', other.at)
    await other.device.call('auth.signUp', { ...other.at, firstName: 'Bob', lastName: '' })
    await alice.fails('PHONE_NUMBER_OCCUPIED', 'account.changePhone', {
      phoneNumber: NUMBER,
      phoneCodeHash: sent.phoneCodeHash,
      phoneCode: '44444',
    })
  })
})

describe('deleting an account', () => {
  test('takes it from everybody, and frees its number', async () => {
    await using server = await startTestServer()
    const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
    const desk = await alice!.device()
    await bob!.call('contacts.importContacts', {
      contacts: [{ _: 'inputPhoneContact', clientId: 1n, phone: alice!.phone, firstName: 'Ally', lastName: '' }],
    })
    await alice!.say(bob!, 'goodbye')
    await bob!.pushes()
    assert.equal(await alice!.call('account.deleteAccount', { reason: 'enough' }), true)
    await alice!.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
    await desk.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
    assert.deepEqual(await bob!.updatesOf('updateUser'), [{ _: 'updateUser', userId: alice!.id }])
    assert.deepEqual(await carol!.updates(), [])
    const seen = await userSeen(bob!, alice!)
    assert.deepEqual([seen.deleted, seen.firstName, seen.phone, seen.contact], [true, undefined, undefined, undefined])
    const contacts = await bob!.call('contacts.getContacts', { hash: 0n })
    assert.deepEqual(contacts._ === 'contacts.contacts' && contacts.contacts, [])
    // What she wrote stays with those who have it, and goes with her own copies.
    await server.clock.advance(1)
    const rows = await server.app.store.db.selectFrom('message').select('owner').execute()
    assert.deepEqual([...new Set(rows.map((r) => r.owner))], [bob!.id])
    const again = await codeFor(server, alice!.phone)
    assert.equal((await again.device.call('auth.signIn', again.at))._, 'auth.authorizationSignUpRequired')
  })

  test('takes it out of its groups', async () => {
    await using server = await startTestServer()
    const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
    await bob!.call('messages.createChat', { users: [bob!.userOf(alice!), bob!.userOf(carol!)], title: 'Group' })
    await carol!.pushes()
    await alice!.call('account.deleteAccount', { reason: '' })
    await server.clock.advance(1)
    const [told] = await carol!.updatesOf('updateChatParticipants')
    assert.ok(told?.participants._ === 'chatParticipants')
    assert.deepEqual(told.participants.participants.map((p) => p.userId).sort(), [bob!.id, carol!.id].sort())
  })

  test('takes the password, or patience', async () => {
    await using server = await startTestServer()
    const alice = await server.person('Alice')
    await protect(alice, 'secret')
    const thief = await codeFor(server, alice.phone)
    await thief.device.fails('AUTH_KEY_UNREGISTERED', 'account.deleteAccount', { reason: 'mine' })
    await thief.device.fails('SESSION_PASSWORD_NEEDED', 'auth.signIn', thief.at)
    const wrong = await proofOf(await thief.device.call('account.getPassword', {}), 'guess')
    await thief.device.fails('PASSWORD_HASH_INVALID', 'account.deleteAccount', { reason: '', password: wrong })
    await thief.device.fails(`2FA_CONFIRM_WAIT_${7 * DAY}`, 'account.deleteAccount', { reason: 'mine' })
    await server.clock.advance(DAY)
    await assert.rejects(() => thief.device.call('account.deleteAccount', { reason: '' }), /2FA_CONFIRM_WAIT_5\d{5}$/)

    // The owner objects, with the link that came and a code to the number.
    const [text] = await alice.texts()
    const hash = /hash=(\w+)/.exec(text!)![1]!
    await alice.fails('HASH_INVALID', 'account.sendConfirmPhoneCode', { hash: 'x', settings: SETTINGS })
    const sent = await alice.call('account.sendConfirmPhoneCode', { hash, settings: SETTINGS })
    assert.ok(sent._ === 'auth.sentCode')
    const { phoneCodeHash } = sent
    await alice.fails('PHONE_CODE_EMPTY', 'account.confirmPhone', { phoneCodeHash, phoneCode: '' })
    await alice.fails('CODE_HASH_INVALID', 'account.confirmPhone', {
      phoneCodeHash: 'x',
      phoneCode: thief.at.phoneCode,
    })
    assert.equal(await alice.call('account.confirmPhone', { phoneCodeHash, phoneCode: thief.at.phoneCode }), true)
    await thief.device.fails('AUTH_KEY_UNREGISTERED', 'account.deleteAccount', { reason: '' })
    await server.clock.advance(7 * DAY)
    await alice.call('updates.getState', {})

    // With the password it is done at once.
    const password = await proofOf(await alice.call('account.getPassword', {}), 'secret')
    assert.equal(await alice.call('account.deleteAccount', { reason: '', password }), true)
    await alice.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
  })

  test('comes after the wait when nobody objects', async () => {
    await using server = await startTestServer()
    const [alice, bob] = await server.people('Alice', 'Bob')
    await protect(alice!, 'forgotten')
    const device = await codeFor(server, alice!.phone)
    await device.device.fails('SESSION_PASSWORD_NEEDED', 'auth.signIn', device.at)
    await device.device.fails(`2FA_CONFIRM_WAIT_${7 * DAY}`, 'account.deleteAccount', { reason: '' })
    await server.clock.advance(7 * DAY + 1)
    assert.equal((await userSeen(bob!, alice!)).deleted, true)
    const again = await codeFor(server, alice!.phone)
    assert.equal((await again.device.call('auth.signIn', again.at))._, 'auth.authorizationSignUpRequired')
  })

  test('comes at once when nobody has used it lately', async () => {
    await using server = await startTestServer()
    const [alice, bob] = await server.people('Alice', 'Bob')
    await protect(alice!, 'forgotten')
    await server.clock.advance(8 * DAY)
    const device = await codeFor(server, alice!.phone)
    await device.device.fails('SESSION_PASSWORD_NEEDED', 'auth.signIn', device.at)
    assert.equal(await device.device.call('account.deleteAccount', { reason: '' }), true)
    assert.equal((await userSeen(bob!, alice!)).deleted, true)
  })

  test('comes by itself to those that nobody uses', async () => {
    await using server = await startTestServer()
    const [alice, bob] = await server.people('Alice', 'Bob')
    const ttl = (days: number) => ({ ttl: { _: 'accountDaysTTL' as const, days } })
    assert.deepEqual(await alice!.call('account.getAccountTTL', {}), { _: 'accountDaysTTL', days: 548 })
    await alice!.fails('TTL_DAYS_INVALID', 'account.setAccountTTL', ttl(1))
    await alice!.fails('TTL_DAYS_INVALID', 'account.setAccountTTL', ttl(10_000))
    await alice!.call('account.setAccountTTL', ttl(30))
    assert.deepEqual(await alice!.call('account.getAccountTTL', {}), { _: 'accountDaysTTL', days: 30 })
    await server.clock.advance(29 * DAY)
    await alice!.call('updates.getState', {})
    await server.clock.advance(29 * DAY)
    await bob!.call('updates.getState', {})
    assert.equal((await userSeen(bob!, alice!)).deleted, undefined)
    await server.clock.advance(2 * DAY)
    assert.equal((await userSeen(bob!, alice!)).deleted, true)
    await bob!.call('updates.getState', {})
  })
})

test('every table of an account goes with it, or is meant to stay', async () => {
  await using server = await startTestServer()
  const tables = await server.app.store.db.introspection.getTables()
  const owned = tables.filter((t) => t.columns.some((c) => c.name === 'owner')).map((t) => t.name)
  const known = new Set<string>([...Object.keys(OWNED), ...KEPT])
  const unknown = owned.filter((name) => !known.has(name))
  assert.deepEqual(unknown, [], 'name these tables in OWNED or KEPT of domain/account-rows.ts')
})

test('a report about messages that asked for none is taken', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const id = [await bob!.say(alice!, 'hello')]
  assert.equal(await alice!.call('messages.reportMessagesDelivery', { peer: alice!.peerOf(bob!), id }), true)
  await alice!.fails('PEER_ID_INVALID', 'messages.reportMessagesDelivery', {
    peer: { _: 'inputPeerUser', userId: bob!.id, accessHash: 1n },
    id,
  })
})
