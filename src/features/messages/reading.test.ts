import assert from 'node:assert/strict'
import { plain, startTestServer, test } from '../../../test/harness/index.ts'
import { copies, history, makeGroup, texts } from './test-group.ts'

test('history is read in pages', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const ids: number[] = []
  for (let i = 1; i <= 7; i++) ids.push(await alice.say(bob, `m${i}`))
  const peer = alice.peerOf(bob)
  assert.deepEqual(texts(await history(alice, peer, { limit: 2 })), ['m7', 'm6'])
  assert.deepEqual(texts(await history(alice, peer, { offsetId: ids[2]!, limit: 2 })), ['m2', 'm1'])
  assert.deepEqual(texts(await history(alice, peer, { offsetId: ids[3]!, addOffset: -2, limit: 4 })), [
    'm5',
    'm4',
    'm3',
    'm2',
  ])
  const part = await alice.call('messages.getHistory', {
    peer,
    offsetId: 0,
    offsetDate: 0,
    addOffset: 5,
    limit: 100,
    maxId: 0,
    minId: 0,
    hash: 0n,
  })
  assert.ok(part._ === 'messages.messagesSlice')
  assert.deepEqual([part.count, texts(part.messages)], [7, ['m2', 'm1']])
  await server.clock.advance(100)
  await alice.say(bob, 'm8')
  const { date } = (await history(alice, peer, { limit: 1 }))[0]!
  assert.deepEqual(texts(await history(alice, peer, { offsetDate: date, limit: 1 })), ['m7'])
})

test('a client that has the page already is told so', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.say(bob, 'a')
  const id = await alice.say(bob, 'b')
  const { listHash } = await import('../../domain/list-hash.ts')
  const page = { peer: alice.peerOf(bob), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 }
  const same = await alice.call('messages.getHistory', { ...page, hash: listHash([id, id - 1]) })
  assert.deepEqual(plain(same), { _: 'messages.messagesNotModified', count: 2 })
  assert.equal((await alice.call('messages.getHistory', { ...page, hash: 5n }))._, 'messages.messages')
})

test('messages by their ids, and those they answer', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const first = await alice.say(bob, 'first')
  await alice.call('messages.sendMessage', {
    peer: alice.peerOf(bob),
    message: 'second',
    replyTo: { _: 'inputReplyToMessage', replyToMsgId: first },
    randomId: 1n,
  })
  const { messages } = (await alice.call('messages.getMessages', {
    id: [
      { _: 'inputMessageReplyTo', id: first + 1 },
      { _: 'inputMessageID', id: 999 },
      { _: 'inputMessageID', id: first },
    ],
  })) as any
  assert.deepEqual(
    messages.map((m: any) => m.message ?? m._),
    ['first', 'messageEmpty', 'first'],
  )
  const id = Array.from({ length: 101 }, (_, i) => ({ _: 'inputMessageID' as const, id: i }))
  await alice.fails('LIMIT_INVALID', 'messages.getMessages', { id })
})

test('reading a private chat is told to one’s devices and to the other side', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await bob.call('messages.sendMessage', { peer: { _: 'inputPeerSelf' }, message: 'moves ids', randomId: 1n })
  for (const text of ['one', 'two', 'three']) await alice.say(bob, text)
  const phone = await bob.device()
  const got = await history(bob, bob.peerOf(alice))
  const answer = await bob.call('messages.readHistory', { peer: bob.peerOf(alice), maxId: got[1]!.id })
  assert.equal(answer.ptsCount, 1)
  const [inbox] = await phone.updates()
  assert.deepEqual(
    [inbox._, inbox.peer, inbox.maxId, inbox.stillUnreadCount, inbox.pts],
    ['updateReadHistoryInbox', alice.peerId, got[1]!.id, 1, answer.pts],
  )
  const [outbox] = await alice.updates()
  const mine = await history(alice, alice.peerOf(bob))
  assert.deepEqual([outbox._, outbox.peer, outbox.maxId], ['updateReadHistoryOutbox', bob.peerId, mine[1]!.id])
  // Once more changes nothing; 0 reads all.
  assert.equal((await bob.call('messages.readHistory', { peer: bob.peerOf(alice), maxId: got[1]!.id })).ptsCount, 0)
  await bob.call('messages.readHistory', { peer: bob.peerOf(alice), maxId: 0 })
  const [all] = await alice.updates()
  assert.equal(all.maxId, mine[0]!.id)
  assert.deepEqual(
    (await phone.updates()).map((u) => u.stillUnreadCount),
    [0],
  )
})

test('in a group each author hears from the first reader', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice, bob, carol)
  const [fromAlice, fromBob] = [await alice.say(group.peer, 'a'), await bob.say(group.peer, 'b')]
  for (const person of [alice, bob, carol]) await person.updates()
  await carol.call('messages.readHistory', { peer: group.peer, maxId: 0 })
  const outbox = async (person: typeof alice) => (await person.updatesOf('updateReadHistoryOutbox')).map((u) => u.maxId)
  assert.deepEqual(await outbox(alice), [fromAlice])
  assert.deepEqual(await outbox(bob), [fromBob])
  await bob.call('messages.readHistory', { peer: group.peer, maxId: 0 })
  assert.deepEqual(await outbox(alice), [], 'the first reader counts')
  await alice.call('messages.readHistory', { peer: group.peer, maxId: fromAlice })
  assert.deepEqual(await outbox(bob), [])
})

test('deleting for oneself leaves the others theirs', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const [one, two] = [await alice.say(bob, 'one'), await alice.say(bob, 'two')]
  await bob.updates()
  const phone = await alice.device()
  const answer = await alice.call('messages.deleteMessages', { id: [one, two, 999] })
  assert.equal(answer.ptsCount, 2)
  const [told] = await phone.updates()
  assert.deepEqual([told._, told.messages, told.pts], ['updateDeleteMessages', [one, two], answer.pts])
  assert.deepEqual(await copies(alice, one), [undefined])
  assert.deepEqual(texts(await history(bob, bob.peerOf(alice))), ['two', 'one'])
  assert.deepEqual(await bob.updates(), [])
  assert.equal((await alice.call('messages.deleteMessages', { id: [one] })).ptsCount, 0)
})

test('deleting for everybody takes the copies, the counters and the top message along', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.say(bob, 'stays')
  const id = await alice.say(bob, 'goes')
  const [there] = await history(bob, bob.peerOf(alice))
  await bob.updates()
  await alice.call('messages.deleteMessages', { id: [id], revoke: true })
  const [told] = await bob.updates()
  assert.deepEqual([told._, told.messages], ['updateDeleteMessages', [there!.id]])
  assert.deepEqual(texts(await history(bob, bob.peerOf(alice))), ['stays'])
  const dialog = await server.app.store.db
    .selectFrom('dialog')
    .selectAll()
    .where('owner', '=', bob.id)
    .where('peer', '=', alice.id)
    .executeTakeFirstOrThrow()
  assert.deepEqual([dialog.top_message, dialog.unread, dialog.messages], [there!.id - 1, 1, 1])
  // Either side may take back what the other wrote.
  await bob.call('messages.deleteMessages', { id: [there!.id - 1], revoke: true })
  assert.deepEqual(await history(alice, alice.peerOf(bob)), [])
})

test('in a group one takes back one’s own, an administrator everything', async () => {
  await using server = await startTestServer({ settings: { limits: { revokeSeconds: 100 } } })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice, bob, carol)
  const late = await bob.say(group.peer, 'late')
  await server.clock.advance(101)
  const id = await bob.say(group.peer, 'bob’s')
  const seen = (await history(carol, group.peer))[0]!
  await carol.fails('MESSAGE_DELETE_FORBIDDEN', 'messages.deleteMessages', { id: [seen.id], revoke: true })
  await bob.fails('MESSAGE_DELETE_FORBIDDEN', 'messages.deleteMessages', { id: [late], revoke: true })
  await carol.updates()
  await bob.call('messages.deleteMessages', { id: [id], revoke: true })
  assert.deepEqual(
    (await carol.updatesOf('updateDeleteMessages')).map((u) => u.messages),
    [[seen.id]],
  )
  const own = (await history(alice, group.peer))[0]!
  assert.equal(own.message, 'late')
  await alice.call('messages.deleteMessages', { id: [own.id], revoke: true })
  assert.deepEqual(await copies(bob, late), [undefined])
})
