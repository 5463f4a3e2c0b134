import assert from 'node:assert/strict'
import { plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { history, makeGroup, texts } from './test-group.ts'

test('a text in a private chat reaches both sides and their devices', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  const sent = await alice.call('messages.sendMessage', {
    peer: alice.peerOf(bob),
    message: ' hi @bob1 ',
    randomId: 7n,
  })
  assert.ok(sent._ === 'updateShortSentMessage')
  assert.deepEqual(plain(sent.entities), [{ _: 'messageEntityMention', offset: 3, length: 5 }])
  const [got] = await bob.updates()
  assert.equal(got.message.message ?? got.message, 'hi @bob1')
  const [own] = await phone.updates()
  assert.equal(own.message.out, true)
  assert.equal(own.message.id, sent.id)
  assert.equal(own.pts, sent.pts)
  assert.deepEqual(await alice.updates(), [], 'the calling session has it in its answer')
  assert.deepEqual(texts(await history(bob, bob.peerOf(alice))), ['hi @bob1'])
})

test('the same random id sends once and gets the same answer', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const send = () => alice.call('messages.sendMessage', { peer: alice.peerOf(bob), message: 'once', randomId: 42n })
  const first = await send()
  assert.deepEqual(plain(await send()), plain(first))
  assert.deepEqual(await bob.texts(), ['once'])
  const group = await makeGroup(alice, bob)
  const toGroup = () => alice.call('messages.sendMessage', { peer: group.peer, message: 'once', randomId: 43n })
  const one = await toGroup()
  assert.deepEqual(unpack(await toGroup())[1].message.id, unpack(one)[1].message.id)
  assert.deepEqual(await bob.texts(), ['once'])
  await alice.fails('RANDOM_ID_EMPTY', 'messages.sendMessage', { peer: group.peer, message: 'x', randomId: 0n })
})

test('texts are refused that say nothing or too much, or are marked out of bounds', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  await alice.fails('MESSAGE_EMPTY', 'messages.sendMessage', { peer, message: ' \n', randomId: 1n })
  await alice.fails('MESSAGE_TOO_LONG', 'messages.sendMessage', { peer, message: 'x'.repeat(4097), randomId: 1n })
  const entities: tl.MessageEntity[] = [{ _: 'messageEntityBold', offset: 2, length: 2 }]
  await alice.fails('ENTITY_BOUNDS_INVALID', 'messages.sendMessage', { peer, message: 'abc', entities, randomId: 1n })
  await alice.fails('PEER_ID_INVALID', 'messages.sendMessage', {
    peer: { ...peer, accessHash: 5n },
    message: 'x',
    randomId: 1n,
  })
  await alice.fails('EFFECT_CHAT_INVALID', 'messages.sendMessage', {
    peer: { _: 'inputPeerSelf' },
    message: 'x',
    randomId: 1n,
    effect: 5104841245755180586n,
  })
  await alice.fails('EFFECT_ID_INVALID', 'messages.sendMessage', { peer, message: 'x', randomId: 1n, effect: 5n })
  await alice.fails('SEND_AS_PEER_INVALID', 'messages.sendMessage', { peer, message: 'x', randomId: 1n, sendAs: peer })
  assert.deepEqual(await bob.updates(), [])
})

test('users are named by access, not by number', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const named = (userId: tl.InputUser, offset: number): tl.MessageEntity => ({
    _: 'inputMessageEntityMentionName',
    offset,
    length: 3,
    userId,
  })
  const entities = [named(alice.userOf(carol), 0), named({ ...alice.userOf(carol), accessHash: 1n }, 4)]
  await alice.call('messages.sendMessage', { peer: alice.peerOf(bob), message: 'one two', entities, randomId: 1n })
  const [got] = await bob.updates()
  assert.deepEqual(plain(got.message.entities), [
    { _: 'messageEntityMentionName', offset: 0, length: 3, userId: carol.id },
  ])
})

test('saved messages keep to oneself', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const phone = await alice.device()
  const sent = await alice.call('messages.sendMessage', { peer: { _: 'inputPeerSelf' }, message: 'note', randomId: 1n })
  const [, { message }] = unpack(sent)
  assert.equal(message.out, undefined)
  assert.deepEqual(
    [message.peerId.userId, message.savedPeerId.userId, message.fromId.userId],
    [alice.id, alice.id, alice.id],
  )
  assert.deepEqual(await phone.texts(), ['note'])
})

test('who was blocked writes to nobody, and who blocked is told', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await bob.call('contacts.block', { id: bob.peerOf(alice) })
  await bob.updates()
  const id = await alice.say(bob, 'hello?')
  assert.deepEqual(await bob.updates(), [])
  assert.equal((await history(alice, alice.peerOf(bob)))[0]?.id, id)
  await bob.fails('YOU_BLOCKED_USER', 'messages.sendMessage', { peer: bob.peerOf(alice), message: 'x', randomId: 1n })
})

test('in a group everybody gets a copy with an id of their own', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await bob.say(carol, 'moves the ids apart')
  const group = await makeGroup(alice, bob, carol)
  await carol.updates()
  const sent = await alice.call('messages.sendMessage', {
    peer: group.peer,
    message: 'all',
    randomId: 3n,
    silent: true,
  })
  const [idUpdate, news] = unpack(sent)
  assert.deepEqual([idUpdate._, idUpdate.randomId, idUpdate.id], ['updateMessageID', 3n, news.message.id])
  assert.equal(news.message.silent, true)
  for (const person of [bob, carol]) {
    const got = (await person.updates()).at(-1)
    assert.equal(got.message.message ?? got.message, 'all')
    const [newest] = await history(person, group.peer)
    assert.equal(newest?.message, 'all')
    assert.deepEqual(newest?.fromId, alice.peerId)
  }
})

test('a draft goes when what was drafted is sent', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.say(bob, 'before')
  const draft = Buffer.from([1])
  await server.app.store.transact((trx) =>
    trx.updateTable('dialog').set({ draft, draft_date: 5 }).where('owner', '=', alice.id).execute(),
  )
  const phone = await alice.device()
  const message = { peer: alice.peerOf(bob), message: 'after', clearDraft: true }
  await alice.call('messages.sendMessage', { ...message, randomId: 1n })
  const updates = await phone.updates()
  assert.deepEqual(updates.map((u: any) => u._).sort(), ['updateDraftMessage', 'updateNewMessage'])
  assert.equal(updates.find((u: any) => u._ === 'updateDraftMessage').draft._, 'draftMessageEmpty')
  await alice.call('messages.sendMessage', { ...message, randomId: 2n })
  assert.deepEqual(
    (await phone.updates()).map((u: any) => u._),
    ['updateShortMessage'],
  )
})
