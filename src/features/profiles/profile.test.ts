import assert from 'node:assert/strict'
import { type Person, plain, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

async function know(one: Person, other: Person): Promise<void> {
  await one.call('contacts.addContact', {
    id: one.userOf(other),
    firstName: `my ${other.firstName}`,
    lastName: '',
    phone: '',
  })
}

const premium = (server: { app: { store: any } }, id: number) =>
  server.app.store.transact((trx: any) => trx.updateTable('user').set({ premium: 1 }).where('id', '=', id).execute())

async function seen(by: Person, who: Person): Promise<tl.user> {
  const [user] = await by.call('users.getUsers', { id: [by.userOf(who)] })
  return user as tl.user
}

test('a new name reaches my devices and those who know me, under the name they gave me', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const phone = await alice.device()
  await know(bob, alice)
  await alice.say(carol, 'hello')
  for (const one of [alice, phone, bob, carol, dave]) await one.updates()
  const user = (await alice.call('account.updateProfile', {
    firstName: ' Alicia ',
    lastName: 'B',
    about: 'x',
  })) as tl.user
  assert.deepEqual([user.firstName, user.lastName], ['Alicia', 'B'])
  const names = async (one: { updates(): Promise<any[]> }) =>
    (await one.updates()).filter((u) => u._ === 'updateUserName').map((u) => [u.userId, u.firstName, u.lastName])
  assert.deepEqual(await names(alice), [])
  assert.deepEqual(await names(phone), [[alice.id, 'Alicia', 'B']])
  assert.deepEqual(await names(bob), [[alice.id, 'my Alice', '']])
  assert.deepEqual(await names(carol), [[alice.id, 'Alicia', 'B']])
  assert.deepEqual(await names(dave), [])
  assert.equal((await seen(dave, alice)).firstName, 'Alicia')
  await alice.call('account.updateProfile', { about: 'y' })
  assert.deepEqual(plain(await phone.updatesOf('updateUser')), [{ _: 'updateUser', userId: alice.id }])
  const { fullUser } = await bob.call('users.getFullUser', { id: bob.userOf(alice) })
  assert.equal(fullUser.about, 'y')
  await alice.call('account.updateProfile', { about: 'y' })
  assert.deepEqual(await phone.updates(), [])
  await alice.fails('FIRSTNAME_INVALID', 'account.updateProfile', { firstName: '  ' })
  await alice.fails('FIRSTNAME_INVALID', 'account.updateProfile', { firstName: 'a'.repeat(65) })
  await alice.fails('ABOUT_TOO_LONG', 'account.updateProfile', { about: 'a'.repeat(71) })
})

test('being online is told to those who know me, ends by itself, and is kept from those I hide it from', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await alice.say(bob, 'hello')
  await bob.updates()
  await alice.call('account.updateStatus', { offline: false })
  const [online, ...rest] = await bob.updates()
  const { expires } = online.status
  assert.deepEqual(plain(online), {
    _: 'updateUserStatus',
    userId: alice.id,
    status: { _: 'userStatusOnline', expires },
  })
  assert.deepEqual(rest, [])
  assert.ok(Math.abs(expires - 300 - server.clock.now() / 1000) < 10)
  assert.deepEqual(await carol.updates(), [])
  assert.deepEqual((await seen(carol, alice)).status, { _: 'userStatusOnline', expires })
  await server.clock.advance(301)
  assert.deepEqual((await seen(bob, alice)).status, { _: 'userStatusOffline', wasOnline: expires })
  await alice.call('account.updateStatus', { offline: true })
  const [left] = await bob.updatesOf('updateUserStatus')
  const status = left!.status as tl.userStatusOffline
  assert.equal(status._, 'userStatusOffline')
  assert.ok(Math.abs(status.wasOnline - server.clock.now() / 1000) < 10)
  await alice.call('account.setPrivacy', {
    key: { _: 'inputPrivacyKeyStatusTimestamp' },
    rules: [{ _: 'inputPrivacyValueDisallowAll' }],
  })
  await bob.updates()
  await alice.call('account.updateStatus', { offline: false })
  assert.deepEqual(await bob.updatesOf('updateUserStatus'), [])
  assert.equal((await seen(bob, alice)).status?._, 'userStatusRecently')
})

test('a birthday is seen by contacts, and comes up on its day and the days around it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await know(alice, bob)
  await know(bob, alice)
  await know(carol, alice)
  const phone = await alice.device()
  await alice.call('account.updateBirthday', { birthday: { _: 'birthday', day: 2, month: 1, year: 1990 } })
  assert.deepEqual(plain(await phone.updatesOf('updateUser')), [{ _: 'updateUser', userId: alice.id }])
  const birthdays = async (who: Person) => plain((await who.call('contacts.getBirthdays', {})).contacts)
  const birthday = { _: 'birthday', day: 2, month: 1, year: 1990 }
  assert.deepEqual(await birthdays(bob), [{ _: 'contactBirthday', contactId: alice.id, birthday }])
  // Alice does not keep Carol, and only contacts are told by default.
  assert.deepEqual(await birthdays(carol), [])
  const { fullUser } = await bob.call('users.getFullUser', { id: bob.userOf(alice) })
  assert.deepEqual(plain(fullUser.birthday), birthday)
  await server.clock.advance(3 * 86_400)
  assert.deepEqual(await birthdays(bob), [])
  await alice.call('account.updateBirthday', {})
  const mine = await alice.call('users.getFullUser', { id: { _: 'inputUserSelf' } })
  assert.equal(mine.fullUser.birthday, undefined)
  for (const [day, month, year] of [
    [31, 4],
    [0, 1],
    [1, 13],
    [29, 2, 2023],
    [1, 1, 1899],
    [1, 1, 2027],
  ] as const) {
    await alice.fails('BIRTHDAY_INVALID', 'account.updateBirthday', {
      birthday: { _: 'birthday', day, month, year },
    })
  }
  await alice.call('account.updateBirthday', { birthday: { _: 'birthday', day: 29, month: 2 } })
})

test('a birthday can be suggested', async () => {
  await using server = await startTestServer({ undocumented: ['users.suggestBirthday BIRTHDAY_INVALID'] })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const birthday: tl.Birthday = { _: 'birthday', day: 5, month: 6 }
  await alice.call('users.suggestBirthday', { id: alice.userOf(bob), birthday })
  const [update] = await bob.updatesOf('updateNewMessage')
  const message = update!.message as tl.messageService
  assert.deepEqual(plain(message.action), { _: 'messageActionSuggestBirthday', birthday: plain(birthday) })
  await alice.fails('USER_ID_INVALID', 'users.suggestBirthday', { id: { _: 'inputUserSelf' }, birthday })
  const wrong: tl.Birthday = { _: 'birthday', day: 45, month: 6 }
  await alice.fails('BIRTHDAY_INVALID', 'users.suggestBirthday', { id: alice.userOf(bob), birthday: wrong })
})

test('colours are chosen from the palettes, by those with Premium, and others see them', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const names = (await alice.call('help.getPeerColors', { hash: 0 })) as tl.help_peerColors
  const profiles = (await alice.call('help.getPeerProfileColors', { hash: 0 })) as tl.help_peerColors
  assert.deepEqual(await alice.call('help.getPeerColors', { hash: names.hash }), { _: 'help.peerColorsNotModified' })
  assert.deepEqual(await alice.call('help.getPeerProfileColors', { hash: profiles.hash }), {
    _: 'help.peerColorsNotModified',
  })
  for (const { colors, colorId } of names.colors) assert.equal(colors === undefined, colorId < 7)
  for (const { colors } of profiles.colors) assert.equal(colors?._, 'help.peerColorProfileSet')
  const color: tl.PeerColor = { _: 'peerColor', color: 9 }
  await alice.fails('PREMIUM_ACCOUNT_REQUIRED', 'account.updateColor', { color })
  await premium(server, alice.id)
  await know(bob, alice)
  await bob.updates()
  await alice.call('account.updateColor', { color })
  await alice.call('account.updateColor', { forProfile: true, color: { _: 'peerColor', color: 3 } })
  const told = await bob.pushes()
  assert.ok(told.length > 0)
  const user = await seen(bob, alice)
  assert.deepEqual(plain([user.color, user.profileColor]), [plain(color), { _: 'peerColor', color: 3 }])
  await alice.call('account.updateColor', {})
  assert.equal((await seen(bob, alice)).color, undefined)
  await alice.fails('COLOR_INVALID', 'account.updateColor', { color: { _: 'peerColor', color: 77 } })
  await alice.fails('DOCUMENT_INVALID', 'account.updateColor', {
    color: { _: 'peerColor', color: 1, backgroundEmojiId: 5n },
  })
  const emojis = await alice.call('account.getDefaultBackgroundEmojis', { hash: 0n })
  assert.deepEqual(emojis, { _: 'emojiList', hash: 0n, documentId: [] })
})

test('the tab that a profile opens with', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.call('account.setMainProfileTab', { tab: { _: 'profileTabMedia' } })
  const { fullUser } = await bob.call('users.getFullUser', { id: bob.userOf(alice) })
  assert.deepEqual(fullUser.mainTab, { _: 'profileTabMedia' })
})
