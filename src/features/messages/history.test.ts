import assert from 'node:assert/strict'
import { type Person, plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import { atRest } from '../../domain/message-view.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'
import { copies, history, makeGroup, texts } from './test-group.ts'

test('a history is deleted for oneself, or for both', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  for (const text of ['one', 'two', 'three']) await alice.say(bob, text)
  const phone = await alice.device()
  await bob.updates()
  const answer = await alice.call('messages.deleteHistory', { peer, maxId: 2 })
  assert.deepEqual([answer.ptsCount, answer.offset], [2, 0])
  assert.deepEqual(
    (await phone.updates()).map((u) => [u._, u.messages]),
    [['updateDeleteMessages', [2, 1]]],
  )
  assert.deepEqual(texts(await history(alice, peer)), ['three'])
  assert.deepEqual(await bob.updates(), [])
  const theirs = (await history(bob, bob.peerOf(alice)))[0]!.id
  await alice.call('messages.deleteHistory', { peer, maxId: 0, revoke: true })
  assert.deepEqual(
    (await bob.updatesOf('updateDeleteMessages')).map((u) => u.messages),
    [[theirs]],
  )
  assert.deepEqual(
    texts(await history(bob, bob.peerOf(alice))),
    ['two', 'one'],
    'what Alice had no copy of any more stays',
  )
  const dialog = await server.app.store.db
    .selectFrom('dialog')
    .selectAll()
    .where('owner', '=', alice.id)
    .where('peer', '=', bob.id)
    .executeTakeFirstOrThrow()
  assert.deepEqual([dialog.hidden, dialog.top_message, dialog.messages], [1, 0, 0])
  await alice.fails('MAX_DATE_INVALID', 'messages.deleteHistory', { peer, maxId: 0, minDate: 10, maxDate: 5 })
  await alice.fails('MIN_DATE_INVALID', 'messages.deleteHistory', { peer, maxId: 0, minDate: -1 })
})

test('clearing a history leaves its place in the list', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  for (const text of ['one', 'two']) await alice.say(bob, text)
  const answer = await alice.call('messages.deleteHistory', { peer, maxId: 0, justClear: true })
  assert.deepEqual([answer.ptsCount, answer.offset], [2, 0])
  const [stone] = (await history(alice, peer)) as unknown as tl.messageService[]
  assert.deepEqual([stone!.id, stone!.action._], [2, 'messageActionHistoryClear'])
  assert.equal((await history(bob, bob.peerOf(alice))).length, 2)
})

test('a long history goes in portions', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  for (let i = 0; i < 601; i++) await alice.say(bob, `${i}`)
  const peer = alice.peerOf(bob)
  const offsets: number[] = []
  let offset: number
  do {
    ;({ offset } = await alice.call('messages.deleteHistory', { peer, maxId: 0, revoke: true }))
    offsets.push(offset)
  } while (offset > 0)
  assert.deepEqual(offsets, [101, 0])
  assert.deepEqual(await history(bob, bob.peerOf(alice)), [])
})

test('days of a private chat can be deleted, and a group’s history by its creator for all', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const dates: number[] = []
  for (const text of ['old', 'middle', 'new']) {
    await alice.say(bob, text)
    dates.push((await history(alice, peer, { limit: 1 }))[0]!.date)
    await server.clock.advance(86_400)
  }
  await alice.call('messages.deleteHistory', { peer, maxId: 0, minDate: dates[1]! - 5, maxDate: dates[1]! + 5 })
  assert.deepEqual(texts(await history(alice, peer)), ['new', 'old'])
  const group = await makeGroup(alice, bob)
  await bob.say(group.peer, 'hello')
  await alice.fails('CHAT_REVOKE_DATE_UNSUPPORTED', 'messages.deleteHistory', {
    peer: group.peer,
    maxId: 0,
    minDate: 1,
  })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.deleteHistory', { peer: group.peer, maxId: 0, revoke: true })
  await alice.call('messages.deleteHistory', { peer: group.peer, maxId: 0, revoke: true })
  assert.deepEqual(await history(bob, group.peer), [])
})

test('messages of a chat with a period go in every copy when their time is over', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await alice.say(bob, 'stays')
  await server.app.store.transact((trx) =>
    trx.updateTable('dialog').set({ ttl: 3600 }).where('owner', '=', alice.id).execute(),
  )
  const sent = await alice.call('messages.sendMessage', { peer: alice.peerOf(bob), message: 'goes', randomId: 1n })
  assert.ok(sent._ === 'updateShortSentMessage')
  assert.equal(sent.ttlPeriod, 3600)
  const group = await makeGroup(alice, bob, carol)
  await server.app.store.transact((trx) =>
    trx.updateTable('chat').set({ ttl: 60 }).where('id', '=', group.id).execute(),
  )
  await bob.say(group.peer, 'goes too')
  assert.equal((await history(carol, group.peer))[0]?.ttlPeriod, 60)
  await server.clock.advance(61)
  for (const who of [alice, bob, carol]) assert.ok(!texts(await history(who, group.peer)).includes('goes too'))
  assert.deepEqual(texts(await history(bob, bob.peerOf(alice))), ['goes', 'stays'])
  // Deleted by one side for itself: the other side's still goes.
  await alice.call('messages.deleteMessages', { id: [sent.id] })
  await bob.updates()
  await server.clock.advance(3600)
  assert.deepEqual(texts(await history(bob, bob.peerOf(alice))), ['stays'])
  assert.equal((await bob.updatesOf('updateDeleteMessages')).length, 1)
})

test('when a message was read is told to whom may know', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const msgId = await alice.say(bob, 'read me')
  await alice.fails('MESSAGE_NOT_READ_YET', 'messages.getOutboxReadDate', { peer, msgId })
  await server.clock.advance(500)
  await bob.call('messages.readHistory', { peer: bob.peerOf(alice), maxId: 0 })
  const date = Math.floor(server.clock.now() / 1000)
  await server.clock.advance(500)
  await alice.say(bob, 'later')
  await bob.call('messages.readHistory', { peer: bob.peerOf(alice), maxId: 0 })
  const read = await alice.call('messages.getOutboxReadDate', { peer, msgId })
  assert.ok(Math.abs(read.date - date) <= 1)
  await alice.fails('MESSAGE_ID_INVALID', 'messages.getOutboxReadDate', { peer, msgId: 99 })
  await bob.fails('MESSAGE_ID_INVALID', 'messages.getOutboxReadDate', {
    peer: bob.peerOf(alice),
    msgId: (await history(bob, bob.peerOf(alice)))[0]!.id,
  })
  const set = async (who: Person, hideReadMarks: boolean) => {
    const global_privacy = atRest({ _: 'globalPrivacySettings', hideReadMarks })
    await server.app.store.transact((trx) =>
      trx.updateTable('user').set({ global_privacy }).where('id', '=', who.id).execute(),
    )
  }
  await set(bob, true)
  await alice.fails('USER_PRIVACY_RESTRICTED', 'messages.getOutboxReadDate', { peer, msgId })
  await set(bob, false)
  await set(alice, true)
  await alice.fails('YOUR_PRIVACY_RESTRICTED', 'messages.getOutboxReadDate', { peer, msgId })
  await set(alice, false)
  await server.clock.advance(7 * 86_400)
  await alice.fails('MESSAGE_TOO_OLD', 'messages.getOutboxReadDate', { peer, msgId })
})

test('messages that need no notification any more are named once', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  for (const text of ['one', 'two', 'three']) await alice.say(bob, text)
  const [three, two, one] = (await history(bob, bob.peerOf(alice))).map((m) => m.id)
  await bob.call('messages.readHistory', { peer: bob.peerOf(alice), maxId: one! })
  const received = async (maxId: number) => (await bob.call('messages.receivedMessages', { maxId })).map((r) => r.id)
  assert.deepEqual(await received(two!), [two])
  assert.deepEqual(await received(two!), [])
  assert.deepEqual(await received(three!), [three])
})

test('private messages have no views', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const id = await alice.say(bob, 'x')
  const { views } = await alice.call('messages.getMessagesViews', {
    peer: alice.peerOf(bob),
    id: [id, 99],
    increment: true,
  })
  assert.deepEqual(plain(views), [{ _: 'messageViews' }, { _: 'messageViews' }])
  await alice.fails('PEER_ID_INVALID', 'messages.getMessagesViews', {
    peer: { _: 'inputPeerChat', chatId: 99 },
    id: [id],
    increment: false,
  })
})

test('a group’s creator protects its content', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeGroup(alice, bob)
  const id = await bob.say(group.peer, 'inside')
  await alice.updates()
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.toggleNoForwards', { peer: group.peer, enabled: true })
  const answer = (await alice.call('messages.toggleNoForwards', { peer: group.peer, enabled: true })) as tl.updates
  assert.equal((answer.chats[0] as tl.chat).noforwards, true)
  assert.deepEqual(
    (await bob.updates()).map((u) => u._),
    ['updateChat'],
  )
  await bob.fails('CHAT_FORWARDS_RESTRICTED', 'messages.forwardMessages', {
    fromPeer: group.peer,
    id: [id],
    randomId: [1n],
    toPeer: { _: 'inputPeerSelf' },
  })
  await alice.fails('CHAT_NOT_MODIFIED', 'messages.toggleNoForwards', { peer: group.peer, enabled: true })
})

test('the content of a private chat is protected by either side, and freed by both', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  await alice.say(bob, 'secret')
  const [secret] = await history(bob, bob.peerOf(alice))
  const keep = (randomId: bigint) => ({
    fromPeer: bob.peerOf(alice),
    id: [secret!.id],
    randomId: [randomId],
    toPeer: { _: 'inputPeerSelf' as const },
  })
  const on = unpack(await alice.call('messages.toggleNoForwards', { peer, enabled: true })).at(-1)
  assert.deepEqual(plain(on.message.action), { _: 'messageActionNoForwardsToggle', prevValue: false, newValue: true })
  await alice.fails('CHAT_NOT_MODIFIED', 'messages.toggleNoForwards', { peer, enabled: true })
  await bob.fails('CHAT_FORWARDS_RESTRICTED', 'messages.forwardMessages', keep(1n))
  // Bob can only ask.
  const asked = unpack(await bob.call('messages.toggleNoForwards', { peer: bob.peerOf(alice), enabled: false })).at(-1)
  assert.equal(asked.message.action._, 'messageActionNoForwardsRequest')
  await bob.fails('CHAT_FORWARDS_RESTRICTED', 'messages.forwardMessages', keep(1n))
  const [request] = await history(alice, peer)
  await bob.fails('MESSAGE_ID_INVALID', 'messages.toggleNoForwards', {
    peer: bob.peerOf(alice),
    enabled: false,
    requestMsgId: asked.message.id,
  })
  await alice.call('messages.toggleNoForwards', { peer, enabled: false, requestMsgId: request!.id })
  await bob.call('messages.forwardMessages', keep(2n))
  const [old] = (await copies(alice, request!.id)) as unknown as tl.messageService[]
  assert.deepEqual(plain(old!.action), {
    _: 'messageActionNoForwardsRequest',
    expired: true,
    prevValue: true,
    newValue: false,
  })
  await alice.fails('REQUEST_MSG_EXPIRED', 'messages.toggleNoForwards', {
    peer,
    enabled: false,
    requestMsgId: request!.id,
  })
  await alice.fails('PEER_ID_INVALID', 'messages.toggleNoForwards', { peer: { _: 'inputPeerSelf' }, enabled: true })
})

test('one writes as oneself where there is nothing else to be', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeGroup(alice, bob)
  await alice.fails('CHAT_ID_INVALID', 'channels.getSendAs', { peer: group.peer })
  await alice.fails('PEER_ID_INVALID', 'channels.getSendAs', { peer: alice.peerOf(bob) })
  await alice.fails('PEER_ID_INVALID', 'messages.saveDefaultSendAs', {
    peer: group.peer,
    sendAs: { _: 'inputPeerSelf' },
  })
})

test('a page of one message alone tells where it stands, in dialogs, channels and saved messages', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const position = async (peer: tl.InputPeer, offsetId: number) => {
    const one = { peer, offsetId, offsetDate: 0, addOffset: -1, limit: 1, maxId: 0, minId: 0, hash: 0n }
    const answer = (await alice.call('messages.getHistory', one)) as tl.messages_messagesSlice
    return [answer.messages[0]!.id, answer.offsetIdOffset]
  }
  const ids: number[] = []
  for (const text of 'abc') {
    ids.push(await alice.say(bob, text))
    await alice.say(group.peer(alice), text)
    await alice.call('messages.sendMessage', {
      peer: { _: 'inputPeerSelf' },
      message: text,
      randomId: BigInt(ids.length),
    })
  }
  assert.deepEqual(await position(alice.peerOf(bob), ids[0]!), [ids[0], 3])
  assert.deepEqual(await position(alice.peerOf(bob), ids[2]!), [ids[2], 1])
  const newest = (await history(alice, group.peer(alice)))[0]!.id
  assert.deepEqual(await position(group.peer(alice), newest - 1), [newest - 1, 2])
  const saved = await history(alice, { _: 'inputPeerSelf' })
  assert.deepEqual(await position({ _: 'inputPeerSelf' }, saved[1]!.id), [saved[1]!.id, 2])
  const one = { offsetId: saved[2]!.id, offsetDate: 0, addOffset: -1, limit: 1, maxId: 0, minId: 0, hash: 0n }
  const answer = await alice.call('messages.getSavedHistory', { peer: { _: 'inputPeerSelf' }, ...one })
  const { messages, offsetIdOffset } = answer as tl.messages_messagesSlice
  assert.deepEqual([messages[0]!.id, offsetIdOffset], [saved[2]!.id, 3])
})
