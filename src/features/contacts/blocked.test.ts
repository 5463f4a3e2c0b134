import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, plain, startTestServer } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'

const peers = (list: tl.contacts_Blocked) => list.blocked.map((b) => (b.peerId as tl.peerUser).userId)

test('blocking tells my other devices, once', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  const phone = await alice.device()
  await alice.call('contacts.block', { id: alice.peerOf(bob) })
  await alice.call('contacts.block', { id: alice.peerOf(bob) })
  assert.deepEqual(await phone.updates(), [{ _: 'updatePeerBlocked', peerId: bob.peerId, blocked: true }])
  assert.deepEqual(await bob.updates(), [])
  const full = async () => (await alice.call('users.getFullUser', { id: alice.userOf(bob) })).fullUser
  assert.equal((await full()).blocked, true)
  await alice.call('contacts.unblock', { id: alice.peerOf(bob) })
  await alice.call('contacts.unblock', { id: alice.peerOf(bob) })
  assert.deepEqual(plain(await phone.updates()), [{ _: 'updatePeerBlocked', peerId: bob.peerId }])
  assert.equal((await full()).blocked, undefined)
})

test('the two lists are apart', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  await alice.call('contacts.block', { id: alice.peerOf(bob) })
  await alice.call('contacts.block', { id: alice.peerOf(carol), myStoriesFrom: true })
  const list = (myStoriesFrom: boolean) => alice.call('contacts.getBlocked', { myStoriesFrom, offset: 0, limit: 100 })
  assert.deepEqual(peers(await list(false)), [bob.id])
  assert.deepEqual(peers(await list(true)), [carol.id])
  const { fullUser } = await alice.call('users.getFullUser', { id: alice.userOf(carol) })
  assert.deepEqual([fullUser.blocked, fullUser.blockedMyStoriesFrom], [undefined, true])
})

test('a long list comes in pages, the latest first', async () => {
  await using server = await startTestServer()
  const [alice, ...others] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  for (const other of others) {
    await alice!.call('contacts.block', { id: alice!.peerOf(other) })
    server.clock.advance(1)
  }
  const ids = others.map((other) => other.id).reverse()
  const whole = await alice!.call('contacts.getBlocked', { offset: 0, limit: 3 })
  assert.equal(whole._, 'contacts.blocked')
  assert.deepEqual(peers(whole), ids)
  const part = await alice!.call('contacts.getBlocked', { offset: 1, limit: 1 })
  assert.ok(part._ === 'contacts.blockedSlice')
  assert.equal(part.count, 3)
  assert.deepEqual(peers(part), [ids[1]])
})

test('a blocklist can be replaced whole', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = (await server.people('Alice', 'Bob', 'Carol', 'Dave')) as [
    Person,
    Person,
    Person,
    Person,
  ]
  await alice.call('contacts.block', { id: alice.peerOf(bob) })
  await alice.call('contacts.block', { id: alice.peerOf(carol) })
  const phone = await alice.device()
  await alice.call('contacts.setBlocked', { id: [carol, dave].map((one) => alice.peerOf(one)), limit: 100 })
  assert.deepEqual(plain(await phone.updates()), [
    { _: 'updatePeerBlocked', peerId: bob.peerId },
    { _: 'updatePeerBlocked', peerId: dave.peerId, blocked: true },
  ])
  const list = await alice.call('contacts.getBlocked', { offset: 0, limit: 10 })
  assert.deepEqual(
    peers(list).sort((a, b) => a - b),
    [carol.id, dave.id],
  )
  // What speaks in a name of its own stands in the list as people do.
  const channel = await makeChannel('channel', bob, alice)
  await phone.updates()
  await alice.call('contacts.setBlocked', { id: [channel.peer(alice), alice.peerOf(dave)], limit: 100 })
  assert.deepEqual(plain(await phone.updates()), [
    { _: 'updatePeerBlocked', peerId: carol.peerId },
    { _: 'updatePeerBlocked', peerId: channel.peerId, blocked: true },
  ])
  const now = await alice.call('contacts.getBlocked', { offset: 0, limit: 10 })
  assert.deepEqual(
    now.chats.map((chat) => chat.id),
    [channel.id],
  )
})

test('what cannot be blocked', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  await alice.fails('CONTACT_ID_INVALID', 'contacts.block', { id: { _: 'inputPeerSelf' } })
  await alice.fails('PEER_ID_INVALID', 'contacts.block', { id: { ...alice.peerOf(bob), accessHash: 1n } })
  await alice.fails('PEER_ID_INVALID', 'contacts.block', { id: { _: 'inputPeerEmpty' } })
  await alice.fails('PEER_ID_INVALID', 'contacts.unblock', { id: { _: 'inputPeerChat', chatId: 1 } })
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ deleted: 1 }).where('id', '=', bob.id).execute(),
  )
  await alice.fails('INPUT_USER_DEACTIVATED', 'contacts.block', { id: alice.peerOf(bob) })
})
