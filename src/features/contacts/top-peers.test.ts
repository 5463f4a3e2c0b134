import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, plain, startTestServer, type TestServer } from '../../../test/harness/index.ts'
import { access } from '../../domain/access.ts'
import { listHash } from '../../domain/list-hash.ts'
import { sendMessage } from '../../domain/send.ts'
import { countTopPeer, RATING_DECAY } from '../../domain/top-peers.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

const asked = { correspondents: true, offset: 0, limit: 100, hash: 0n } as const

async function write(server: TestServer, from: Person, to: Person): Promise<void> {
  await new Context(server.app, from.id).transact(async (tx) => {
    const self = await access.user(tx, { _: 'inputUserSelf' })
    await sendMessage(tx, self, await access.peer(tx, from.peerOf(to)), { text: 'hello' })
  })
}

async function correspondents(who: Person): Promise<[id: number, rating: number][]> {
  const top = await who.call('contacts.getTopPeers', asked)
  assert.ok(top._ === 'contacts.topPeers')
  const [category] = top.categories
  assert.equal(category?.category._, 'topPeerCategoryCorrespondents')
  assert.equal(category.count, category.peers.length)
  return category.peers.map((p) => [(p.peer as tl.peerUser).userId, Number(p.rating.toFixed(3))])
}

test('whom one writes to rises, and falls with time', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  await write(server, alice, carol)
  await write(server, alice, carol)
  assert.deepEqual(await correspondents(alice), [[carol.id, 1]], 'what is written within a minute is one use')
  server.clock.advance(60)
  await write(server, alice, carol)
  server.clock.advance(RATING_DECAY)
  await write(server, alice, bob)
  assert.deepEqual(await correspondents(alice), [
    [bob.id, 1],
    [carol.id, 0.736],
  ])
  assert.deepEqual(await correspondents(bob), [], 'being written to counts for nothing')
})

test('the hash tells that nothing changed, a reset forgets, and the whole can be switched off', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  const count = (peer: number, category: 'forwardUsers' | 'correspondents') =>
    new Context(server.app, alice.id).transact((tx) => countTopPeer(tx, alice.id, peer, category))
  await write(server, alice, bob)
  server.clock.advance(3600)
  await write(server, alice, carol)
  await count(bob.id, 'forwardUsers')
  const both = { ...asked, forwardUsers: true }
  const hash = listHash([carol.id, bob.id, bob.id])
  assert.deepEqual(await alice.call('contacts.getTopPeers', { ...both, hash }), { _: 'contacts.topPeersNotModified' })
  const category = { _: 'topPeerCategoryCorrespondents' } as const
  await alice.call('contacts.resetTopPeerRating', { category, peer: alice.peerOf(carol) })
  const top = await alice.call('contacts.getTopPeers', { ...both, hash })
  assert.ok(top._ === 'contacts.topPeers')
  assert.deepEqual(plain(top.categories.map((c) => c.peers.map((p) => p.peer))), [[bob.peerId], [bob.peerId]])
  await alice.call('contacts.toggleTopPeers', { enabled: false })
  assert.deepEqual(await alice.call('contacts.getTopPeers', asked), { _: 'contacts.topPeersDisabled' })
  await write(server, alice, carol)
  await alice.call('contacts.toggleTopPeers', { enabled: true })
  assert.deepEqual(await correspondents(alice), [])
  await write(server, alice, carol)
  assert.deepEqual(await correspondents(alice), [[carol.id, 1]])
  await alice.fails('TYPES_EMPTY', 'contacts.getTopPeers', { offset: 0, limit: 10, hash: 0n })
  await alice.fails('PEER_ID_INVALID', 'contacts.resetTopPeerRating', { category, peer: { _: 'inputPeerEmpty' } })
})
