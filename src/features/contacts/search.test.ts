import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, startTestServer } from '../../../test/harness/index.ts'
import { fromPeer } from '../../domain/peers.ts'

async function find(who: Person, q: string, more: { limit?: number; bots?: boolean } = {}) {
  const found = await who.call('contacts.search', { q, limit: 10, ...more })
  return { mine: found.myResults.map(fromPeer), global: found.results.map(fromPeer) }
}

test('contacts are found by the names they were saved under and by their own, accents and case aside', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Björn', 'Carol')) as [Person, Person, Person]
  await alice.call('contacts.addContact', { id: alice.userOf(bob), firstName: 'Émile', lastName: 'Zola', phone: '' })
  for (const q of ['emile', 'ÉMI', 'zola em', 'bjorn', 'BJÖ']) {
    assert.deepEqual(await find(alice, q), { mine: [bob.id], global: [] }, q)
  }
  for (const q of ['mile', 'carol', 'emile carol', '!!']) assert.deepEqual((await find(alice, q)).mine, [], q)
  assert.deepEqual((await find(carol, 'bjorn')).mine, [])
  await alice.fails('SEARCH_QUERY_EMPTY', 'contacts.search', { q: ' ', limit: 10 })
  await alice.fails('QUERY_TOO_SHORT', 'contacts.search', { q: '@', limit: 10 })
})

test('usernames are found by their beginning, one’s own peers apart from strangers', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = (await server.people('Alice', 'Bob', 'Carol', 'Dave')) as [
    Person,
    Person,
    Person,
    Person,
  ]
  for (const [one, username] of [
    [bob, 'zeppelin'],
    [carol, 'Zeppo_x'],
    [dave, 'other'],
  ] as const) {
    await one.call('account.updateUsername', { username })
  }
  await alice.call('contacts.addContact', { id: alice.userOf(bob), firstName: 'Bob', lastName: '', phone: '' })
  assert.deepEqual(await find(alice, '@ZEPP'), { mine: [bob.id], global: [carol.id] })
  assert.deepEqual(await find(alice, 'zepp', { limit: 1 }), { mine: [bob.id], global: [carol.id] })
  assert.deepEqual(await find(alice, 'ze'), { mine: [bob.id], global: [] }, 'two letters find no strangers')
  assert.deepEqual(await find(alice, 'zepp', { bots: true }), { mine: [], global: [] })
  assert.deepEqual(await find(bob, 'zeppelin'), { mine: [], global: [] }, 'nobody finds themselves')
})

test('groups are found by their titles, by those who are in them', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  await alice.call('messages.createChat', { users: [alice.userOf(bob)], title: 'Grüne Küche' })
  const [{ mine }, theirs, others] = [
    await find(alice, 'kuche'),
    await find(bob, 'grune k'),
    await find(carol, 'küche'),
  ]
  assert.equal(mine.length, 1)
  assert.ok(mine[0]! < 0)
  assert.deepEqual(theirs.mine, mine)
  assert.deepEqual(others, { mine: [], global: [] })
  await bob.call('messages.deleteChatUser', { chatId: -mine[0]!, userId: { _: 'inputUserSelf' } })
  assert.deepEqual((await find(bob, 'kuche')).mine, [])
})
