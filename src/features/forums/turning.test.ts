import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel } from '../channels/test-channel.ts'
import { makeForum, openTopic, randomId, sayIn, topicOf, topicsOf } from './test-forum.ts'

const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }

test('a group becomes a forum and a group again, and nothing that was said is lost', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const old = await alice.say(group.peer(alice), 'old')
  const reply = await sayIn(bob, group, old, 'an answer')
  await bob.updates()
  const toggle = (enabled: boolean, tabs = false) =>
    alice.call('channels.toggleForum', { channel: group.of(alice), enabled, tabs })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.toggleForum', { channel: group.of(bob), enabled: true, tabs: false })
  await bob.fails('CHANNEL_FORUM_MISSING', 'messages.getForumTopics', {
    ...{ peer: group.peer(bob), offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 5 },
  })
  await toggle(true, true)
  await alice.fails('CHAT_NOT_MODIFIED', 'channels.toggleForum', {
    ...{ channel: group.of(alice), enabled: true, tabs: true },
  })
  const [told] = await bob.pushes()
  const shown = (told as tl.updates).chats.find((chat) => chat.id === group.id) as tl.channel
  assert.deepEqual([shown.forum, shown.forumTabs], [true, true])
  assert.deepEqual(
    (await topicsOf(bob, group.peer(bob))).map((t) => [t.id, t.topMessage]),
    [[1, reply]],
  )
  const general = async () => {
    const answer = await bob.call('messages.getReplies', { peer: group.peer(bob), msgId: 1, ...page })
    const { messages, count } = answer as tl.messages_channelMessages
    assert.equal(count, messages.length)
    return messages.map((m) => m.id)
  }
  assert.deepEqual(await general(), [reply, old, 2, 1])
  const cats = await openTopic(alice, group, 'Cats')
  const meow = await sayIn(alice, group, cats, 'meow')
  // An answer to what was said before there were topics is general.
  const late = await sayIn(bob, group, 1, 'late', reply)
  assert.deepEqual(await general(), [late, reply, old, 2, 1])
  await toggle(false)
  const flat = await sayIn(bob, group, meow, 'flat')
  assert.deepEqual((await historyOf(alice, group))[0]!.replyTo, {
    ...{ _: 'messageReplyHeader', replyToMsgId: meow, replyToTopId: cats },
  })
  const plain = await alice.say(group.peer(alice), 'no topics now')
  assert.deepEqual(
    (await historyOf(bob, group)).map((m) => m.id),
    [plain, flat, late, meow, cats, reply, old, 2, 1],
  )
  await toggle(true)
  assert.deepEqual(
    (await topicsOf(bob, group.peer(bob))).map((t) => [t.id, t.topMessage]),
    [
      [1, plain],
      [cats, flat],
    ],
  )
  assert.deepEqual(await general(), [plain, late, reply, old, 2, 1])
  const paged = (await bob.call('messages.getReplies', {
    ...{ peer: group.peer(bob), msgId: 1, ...page, offsetId: late, addOffset: -1, limit: 3 },
  })) as tl.messages_channelMessages
  assert.deepEqual(
    paged.messages.map((m) => m.id),
    [late, reply, old],
  )
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.toggleForum', {
    channel: group.of(bob),
    enabled: false,
    tabs: false,
  })
})

test('what is unread before a group became a forum is general', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const old = await alice.say(group.peer(alice), 'old')
  await alice.call('channels.toggleForum', { channel: group.of(alice), enabled: true, tabs: false })
  const peer = group.peer(bob)
  assert.equal((await topicOf(bob, peer, 1)).unreadCount, 2)
  await bob.call('messages.readDiscussion', { peer, msgId: 1, readMaxId: old })
  assert.equal((await topicOf(bob, peer, 1)).unreadCount, 0)
  const list = await bob.call('messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeer', peer }] })
  assert.equal((list.dialogs[0] as tl.dialog).unreadCount, 0)
  await alice.updates()
})

test('a group that is discussed in has no topics', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const channel = await makeChannel('channel', alice)
  const group = await makeChannel('group', alice)
  const both = { broadcast: channel.of(alice), group: group.of(alice) }
  await alice.call('channels.setDiscussionGroup', both)
  const forum = { channel: group.of(alice), enabled: true, tabs: false }
  await alice.fails('CHAT_DISCUSSION_UNALLOWED', 'channels.toggleForum', forum)
  await alice.call('channels.setDiscussionGroup', { ...both, broadcast: { _: 'inputChannelEmpty' } })
  await alice.call('channels.toggleForum', forum)
  await alice.fails('MEGAGROUP_ID_INVALID', 'channels.setDiscussionGroup', both)
  assert.deepEqual((await alice.call('channels.getGroupsForDiscussion', {})).chats, [])
  await alice.fails('FORUM_ENABLED', 'channels.togglePreHistoryHidden', { channel: group.of(alice), enabled: true })
})

test('a forum is looked at as messages on all devices of who chose it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const tablet = await bob.device()
  const set = (enabled: boolean) => bob.call('channels.toggleViewForumAsMessages', { channel: forum.of(bob), enabled })
  await set(true)
  assert.deepEqual(await tablet.updates(), [
    { _: 'updateChannelViewForumAsMessages', channelId: forum.id, enabled: true },
  ])
  const seen = async (who: typeof bob) => {
    const list = await who.call('messages.getPeerDialogs', {
      peers: [{ _: 'inputDialogPeer', peer: forum.peer(who) }],
    })
    const full = (await who.call('channels.getFullChannel', { channel: forum.of(who) })).fullChat as tl.channelFull
    return [(list.dialogs[0] as tl.dialog).viewForumAsMessages, full.viewForumAsMessages]
  }
  assert.deepEqual(await seen(bob), [true, true])
  assert.deepEqual(await seen(alice), [undefined, undefined])
  await set(false)
  assert.deepEqual(await seen(bob), [undefined, undefined])
  const group = await makeChannel('group', bob)
  await bob.fails('CHANNEL_FORUM_MISSING', 'channels.toggleViewForumAsMessages', {
    ...{ channel: group.of(bob), enabled: true },
  })
})

test('messages are forwarded into a topic, and clearing a history leaves the topics', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const cats = await openTopic(bob, forum, 'Cats')
  const note = await alice.say(bob, 'a note')
  await bob.updates()
  await alice.call('messages.forwardMessages', {
    ...{ fromPeer: alice.peerOf(bob), id: [note], toPeer: forum.peer(alice), topMsgId: cats, randomId: [randomId()] },
  })
  const [got] = await bob.updatesOf('updateNewChannelMessage')
  const message = got!.message as tl.message
  assert.deepEqual(message.replyTo, { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: cats })
  const participant = alice.peerOf(bob)
  await alice.call('channels.deleteParticipantHistory', { channel: forum.of(alice), participant })
  assert.equal((await topicOf(alice, forum.peer(alice), cats)).topMessage, message.id)
  await alice.call('channels.deleteHistory', { channel: forum.of(alice), maxId: 0, forEveryone: true })
  assert.equal((await topicOf(alice, forum.peer(alice), cats)).topMessage, cats)
})
