import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Person } from '../../../test/harness/index.ts'
import { plain, startTestServer } from '../../../test/harness/index.ts'
import { listHash } from '../../domain/list-hash.ts'
import type * as tl from '../../tl/gen/types.ts'

const text = (message: string): tl.textWithEntities => ({ _: 'textWithEntities', text: message, entities: [] })

async function see(viewer: Person, other: Person): Promise<tl.user> {
  const [user] = await viewer.call('users.getUsers', { id: [viewer.userOf(other)] })
  assert.equal(user?._, 'user')
  return user as tl.user
}

async function add(
  owner: Person,
  other: Person,
  names: Partial<tl.contacts_addContactParams> = {},
): Promise<tl.updates> {
  const rest = { firstName: other.firstName, lastName: '', phone: '', ...names }
  return (await owner.call('contacts.addContact', { id: owner.userOf(other), ...rest })) as tl.updates
}

test('a contact has the name it was saved under, on every device, and goes again', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  const phone = await alice.device()
  const added = await add(alice, bob, { firstName: ' Bobby ', lastName: 'Tables', phone: '+1 (202) 555-0100' })
  const saved = added.users.find((u) => u.id === bob.id) as tl.user
  assert.equal(saved.firstName, 'Bobby')
  assert.equal(saved.contact, true)
  assert.equal(saved.mutualContact, undefined)
  assert.equal(saved.phone, '12025550100')
  assert.deepEqual(plain(added.updates), [
    { _: 'updatePeerSettings', peer: bob.peerId, settings: { _: 'peerSettings' } },
  ])
  const [pushed] = (await phone.pushes()) as [tl.updates]
  assert.deepEqual(plain(pushed.updates), plain(added.updates))
  assert.equal((pushed.users.find((u) => u.id === bob.id) as tl.user).lastName, 'Tables')
  assert.deepEqual(await alice.updates(), [], 'the answer told the caller')
  assert.deepEqual(await bob.updates(), [], 'Bob does not keep Alice')

  // The same again changes nothing and tells nobody; an empty phone keeps the one there is.
  await add(alice, bob, { firstName: 'Bobby', lastName: 'Tables' })
  assert.deepEqual(await phone.updates(), [])
  assert.equal((await see(alice, bob)).phone, '12025550100')

  const gone = (await alice.call('contacts.deleteContacts', { id: [alice.userOf(bob)] })) as tl.updates
  assert.equal((gone.users[0] as tl.user).contact, undefined)
  assert.equal((gone.users[0] as tl.user).firstName, 'Bob')
  assert.deepEqual(
    (await phone.updates()).map((u) => u._),
    ['updatePeerSettings'],
  )
  assert.deepEqual(plain(await alice.call('contacts.deleteContacts', { id: [alice.userOf(bob)] })).updates, [])
})

test('what addContact refuses', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  const names = { firstName: 'B', lastName: '', phone: '' }
  await alice.fails('CONTACT_NAME_EMPTY', 'contacts.addContact', { id: alice.userOf(bob), ...names, firstName: ' ' })
  await alice.fails('CONTACT_ID_INVALID', 'contacts.addContact', { id: { _: 'inputUserSelf' }, ...names })
  await alice.fails('CONTACT_ID_INVALID', 'contacts.addContact', { id: bob.userFor(carol), ...names })
  await alice.fails('CONTACT_ID_INVALID', 'contacts.addContact', { id: { _: 'inputUserEmpty' }, ...names })
})

test('being contacts of each other is told to the other', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  await add(bob, alice)
  const added = await add(alice, bob)
  assert.equal((added.users.find((u) => u.id === bob.id) as tl.user).mutualContact, true)
  const [told] = (await bob.pushes()) as [tl.updates]
  assert.equal(told.updates[0]?._, 'updatePeerSettings')
  assert.equal((told.users.find((u) => u.id === alice.id) as tl.user).mutualContact, true)
  const contacts = await bob.call('contacts.getContacts', { hash: 0n })
  assert.deepEqual(plain(contacts).contacts, [{ _: 'contact', userId: alice.id, mutual: true }])
  await alice.call('contacts.deleteContacts', { id: [alice.userOf(bob)] })
  assert.equal((await bob.updates()).length, 1)
  assert.equal((await see(bob, alice)).mutualContact, undefined)
})

test('the list of contacts is not sent again to who has it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  await add(alice, carol)
  await add(alice, bob)
  const ids = [bob.id, carol.id]
  const list = await alice.call('contacts.getContacts', { hash: 0n })
  assert.ok(list._ === 'contacts.contacts')
  assert.deepEqual(
    list.contacts.map((c) => c.userId),
    ids,
  )
  assert.equal(list.savedCount, 0)
  const hash = listHash([0, ...ids])
  assert.deepEqual(await alice.call('contacts.getContacts', { hash }), { _: 'contacts.contactsNotModified' })
  await alice.call('contacts.deleteContacts', { id: [alice.userOf(bob)] })
  assert.equal((await alice.call('contacts.getContacts', { hash }))._, 'contacts.contacts')
  assert.deepEqual(await alice.call('contacts.getContactIDs', { hash: 0n }), [carol.id])
})

test('the hash of a list is the published one', () => {
  // Worked out by the published algorithm with 64-bit arithmetic of another language.
  assert.equal(listHash([]), 0n)
  assert.equal(listHash([1]), 1n)
  assert.equal(listHash([1, 2, 3]), 565224272838726n)
})

test('a phone number is shared with a contact who lacks it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  await alice.call('account.setPrivacy', {
    key: { _: 'inputPrivacyKeyPhoneNumber' },
    rules: [{ _: 'inputPrivacyValueDisallowAll' }],
  })
  const settings = async () => (await alice.call('users.getFullUser', { id: alice.userOf(bob) })).fullUser.settings
  await alice.fails('CONTACT_ADD_MISSING', 'contacts.acceptContact', { id: alice.userOf(bob) })
  await add(alice, bob)
  await alice.fails('CONTACT_REQ_MISSING', 'contacts.acceptContact', { id: alice.userOf(bob) })
  assert.equal((await settings()).shareContact, undefined)
  await add(bob, alice)
  assert.equal((await settings()).shareContact, true)
  assert.equal((await see(bob, alice)).phone, undefined)
  await bob.updates()
  const shared = (await alice.call('contacts.acceptContact', { id: alice.userOf(bob) })) as tl.updates
  assert.equal((shared.updates[0] as tl.updatePeerSettings).settings.shareContact, undefined)
  const [told] = (await bob.pushes()) as [tl.updates]
  assert.equal((told.users.find((u) => u.id === alice.id) as tl.user).phone, alice.phone)
  await alice.fails('CONTACT_ID_INVALID', 'contacts.acceptContact', { id: { _: 'inputUserSelf' } })
})

test('adding someone can show them one’s number', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  const key = { _: 'inputPrivacyKeyPhoneNumber' } as const
  await alice.call('account.setPrivacy', { key, rules: [{ _: 'inputPrivacyValueDisallowAll' }] })
  const before = await alice.call('users.getFullUser', { id: alice.userOf(bob) })
  assert.equal(before.fullUser.settings.needContactsException, true)
  const phone = await alice.device()
  const added = await add(alice, bob, { addPhonePrivacyException: true })
  assert.deepEqual(
    added.updates.map((u) => u._),
    ['updatePrivacy', 'updatePeerSettings'],
  )
  assert.deepEqual(
    (await phone.updates()).map((u) => u._),
    ['updatePrivacy', 'updatePeerSettings'],
  )
  assert.equal((await see(bob, alice)).phone, alice.phone)
  const { rules } = await alice.call('account.getPrivacy', { key })
  assert.deepEqual(rules, [{ _: 'privacyValueAllowUsers', users: [bob.id] }, { _: 'privacyValueDisallowAll' }])
})

test('notes and close friends are the owner’s own', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  const id = alice.userOf(bob)
  await alice.fails('CONTACT_ID_INVALID', 'contacts.updateContactNote', { id, note: text('x') })
  await add(alice, bob, { note: text('from work') })
  const note = async (who: Person, of: Person) =>
    (await who.call('users.getFullUser', { id: who.userOf(of) })).fullUser.note?.text
  assert.equal(await note(alice, bob), 'from work')
  const phone = await alice.device()
  await alice.call('contacts.updateContactNote', { id, note: text('x'.repeat(500)) })
  assert.equal(await note(alice, bob), 'x'.repeat(128))
  assert.deepEqual(await phone.updates(), [{ _: 'updateUser', userId: bob.id }])
  await alice.call('contacts.updateContactNote', { id, note: text('') })
  assert.equal(await note(alice, bob), undefined)

  await phone.updates()
  await alice.call('contacts.editCloseFriends', { id: [bob.id, 12345, alice.id] })
  assert.equal((await see(alice, bob)).closeFriend, true)
  assert.deepEqual(
    (await phone.updates()).map((u) => u._),
    ['updateUser'],
  )
  await alice.call('contacts.editCloseFriends', { id: [bob.id] })
  assert.deepEqual(await phone.updates(), [])
  await alice.call('contacts.editCloseFriends', { id: [] })
  assert.equal((await see(alice, bob)).closeFriend, undefined)
})

test('statuses of contacts are told as privacy allows', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  const now = Math.floor(server.clock.now() / 1000)
  for (const one of [bob, carol]) {
    await server.app.store.transact((trx) =>
      trx
        .updateTable('user')
        .set({ online_until: now - 60 })
        .where('id', '=', one.id)
        .execute(),
    )
    await add(alice, one)
  }
  await carol.call('account.setPrivacy', {
    key: { _: 'inputPrivacyKeyStatusTimestamp' },
    rules: [{ _: 'inputPrivacyValueDisallowAll' }],
  })
  assert.deepEqual(plain(await alice.call('contacts.getStatuses', {})), [
    { _: 'contactStatus', userId: bob.id, status: { _: 'userStatusOffline', wasOnline: now - 60 } },
    { _: 'contactStatus', userId: carol.id, status: { _: 'userStatusRecently' } },
  ])
})
