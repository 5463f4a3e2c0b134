import assert from 'node:assert/strict'
import { plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'
import { copies, history, makeGroup, texts } from './test-group.ts'

test('forwarded messages tell from whom and when they are', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const ids = [await alice.say(bob, 'one'), await alice.say(bob, 'two')]
  const [two, one] = await history(bob, bob.peerOf(alice))
  await server.clock.advance(60)
  const answer = await bob.call('messages.forwardMessages', {
    fromPeer: bob.peerOf(alice),
    id: [one!.id, two!.id],
    randomId: [11n, 12n],
    toPeer: bob.peerOf(carol),
  })
  const updates = unpack(answer)
  assert.deepEqual(
    updates.map((u) => u._),
    ['updateMessageID', 'updateMessageID', 'updateNewMessage', 'updateNewMessage'],
  )
  assert.deepEqual(
    updates.slice(0, 2).map((u) => u.randomId),
    [11n, 12n],
  )
  const got = await history(carol, carol.peerOf(bob))
  assert.deepEqual(texts(got), ['two', 'one'])
  assert.deepEqual(plain(got[0]!.fwdFrom), { _: 'messageFwdHeader', fromId: plain(alice.peerId), date: two!.date })
  assert.ok(got[0]!.date >= two!.date + 60)
  // A forward of a forward keeps its first author.
  await carol.call('messages.forwardMessages', {
    fromPeer: carol.peerOf(bob),
    id: [got[0]!.id],
    randomId: [1n],
    toPeer: carol.peerOf(alice),
  })
  const [back] = await history(alice, alice.peerOf(carol))
  assert.deepEqual(plain(back!.fwdFrom), { _: 'messageFwdHeader', fromId: plain(alice.peerId), date: two!.date })
  assert.deepEqual(texts((await copies(alice, ...ids)) as any), ['one', 'two'])
})

test('the author may be left out, or only named where they will not be linked to', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await alice.say(bob, 'secret')
  const [row] = await history(bob, bob.peerOf(alice))
  const forward = (randomId: bigint, rest = {}) =>
    bob.call('messages.forwardMessages', {
      fromPeer: bob.peerOf(alice),
      id: [row!.id],
      randomId: [randomId],
      toPeer: bob.peerOf(carol),
      ...rest,
    })
  await forward(1n, { dropAuthor: true })
  assert.equal((await history(carol, carol.peerOf(bob)))[0]!.fwdFrom, undefined)
  const rules = JSON.stringify([{ rule: 'disallowAll' }])
  await server.app.store.transact((trx) =>
    trx.insertInto('privacy').values({ owner: alice.id, key: 'forwards', rules }).execute(),
  )
  await forward(2n)
  const { fwdFrom } = (await history(carol, carol.peerOf(bob)))[0]!
  assert.deepEqual([fwdFrom?.fromName, fwdFrom?.fromId], ['Alice', undefined])
})

test('saved messages know where they are from', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.say(bob, 'keep me')
  const [row] = await history(bob, bob.peerOf(alice))
  await bob.call('messages.forwardMessages', {
    fromPeer: bob.peerOf(alice),
    id: [row!.id],
    randomId: [1n],
    toPeer: { _: 'inputPeerSelf' },
  })
  const [kept] = await history(bob, { _: 'inputPeerSelf' })
  assert.deepEqual(kept!.savedPeerId, alice.peerId)
  assert.deepEqual([kept!.fwdFrom?.savedFromPeer, kept!.fwdFrom?.savedFromMsgId], [alice.peerId, row!.id])
})

test('what was forwarded before is saved with who forwarded it, by name where they hide', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const self: tl.InputPeer = { _: 'inputPeerSelf' }
  await alice.say(bob, 'pass it on')
  const [his] = await history(bob, bob.peerOf(alice))
  const { id, date: said } = his!
  await server.clock.advance(60)
  await bob.call('messages.forwardMessages', {
    ...{ fromPeer: bob.peerOf(alice), toPeer: bob.peerOf(carol) },
    ...{ id: [id], randomId: [1n] },
  })
  const [got] = await history(carol, carol.peerOf(bob))
  const tablet = await carol.device()
  const save = async (randomId: bigint) => {
    await carol.call('messages.forwardMessages', {
      ...{ fromPeer: carol.peerOf(bob), toPeer: self },
      ...{ id: [got!.id], randomId: [randomId] },
    })
    const [update] = await tablet.updatesOf('updateNewMessage')
    return plain((update!.message as tl.message).fwdFrom)
  }
  const kept = {
    ...{ _: 'messageFwdHeader', fromId: plain(alice.peerId), date: said },
    ...{ savedFromPeer: plain(bob.peerId), savedFromMsgId: got!.id, savedDate: got!.date },
  }
  assert.deepEqual(await save(2n), { ...kept, savedFromId: plain(bob.peerId) })
  await bob.call('account.setPrivacy', {
    key: { _: 'inputPrivacyKeyForwards' },
    rules: [{ _: 'inputPrivacyValueDisallowAll' }],
  })
  assert.deepEqual(await save(3n), { ...kept, savedFromName: 'Bob' })
})

test('one’s own words in a group are saved as one’s own', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const town = await makeChannel('group', alice, bob)
  const ids = [await alice.say(town.peer(alice), 'mine'), await bob.say(town.peer(bob), 'his')]
  await alice.call('messages.forwardMessages', {
    ...{ fromPeer: town.peer(alice), id: ids, randomId: [1n, 2n], toPeer: { _: 'inputPeerSelf' } },
  })
  const kept = await history(alice, { _: 'inputPeerSelf' })
  assert.deepEqual(
    kept.map((m) => [m.message, m.fwdFrom?.savedOut]),
    [
      ['his', undefined],
      ['mine', true],
    ],
  )
})

test('what may not be forwarded is not', async () => {
  // Documented with code 500, which otherwise is a fault of ours.
  await using server = await startTestServer({ undocumented: ['messages.forwardMessages RANDOM_ID_DUPLICATE'] })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeGroup(alice, bob)
  const id = await alice.say(group.peer, 'inside')
  const toPeer = alice.peerOf(bob)
  const forward = { fromPeer: group.peer, id: [id], randomId: [1n], toPeer }
  await alice.fails('RANDOM_ID_INVALID', 'messages.forwardMessages', { ...forward, randomId: [1n, 2n] })
  await alice.fails('RANDOM_ID_DUPLICATE', 'messages.forwardMessages', { ...forward, id: [id, id], randomId: [1n, 1n] })
  await alice.fails('MESSAGE_IDS_EMPTY', 'messages.forwardMessages', { ...forward, id: [], randomId: [] })
  await alice.fails('MESSAGE_ID_INVALID', 'messages.forwardMessages', { ...forward, id: [999] })
  await alice.fails('MESSAGE_ID_INVALID', 'messages.forwardMessages', { ...forward, fromPeer: toPeer })
  const [created] = (await history(alice, group.peer)).slice(-1)
  await alice.fails('MESSAGE_ID_INVALID', 'messages.forwardMessages', { ...forward, id: [created!.id] })
  await alice.call('messages.sendMessage', { peer: group.peer, message: 'guarded', noforwards: true, randomId: 5n })
  const [guarded] = await history(alice, group.peer)
  assert.equal(guarded!.noforwards, true)
  await alice.fails('CHAT_FORWARDS_RESTRICTED', 'messages.forwardMessages', { ...forward, id: [guarded!.id] })
  await server.app.store.transact((trx) =>
    trx.updateTable('chat').set({ noforwards: 1 }).where('id', '=', group.id).execute(),
  )
  await alice.fails('CHAT_FORWARDS_RESTRICTED', 'messages.forwardMessages', forward)
})
