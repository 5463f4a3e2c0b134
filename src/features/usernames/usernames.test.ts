import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, plain, startTestServer, type TestServer } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Gives an account names as those bought at auction are given: they cannot be edited, only switched and ordered. */
async function give(server: TestServer, to: Person, ...names: string[]): Promise<void> {
  const row = { owner: to.id, active: 0, editable: 0 }
  await server.app.store.transact(async (trx) => {
    for (const [position, name] of names.entries()) {
      await trx
        .insertInto('username')
        .values({ ...row, name, shown: name, position: position + 10 })
        .execute()
    }
  })
}

const self = async (who: Person) => (await who.call('users.getUsers', { id: [{ _: 'inputUserSelf' }] }))[0] as tl.user
const seen = async (by: Person, of: Person) => (await by.call('users.getUsers', { id: [by.userOf(of)] }))[0] as tl.user

test('a username leads to its account, and whoever knows it is told', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  await bob.call('contacts.addContact', { id: bob.userOf(alice), firstName: 'Ally', lastName: 'A', phone: '' })
  const phone = await alice.device()
  const me = (await alice.call('account.updateUsername', { username: 'Alice_1' })) as tl.user
  assert.equal(me.username, 'Alice_1')
  const usernames = [{ _: 'username', username: 'Alice_1', active: true, editable: true }]
  const told = { _: 'updateUserName', userId: alice.id, usernames }
  assert.deepEqual(plain(await phone.updates()), [{ ...told, firstName: 'Alice', lastName: '' }])
  assert.deepEqual(plain(await bob.updates()), [{ ...told, firstName: 'Ally', lastName: 'A' }])
  assert.deepEqual(await carol.updates(), [])
  assert.deepEqual(await alice.updates(), [])
  for (const username of ['alice_1', 'ALICE_1', '@Alice_1']) {
    const found = await carol.call('contacts.resolveUsername', { username })
    assert.deepEqual(found.peer, alice.peerId)
    assert.equal((found.users[0] as tl.user).firstName, 'Alice')
  }
  // Written otherwise it stays the same name; given up it is free.
  assert.equal(((await alice.call('account.updateUsername', { username: 'aLICE_1' })) as tl.user).username, 'aLICE_1')
  await alice.fails('USERNAME_NOT_MODIFIED', 'account.updateUsername', { username: 'aLICE_1' })
  await alice.call('account.updateUsername', { username: '' })
  await alice.fails('USERNAME_NOT_MODIFIED', 'account.updateUsername', { username: '' })
  assert.equal((await seen(bob, alice)).username, undefined)
  await carol.fails('USERNAME_NOT_OCCUPIED', 'contacts.resolveUsername', { username: 'alice_1' })
  await carol.call('account.updateUsername', { username: 'alice_1' })
})

test('a username belongs to one account, whoever asks at the same time', async () => {
  await using server = await startTestServer()
  const people = await server.people('Alice', 'Bob', 'Carol')
  const asked = await Promise.allSettled(
    people.map((one) => one.call('account.updateUsername', { username: 'wanted' })),
  )
  assert.equal(asked.filter((one) => one.status === 'fulfilled').length, 1)
  const [winner] = asked.flatMap((one, i) => (one.status === 'fulfilled' ? [people[i]!] : []))
  const [loser] = people.filter((one) => one !== winner)
  await loser!.fails('USERNAME_OCCUPIED', 'account.updateUsername', { username: 'WANTED' })
  await loser!.fails('USERNAME_OCCUPIED', 'account.checkUsername', { username: 'WANTED' })
  assert.equal(await winner!.call('account.checkUsername', { username: 'wanted' }), true)
  // A name that was refused takes nothing away.
  await loser!.call('account.updateUsername', { username: 'another' })
  await loser!.fails('USERNAME_OCCUPIED', 'account.updateUsername', { username: 'wanted' })
  assert.equal((await self(loser!)).username, 'another')
})

test('how a username is written', async () => {
  await using server = await startTestServer()
  const [alice] = (await server.people('Alice')) as [Person]
  const wrong = ['abcd', '1abcd', '_abcd', 'abcd_', 'ab__cd', 'ab cd', 'abcdé', 'a'.repeat(33), 'ab.cd']
  for (const username of wrong) {
    await alice.fails('USERNAME_INVALID', 'account.checkUsername', { username })
    await alice.fails('USERNAME_INVALID', 'account.updateUsername', { username })
  }
  for (const username of ['abcde', 'A1_b2_c3', 'a'.repeat(32)]) {
    assert.equal(await alice.call('account.checkUsername', { username }), true)
  }
  for (const username of ['', 'ab cd', 'x'.repeat(33)]) {
    await alice.fails('USERNAME_INVALID', 'contacts.resolveUsername', { username })
  }
})

test('several usernames are switched on, off and put into an order', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  await give(server, alice, 'gold', 'silver')
  await alice.fails('USERNAME_INVALID', 'account.toggleUsername', { username: 'bronze', active: true })
  await alice.fails('USERNAME_NOT_MODIFIED', 'account.toggleUsername', { username: 'gold', active: false })
  await bob.fails('USERNAME_NOT_OCCUPIED', 'contacts.resolveUsername', { username: 'gold' })
  await alice.call('account.updateUsername', { username: 'alice' })
  const phone = await alice.device()
  await alice.call('account.toggleUsername', { username: 'Gold', active: true })
  const [update] = await phone.updatesOf('updateUserName')
  const all = (user: { usernames?: tl.Username[] | undefined }) =>
    user.usernames?.map((name) => `${name.username}${name.active ? '' : ' off'}${name.editable ? ' mine' : ''}`)
  assert.deepEqual(all(update!), ['alice mine', 'gold', 'silver off'])
  assert.deepEqual(all(await self(alice)), ['alice mine', 'gold', 'silver off'])
  assert.deepEqual(all(await seen(bob, alice)), ['alice mine', 'gold'])
  assert.equal((await seen(bob, alice)).username, undefined)
  assert.deepEqual((await bob.call('contacts.resolveUsername', { username: 'gold' })).peer, alice.peerId)

  await alice.fails('ORDER_INVALID', 'account.reorderUsernames', { order: ['gold'] })
  await alice.fails('ORDER_INVALID', 'account.reorderUsernames', { order: ['gold', 'silver'] })
  await alice.fails('ORDER_INVALID', 'account.reorderUsernames', { order: ['gold', 'gold'] })
  await alice.fails('USERNAME_NOT_MODIFIED', 'account.reorderUsernames', { order: ['alice', 'gold'] })
  await alice.call('account.reorderUsernames', { order: ['gold', 'alice'] })
  assert.deepEqual(all(await seen(bob, alice)), ['gold', 'alice mine'])
  assert.equal((await phone.updatesOf('updateUserName')).length, 1)
  await alice.call('account.toggleUsername', { username: 'alice', active: false })
  assert.deepEqual(all(await seen(bob, alice)), ['gold'])
  await bob.fails('USERNAME_NOT_OCCUPIED', 'contacts.resolveUsername', { username: 'alice' })
  await bob.fails('USERNAME_OCCUPIED', 'account.updateUsername', { username: 'alice' })
})

test('ten usernames can be on at once', async () => {
  await using server = await startTestServer()
  const [alice] = (await server.people('Alice')) as [Person]
  const names = Array.from({ length: 11 }, (_, i) => `name${i}`)
  await give(server, alice, ...names)
  for (const username of names.slice(0, 10)) await alice.call('account.toggleUsername', { username, active: true })
  await alice.fails('USERNAMES_ACTIVE_TOO_MUCH', 'account.toggleUsername', { username: 'name10', active: true })
})
