import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, plain, startTestServer } from '../../../test/harness/index.ts'

const DAY = 86_400

test('a chat that is new to someone gets their time to live with their first message', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  await alice.call('messages.setDefaultHistoryTTL', { period: 7 * DAY })
  await bob.say(alice, 'first')
  assert.equal((await bob.call('users.getFullUser', { id: bob.userOf(alice) })).fullUser.ttlPeriod, undefined)
  await bob.updates()
  await alice.updates()

  await alice.say(bob, 'hello')
  const told = await bob.updates()
  const service = told.find((u) => u.message?._ === 'messageService')
  assert.deepEqual(plain(service.message.action), {
    _: 'messageActionSetMessagesTTL',
    period: 7 * DAY,
    autoSettingFrom: BigInt(alice.id),
  })
  const update = { _: 'updatePeerHistoryTTL', peer: alice.peerId, ttlPeriod: 7 * DAY }
  assert.deepEqual(plain(told.find((u) => u._ === 'updatePeerHistoryTTL')), update)
  assert.equal((await alice.updates()).length, 2, 'the caller is told of the setting, too')
  for (const [one, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    assert.equal((await one.call('users.getFullUser', { id: one.userOf(other) })).fullUser.ttlPeriod, 7 * DAY)
  }
  await alice.say(bob, 'again')
  await alice.say(alice, 'note')
  assert.equal((await bob.updates()).length, 1)

  // Who has begun already keeps the chat as it is.
  await alice.call('messages.setDefaultHistoryTTL', { period: 0 })
  await alice.say(carol, 'hello')
  await alice.call('messages.setDefaultHistoryTTL', { period: DAY })
  await alice.say(carol, 'again')
  assert.equal((await alice.call('users.getFullUser', { id: alice.userOf(carol) })).fullUser.ttlPeriod, undefined)
})
