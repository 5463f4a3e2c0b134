import assert from 'node:assert/strict'
import { plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { copies, history, makeGroup, texts } from './test-group.ts'

const replyTo = (replyToMsgId: number): tl.inputReplyToMessage => ({ _: 'inputReplyToMessage', replyToMsgId })

test('a message is pinned for both sides, each by their own id, and the chat is told', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await bob.call('messages.sendMessage', { peer: { _: 'inputPeerSelf' }, message: 'moves the ids apart', randomId: 1n })
  const peer = alice.peerOf(bob)
  const id = await alice.say(bob, 'pin me')
  const theirs = (await history(bob, bob.peerOf(alice)))[0]!.id
  await bob.updates()
  const answer = unpack(await alice.call('messages.updatePinnedMessage', { peer, id }))
  assert.deepEqual(
    answer.map((u) => u._),
    ['updatePinnedMessages', 'updateNewMessage'],
  )
  assert.deepEqual(plain(answer[1].message.action), { _: 'messageActionPinMessage' })
  assert.equal(answer[1].message.replyTo.replyToMsgId, id)
  const [pinned, service] = await bob.updates()
  assert.deepEqual(
    [pinned._, pinned.pinned, pinned.peer, pinned.messages],
    ['updatePinnedMessages', true, alice.peerId, [theirs]],
  )
  assert.equal(service.message.replyTo.replyToMsgId, theirs)
  assert.equal((await copies(bob, theirs))[0]?.pinned, true)
  const filter: tl.MessagesFilter = { _: 'inputMessagesFilterPinned' }
  const none = {
    q: '',
    filter,
    minDate: 0,
    maxDate: 0,
    offsetId: 0,
    addOffset: 0,
    limit: 10,
    maxId: 0,
    minId: 0,
    hash: 0n,
  }
  const found = await bob.call('messages.search', { peer: bob.peerOf(alice), ...none })
  assert.deepEqual(texts((found as tl.messages_messages).messages), ['pin me'])
  await alice.fails('CHAT_NOT_MODIFIED', 'messages.updatePinnedMessage', { peer, id })
  await bob.call('messages.updatePinnedMessage', { peer: bob.peerOf(alice), id: theirs, unpin: true })
  const [unpinned] = await alice.updates()
  assert.deepEqual([unpinned.pinned, unpinned.messages], [undefined, [id]])
  await alice.fails('MESSAGE_ID_INVALID', 'messages.updatePinnedMessage', { peer, id: 999 })
  await alice.fails('MESSAGE_ID_INVALID', 'messages.updatePinnedMessage', { peer, id: answer[1].message.id })
})

test('pinning for oneself, and in saved messages, is nobody’s news', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const id = await alice.say(bob, 'mine')
  await bob.updates()
  const phone = await alice.device()
  const answer = unpack(
    await alice.call('messages.updatePinnedMessage', { peer: alice.peerOf(bob), id, pmOneside: true }),
  )
  assert.deepEqual(
    answer.map((u) => u._),
    ['updatePinnedMessages'],
  )
  assert.deepEqual(
    (await phone.updates()).map((u) => u.messages),
    [[id]],
  )
  assert.deepEqual(await bob.updates(), [])
  const note = unpack(
    await alice.call('messages.sendMessage', { peer: { _: 'inputPeerSelf' }, message: 'n', randomId: 1n }),
  )[0].id
  assert.equal(
    unpack(await alice.call('messages.updatePinnedMessage', { peer: { _: 'inputPeerSelf' }, id: note })).length,
    1,
  )
  assert.equal((await copies(alice, note))[0]?.pinned, true)
})

test('in a group whoever has the right pins for everybody, and unpins all', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice, bob, carol)
  const ids = [await alice.say(group.peer, 'one'), await alice.say(group.peer, 'two')]
  await carol.updates()
  for (const id of ids) await alice.call('messages.updatePinnedMessage', { peer: group.peer, id, silent: true })
  const told = await carol.updates()
  assert.equal(told.filter((u) => u._ === 'updatePinnedMessages').length, 2)
  const service = told.find((u) => u.message?.action)
  assert.deepEqual([service.message.silent, service.message.mentioned], [true, undefined])
  const defaultBannedRights: tl.ChatBannedRights = { _: 'chatBannedRights', untilDate: 0, pinMessages: true }
  await alice.call('messages.editChatDefaultBannedRights', { peer: group.peer, bannedRights: defaultBannedRights })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.unpinAllMessages', { peer: group.peer })
  const [mine] = await history(bob, group.peer)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.updatePinnedMessage', {
    peer: group.peer,
    id: mine!.id,
    unpin: true,
  })
  await carol.updates()
  const answer = await alice.call('messages.unpinAllMessages', { peer: group.peer })
  assert.deepEqual([answer.ptsCount, answer.offset], [2, 0])
  const [unpinned] = await carol.updatesOf('updatePinnedMessages')
  assert.deepEqual([unpinned!.pinned, unpinned!.messages.length], [undefined, 2])
  assert.equal((await alice.call('messages.unpinAllMessages', { peer: group.peer })).ptsCount, 0)
})

test('mentions are listed until they are seen', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice, bob, carol)
  await bob.say(group.peer, 'question')
  const [question] = await history(alice, group.peer)
  for (const n of [1n, 2n, 3n]) {
    await alice.call('messages.sendMessage', {
      peer: group.peer,
      message: `answer ${n}`,
      replyTo: replyTo(question!.id),
      randomId: n,
    })
  }
  const page = { peer: group.peer, offsetId: 0, addOffset: 0, limit: 2, maxId: 0, minId: 0 }
  const unread = async () => {
    const answer = await bob.call('messages.getUnreadMentions', page)
    assert.ok('messages' in answer)
    return ['count' in answer ? answer.count : answer.messages.length, texts(answer.messages)]
  }
  assert.deepEqual(await unread(), [3, ['answer 3', 'answer 2']])
  const phone = await bob.device()
  const [last] = await history(bob, group.peer)
  await bob.call('messages.readMessageContents', { id: [last!.id] })
  assert.deepEqual(await unread(), [2, ['answer 2', 'answer 1']])
  await alice.updates()
  const answer = await bob.call('messages.readMentions', { peer: group.peer })
  assert.deepEqual([answer.ptsCount, answer.offset], [2, 0])
  assert.deepEqual(await unread(), [0, []])
  assert.deepEqual(
    (await phone.updatesOf('updateReadMessagesContents')).map((u) => u.messages.length),
    [1, 2],
  )
  assert.deepEqual(await alice.updates(), [], 'that a mention was seen is nobody else’s news')
  assert.equal((await bob.call('messages.readMentions', { peer: group.peer })).ptsCount, 0)
})

test('a bot does not pin for itself alone', async () => {
  await using server = await startTestServer()
  const alice = await server.person('Alice')
  const bot = await server.bot('pins_bot')
  await alice.say(bot, 'pin me')
  const [message] = await bot.updatesOf('updateNewMessage')
  const pin = { peer: bot.peerOf(alice), id: message!.message.id }
  await bot.fails('BOT_ONESIDE_NOT_AVAIL', 'messages.updatePinnedMessage', { ...pin, pmOneside: true })
  await bot.call('messages.updatePinnedMessage', pin)
  const [pinned] = await alice.updatesOf('updatePinnedMessages')
  assert.equal(pinned!.pinned, true)
})
