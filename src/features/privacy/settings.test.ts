import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, plain, startTestServer, type TestServer } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const KEYS = [
  'StatusTimestamp',
  'ChatInvite',
  'PhoneCall',
  'PhoneP2P',
  'Forwards',
  'ProfilePhoto',
  'PhoneNumber',
  'AddedByPhone',
  'VoiceMessages',
  'About',
  'Birthday',
  'StarGiftsAutoSave',
  'NoPaidMessages',
  'SavedMusic',
] as const
const DAY = 86_400

async function makePremium(server: TestServer, ...people: Person[]): Promise<void> {
  const ids = people.map((one) => one.id)
  await server.app.store.transact((trx) => trx.updateTable('user').set({ premium: 1 }).where('id', 'in', ids).execute())
}

test('every key keeps its own rules, and other devices are told', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  const phone = await alice.device()
  for (const [i, name] of KEYS.entries()) {
    const key: tl.InputPrivacyKey = { _: `inputPrivacyKey${name}` }
    const rules: tl.InputPrivacyRule[] = [
      { _: 'inputPrivacyValueAllowUsers', users: [alice.userOf(bob)] },
      { _: i % 2 ? 'inputPrivacyValueDisallowAll' : 'inputPrivacyValueAllowContacts' },
    ]
    const answer = await alice.call('account.setPrivacy', { key, rules })
    const kept = [
      { _: 'privacyValueAllowUsers', users: [bob.id] },
      { _: i % 2 ? 'privacyValueDisallowAll' : 'privacyValueAllowContacts' },
    ]
    assert.deepEqual(answer.rules, kept)
    assert.deepEqual(
      answer.users.map((u) => u.id),
      [bob.id],
    )
    assert.deepEqual(plain(await phone.updates()), [
      { _: 'updatePrivacy', key: { _: `privacyKey${name}` }, rules: kept },
    ])
    assert.deepEqual((await phone.call('account.getPrivacy', { key })).rules, kept)
  }
  assert.deepEqual(await alice.updates(), [])
  assert.deepEqual(await bob.updates(), [])
})

test('rules that are refused', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  const key = { _: 'inputPrivacyKeyAbout' } as const
  const all = { _: 'inputPrivacyValueAllowAll' } as const
  const chats = (...ids: number[]) => ({ _: 'inputPrivacyValueAllowChatParticipants' as const, chats: ids })
  const users = (...list: tl.InputUser[]) => ({ _: 'inputPrivacyValueAllowUsers' as const, users: list })
  const set = (error: string, ...rules: tl.InputPrivacyRule[]) =>
    alice.fails(error, 'account.setPrivacy', { key, rules })
  await set('PRIVACY_VALUE_INVALID')
  await set('PRIVACY_VALUE_INVALID', all, all)
  await set('PRIVACY_VALUE_INVALID', { _: 'inputPrivacyValueAllowCloseFriends' }, all)
  await set('PRIVACY_VALUE_INVALID', chats(1))
  await set('PRIVACY_TOO_LONG', chats(...new Array<number>(1001).fill(1)))
  await set('PRIVACY_TOO_LONG', ...new Array<tl.InputPrivacyRule>(13).fill(all))
  await set('USER_ID_INVALID', users({ ...alice.userOf(bob), accessHash: 1n }))
  assert.deepEqual((await alice.call('account.getPrivacy', { key })).rules, [{ _: 'privacyValueAllowAll' }])
})

test('strangers can be asked for Premium before they write', async () => {
  await using server = await startTestServer()
  const names = ['Alice', 'Bob', 'Carol', 'Dave'] as const
  const [alice, bob, carol, dave] = (await server.people(...names)) as [Person, Person, Person, Person]
  const settings: tl.GlobalPrivacySettings = { _: 'globalPrivacySettings', newNoncontactPeersRequirePremium: true }
  await alice.fails('PREMIUM_ACCOUNT_REQUIRED', 'account.setGlobalPrivacySettings', { settings })
  await makePremium(server, alice, dave)
  assert.deepEqual(plain(await alice.call('account.setGlobalPrivacySettings', { settings })), settings)
  await alice.call('contacts.addContact', { id: alice.userOf(bob), firstName: 'Bob', lastName: '', phone: '' })
  const needs = async (who: Person) => {
    const id = who.userOf(alice)
    const [requirement] = await who.call('users.getRequirementsToContact', { id: [id] })
    const { fullUser } = await who.call('users.getFullUser', { id })
    assert.equal(fullUser.contactRequirePremium === true, requirement?._ === 'requirementToContactPremium')
    return fullUser.contactRequirePremium === true
  }
  assert.deepEqual([await needs(bob), await needs(carol), await needs(dave)], [false, true, false])
  const hello = { peer: carol.peerOf(alice), message: 'hello', randomId: 1n }
  await carol.fails('PRIVACY_PREMIUM_REQUIRED', 'messages.sendMessage', hello)
  await dave.say(alice, 'hello')
  const [seen] = await carol.call('users.getUsers', { id: [carol.userOf(alice)] })
  assert.equal((seen as tl.user).contactRequirePremium, true)
  const both = await alice.call('users.getRequirementsToContact', { id: [alice.userOf(bob), { _: 'inputUserSelf' }] })
  assert.deepEqual(
    both.map((one) => one._),
    ['requirementToContactEmpty', 'requirementToContactEmpty'],
  )
})

test('global settings last, and hidden read marks follow last seen', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  assert.deepEqual(plain(await alice.call('account.getGlobalPrivacySettings', {})), { _: 'globalPrivacySettings' })
  const settings: tl.GlobalPrivacySettings = {
    _: 'globalPrivacySettings',
    archiveAndMuteNewNoncontactPeers: true,
    keepArchivedUnmuted: true,
    keepArchivedFolders: true,
    hideReadMarks: true,
    displayGiftsButton: true,
  }
  await alice.call('account.setGlobalPrivacySettings', { settings })
  const phone = await alice.device()
  assert.deepEqual(plain(await phone.call('account.getGlobalPrivacySettings', {})), settings)
  const full = async () => (await bob.call('users.getFullUser', { id: bob.userOf(alice) })).fullUser
  assert.deepEqual([(await full()).readDatesPrivate, (await full()).displayGiftsButton], [undefined, true])
  const key = { _: 'inputPrivacyKeyStatusTimestamp' } as const
  await alice.call('account.setPrivacy', { key, rules: [{ _: 'inputPrivacyValueDisallowAll' }] })
  assert.equal((await full()).readDatesPrivate, true)
})

test('sensitive content and the time to live of new chats', async () => {
  await using server = await startTestServer()
  const [alice] = (await server.people('Alice')) as [Person]
  const phone = await alice.device()
  const content = async () => plain(await phone.call('account.getContentSettings', {}))
  assert.deepEqual(await content(), { _: 'account.contentSettings', sensitiveCanChange: true })
  await alice.call('account.setContentSettings', { sensitiveEnabled: true })
  assert.equal((await content()).sensitiveEnabled, true)
  await alice.call('account.setContentSettings', {})
  assert.equal((await content()).sensitiveEnabled, undefined)

  const period = async () => (await phone.call('messages.getDefaultHistoryTTL', {})).period
  assert.equal(await period(), 0)
  await alice.call('messages.setDefaultHistoryTTL', { period: 7 * DAY })
  assert.equal(await period(), 7 * DAY)
  for (const wrong of [-DAY, 60, 367 * DAY]) {
    await alice.fails('TTL_PERIOD_INVALID', 'messages.setDefaultHistoryTTL', { period: wrong })
  }
  await alice.call('messages.setDefaultHistoryTTL', { period: 0 })
  assert.equal(await period(), 0)
})

test('new chats of strangers go into the archive, muted, where that is wanted', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  await alice.call('contacts.addContact', { id: alice.userOf(bob), firstName: 'Bob', lastName: '', phone: '' })
  const settings: tl.GlobalPrivacySettings = { _: 'globalPrivacySettings', archiveAndMuteNewNoncontactPeers: true }
  await alice.call('account.setGlobalPrivacySettings', { settings })
  const chat = async (other: Person) => {
    const { fullUser } = await alice.call('users.getFullUser', { id: alice.userOf(other) })
    return [fullUser.folderId, fullUser.notifySettings.muteUntil, fullUser.settings.autoarchived]
  }
  await bob.say(alice, 'hello')
  await carol.say(alice, 'hello')
  assert.deepEqual(await chat(bob), [undefined, undefined, undefined])
  assert.deepEqual(await chat(carol), [1, 0x7fffffff, true])
  const told = (await alice.updates()).map((u) => u._)
  assert.ok(told.includes('updateFolderPeers') && told.includes('updateNotifySettings'))
  await carol.say(alice, 'again')
  assert.deepEqual(await chat(carol), [1, 0x7fffffff, true], 'and stay there')
})
