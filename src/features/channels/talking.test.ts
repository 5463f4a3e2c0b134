import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { differenceOf, historyOf, makeChannel } from './test-channel.ts'

const texts = (messages: readonly tl.Message[]) => messages.map((m) => (m._ === 'message' ? m.message : m._))

test('three members of a supergroup see the same, by pushes, history and difference', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const first = await alice.say(group.peer(alice), 'one')
  await bob.say(group.peer(bob), 'two')
  const pushed = await carol.updatesOf('updateNewChannelMessage')
  assert.deepEqual(texts(pushed.map((u) => u.message)), ['one', 'two'])
  assert.deepEqual(
    pushed.map((u) => (u.message as tl.message).fromId),
    [alice.peerId, bob.peerId],
  )
  assert.deepEqual(await alice.texts(), ['two'])
  assert.deepEqual(await bob.texts(), ['one'])
  for (const who of [alice, bob, carol]) {
    assert.deepEqual(texts(await historyOf(who, group)), ['two', 'one', 'messageService', 'messageService'])
    assert.deepEqual(texts((await differenceOf(who, group)).messages), [
      'messageService',
      'messageService',
      'one',
      'two',
    ])
    assert.deepEqual(texts((await differenceOf(who, group, 1, 1)).messages).slice(2), ['one', 'two'])
    const mine = (await historyOf(who, group)).filter((m) => m.out).map((m) => m.message)
    assert.deepEqual(
      mine.filter((m) => m),
      who === alice ? ['one'] : who === bob ? ['two'] : [],
    )
  }
  await alice.call('messages.editMessage', { peer: group.peer(alice), id: first, message: 'uno' })
  const [edit] = await bob.updatesOf('updateEditChannelMessage')
  assert.equal((edit!.message as tl.message).message, 'uno')
  const gone = await alice.call('channels.deleteMessages', { channel: group.of(alice), id: [first] })
  assert.equal(gone.ptsCount, 1)
  const [deleted] = await bob.updatesOf('updateDeleteChannelMessages')
  assert.deepEqual(deleted!.messages, [first])
  assert.deepEqual(texts(await historyOf(carol, group)).slice(0, 1), ['two'])
  await bob.fails('MESSAGE_DELETE_FORBIDDEN', 'channels.deleteMessages', { channel: group.of(bob), id: [2] })
})

test('a message sent again under its random_id is there once, and two people may choose the same number', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const send = (who: typeof alice) =>
    who.call('messages.sendMessage', { peer: group.peer(who), message: who.firstName, randomId: 7n })
  const before = (await send(alice)) as tl.updates
  const again = (await send(alice)) as tl.updates
  const [id] = before.updates as tl.updateMessageID[]
  assert.equal((again.updates[0] as tl.updateMessageID).id, id!.id)
  await send(bob)
  assert.deepEqual(texts(await historyOf(alice, group)).slice(0, 2), ['Bob', 'Alice'])
})

test('dialogs show a channel with what is unread; reading tells the reader’s devices and the authors', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const tablet = await bob.device()
  await alice.say(bob, 'in private')
  server.clock.advance(5)
  const id = await alice.say(group.peer(alice), 'in the group')
  const page = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' } as const, limit: 10, hash: 0n }
  const list = (await bob.call('messages.getDialogs', page)) as tl.messages_dialogs
  const [top, next] = list.dialogs as tl.dialog[]
  assert.deepEqual(top!.peer, { _: 'peerChannel', channelId: group.id })
  // That they were added, and the text.
  assert.equal(top!.unreadCount, 2)
  assert.equal(top!.topMessage, id)
  assert.ok(top!.pts! > 1)
  assert.deepEqual(next!.peer, alice.peerId)
  assert.ok(list.messages.some((m) => m.id === id && m.peerId?._ === 'peerChannel'))
  const rest = (await bob.call('messages.getDialogs', {
    ...page,
    offsetDate: (list.messages.find((m) => m.id === id) as tl.message).date,
    offsetId: id,
    offsetPeer: group.peer(bob),
    limit: 1,
  })) as tl.messages_dialogsSlice
  assert.deepEqual((rest.dialogs[0] as tl.dialog).peer, alice.peerId)
  await alice.updates()
  await tablet.updates()
  assert.equal(await bob.call('channels.readHistory', { channel: group.of(bob), maxId: id }), true)
  const [inbox] = await tablet.updatesOf('updateReadChannelInbox')
  assert.equal(inbox!.maxId, id)
  assert.equal(inbox!.stillUnreadCount, 0)
  assert.deepEqual(await alice.updatesOf('updateReadChannelOutbox'), [
    { _: 'updateReadChannelOutbox', channelId: group.id, maxId: id },
  ])
  const after = (await bob.call('messages.getDialogs', page)) as tl.messages_dialogs
  assert.equal((after.dialogs[0] as tl.dialog).unreadCount, 0)
})

test('who is named finds it among the mentions until they have seen it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const entities = [{ _: 'inputMessageEntityMentionName' as const, offset: 0, length: 3, userId: alice.userOf(bob) }]
  await alice.call('messages.sendMessage', { peer: group.peer(alice), message: 'Bob!', entities, randomId: 3n })
  const [told] = await bob.updatesOf('updateNewChannelMessage')
  const message = told!.message as tl.message
  assert.equal(message.mentioned, true)
  assert.equal(message.mediaUnread, true)
  const [other] = await carol.updatesOf('updateNewChannelMessage')
  assert.equal((other!.message as tl.message).mentioned, undefined)
  const peers = [{ _: 'inputDialogPeer' as const, peer: group.peer(bob) }]
  const one = async () => (await bob.call('messages.getPeerDialogs', { peers })).dialogs[0] as tl.dialog
  assert.equal((await one()).unreadMentionsCount, 1)
  const page = { offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 }
  const found = (await bob.call('messages.getUnreadMentions', {
    peer: group.peer(bob),
    ...page,
  })) as tl.messages_messages
  assert.deepEqual(
    found.messages.map((m) => m.id),
    [message.id],
  )
  await bob.call('channels.readMessageContents', { channel: group.of(bob), id: [message.id] })
  assert.equal((await one()).unreadMentionsCount, 0)
  assert.equal((await historyOf(bob, group))[0]!.mediaUnread, undefined)
})

test('a channel’s posts are its own, counted in views once for each viewer', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const channel = await makeChannel('channel', alice, bob, carol)
  const id = await alice.say(channel.peer(alice), 'news')
  const [told] = await bob.updatesOf('updateNewChannelMessage')
  const post = told!.message as tl.message
  assert.equal(post.post, true)
  assert.equal(post.fromId, undefined)
  assert.equal(post.views, 1)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.sendMessage', {
    peer: channel.peer(bob),
    message: 'no',
    randomId: 1n,
  })
  const look = async (who: typeof bob) =>
    (await who.call('messages.getMessagesViews', { peer: channel.peer(who), id: [id], increment: true })).views[0]!
      .views
  assert.equal(await look(bob), 2)
  assert.equal(await look(bob), 2)
  assert.equal(await look(carol), 3)
  assert.deepEqual((await alice.updatesOf('updateChannelMessageViews')).at(-1)?.views, 3)
})

test('somebody who comes in is told from then on, and no more once they have left', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice)
  const phone = await bob.device()
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(bob)] })
  await alice.say(group.peer(alice), 'hello')
  assert.deepEqual(await phone.texts(), ['hello'])
  await bob.call('channels.leaveChannel', { channel: group.of(bob) })
  await phone.updates()
  await alice.say(group.peer(alice), 'gone?')
  assert.deepEqual(await phone.texts(), [])
  await bob.fails('CHANNEL_PRIVATE', 'messages.sendMessage', { peer: group.peer(bob), message: 'x', randomId: 5n })
  await bob.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: group.of(bob) })
  const [shown] = (await bob.call('channels.getChannels', { id: [group.of(bob)] })).chats
  assert.equal(shown!._, 'channelForbidden')
  await bob.fails('CHANNEL_INVALID', 'channels.getChannels', { id: [group.of(alice)] })
})
