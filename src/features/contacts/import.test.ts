import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Device, type Person, plain, startTestServer, type TestServer } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const entry = (clientId: bigint, phone: string, firstName = 'Someone', lastName = ''): tl.inputPhoneContact => ({
  _: 'inputPhoneContact',
  clientId,
  phone,
  firstName,
  lastName,
})
const key = { _: 'inputPrivacyKeyAddedByPhone' } as const

/** Signs a person up under a number of the test's choice. */
async function signUp(server: TestServer, phone: string, name: string): Promise<number> {
  return server.signIn(await Device.open(server), phone, name)
}

test('numbers with an account become contacts, the others stay in the address book', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  const phone = await alice.device()
  const spelled = `+${bob.phone.slice(0, 5)} ${bob.phone.slice(5)}`
  const done = await alice.call('contacts.importContacts', {
    contacts: [
      entry(7n, spelled, 'Bobby', 'T'),
      entry(8n, '+1 202 555 0199', 'Nobody'),
      entry(9n, 'x'),
      entry(-1n, bob.phone),
    ],
  })
  assert.deepEqual(done.imported, [
    { _: 'importedContact', userId: bob.id, clientId: 7n },
    { _: 'importedContact', userId: bob.id, clientId: -1n },
  ])
  assert.deepEqual(done.retryContacts, [])
  assert.deepEqual(done.popularInvites, [])
  const saved = done.users.find((u) => u.id === bob.id) as tl.user
  assert.deepEqual([saved.firstName, saved.lastName, saved.phone, saved.contact], ['Bobby', 'T', bob.phone, true])
  assert.deepEqual(
    (await phone.updates()).map((u) => u._),
    ['updatePeerSettings'],
  )
  const list = await alice.call('contacts.getContacts', { hash: 0n })
  assert.ok(list._ === 'contacts.contacts')
  assert.equal(list.savedCount, 2)
  assert.deepEqual(await alice.call('contacts.getContactIDs', { hash: 0n }), [bob.id, 0])
  // The same address book again changes nothing.
  await alice.call('contacts.importContacts', { contacts: [entry(1n, bob.phone, 'Bobby', 'T')] })
  assert.deepEqual(await phone.updates(), [])
})

test('a number is not found where its owner does not want it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  await bob.call('account.setPrivacy', { key, rules: [{ _: 'inputPrivacyValueAllowContacts' }] })
  const contacts = [entry(1n, bob.phone)]
  const done = await alice.call('contacts.importContacts', { contacts })
  assert.deepEqual(plain([done.imported, done.users]), [[], []])
  await alice.fails('PHONE_NOT_OCCUPIED', 'contacts.resolvePhone', { phone: bob.phone })
  await bob.call('contacts.importContacts', { contacts: [entry(2n, alice.phone)] })
  assert.equal((await alice.call('contacts.importContacts', { contacts })).imported.length, 1)
  const found = await alice.call('contacts.resolvePhone', { phone: `+${bob.phone}` })
  assert.deepEqual(found.peer, bob.peerId)
  await carol.fails('PHONE_NOT_OCCUPIED', 'contacts.resolvePhone', { phone: bob.phone })
  await carol.fails('PHONE_NOT_OCCUPIED', 'contacts.resolvePhone', { phone: '12025550155' })
})

test('more than a thousand numbers are to be brought in parts', async () => {
  await using server = await startTestServer()
  const [alice] = (await server.people('Alice')) as [Person]
  const contacts = Array.from({ length: 1003 }, (_, i) => entry(BigInt(i), `1202${1_000_000 + i}`))
  const done = await alice.call('contacts.importContacts', { contacts })
  assert.deepEqual(done.retryContacts, [1000n, 1001n, 1002n])
  const list = await alice.call('contacts.getContacts', { hash: 0n })
  assert.equal((list as tl.contacts_contacts).savedCount, 1000)
})

test('an address book holds so many numbers and no more', async () => {
  await using server = await startTestServer({ settings: { limits: { contacts: 2 } } })
  const [alice] = (await server.people('Alice')) as [Person]
  const contacts = [1, 2, 3].map((i) => entry(BigInt(i), `1202555010${i}`))
  await alice.call('contacts.importContacts', { contacts })
  const list = await alice.call('contacts.getContacts', { hash: 0n })
  assert.equal((list as tl.contacts_contacts).savedCount, 2)
})

test('who signs up with a number of the address book is announced, silently where that was asked', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  assert.equal(await bob.call('account.getContactSignUpNotification', {}), false)
  await bob.call('account.setContactSignUpNotification', { silent: true })
  assert.equal(await bob.call('account.getContactSignUpNotification', {}), true)
  const phone = '9996612345'
  for (const one of [alice, bob]) {
    await one.call('contacts.importContacts', { contacts: [entry(1n, phone, 'Dora', 'D')] })
    await one.updates()
  }
  const dora = await signUp(server, phone, 'Theodora')
  for (const [one, silent] of [
    [alice, undefined],
    [bob, true],
  ] as const) {
    const pushes = (await one.pushes()) as tl.updates[]
    const message = pushes.flatMap((p) => p.updates).find((u) => u._ === 'updateNewMessage')
    assert.ok(message?._ === 'updateNewMessage' && message.message._ === 'messageService')
    assert.equal(message.message.action._, 'messageActionContactSignUp')
    assert.deepEqual(message.message.peerId, { _: 'peerUser', userId: dora })
    assert.equal(message.message.out, undefined)
    assert.equal(message.message.silent, silent)
    const user = pushes.flatMap((p) => p.users).find((u) => u.id === dora) as tl.user
    assert.deepEqual([user.firstName, user.contact, user.phone], ['Dora', true, phone])
  }
  assert.deepEqual(await carol.updates(), [])
  assert.deepEqual(await alice.call('contacts.getContactIDs', { hash: 0n }), [dora])
})

test('numbers many have are worth inviting; an address book can be emptied', async () => {
  await using server = await startTestServer()
  const people = await server.people('Alice', 'Bob', 'Carol')
  const contacts = [entry(1n, '12025550100'), entry(2n, people[0]!.phone), entry(3n, people[1]!.phone)]
  let popular: tl.PopularContact[] = []
  for (const one of people) popular = (await one.call('contacts.importContacts', { contacts })).popularInvites
  assert.deepEqual(popular, [{ _: 'popularContact', clientId: 1n, importers: 3 }])

  const [alice, bob] = people as [Person, Person, Person]
  await alice.fails('TAKEOUT_REQUIRED', 'contacts.getSaved', {})
  const phone = await alice.device()
  await alice.call('contacts.resetSaved', {})
  assert.deepEqual(await phone.updates(), [{ _: 'updateContactsReset' }])
  // One's own number leads to an account, but to no contact.
  assert.deepEqual(await alice.call('contacts.getContactIDs', { hash: 0n }), [bob.id])
  await alice.call('contacts.deleteByPhones', { phones: [`+${bob.phone}`, 'nonsense'] })
  assert.deepEqual(
    (await phone.updates()).map((u) => u._),
    ['updatePeerSettings'],
  )
  const list = await alice.call('contacts.getContacts', { hash: 0n })
  assert.deepEqual(plain(list), { _: 'contacts.contacts', contacts: [], savedCount: 0, users: [] })
})
