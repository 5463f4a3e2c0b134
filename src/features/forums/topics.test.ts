import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeForum, openTopic, randomId, sayIn, topicOf, topicsOf } from './test-forum.ts'

test('a topic that somebody opens is there for the others, and what is said in it says so', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const [general] = await topicsOf(bob, forum.peer(bob))
  assert.deepEqual([general!.id, general!.title, general!.fromId], [1, 'General', alice.peerId])
  server.clock.advance(1)
  const id = await openTopic(alice, forum, 'Cats')
  const [told] = await bob.updatesOf('updateNewChannelMessage')
  assert.equal(told!.message.id, id)
  const action = (told!.message as tl.messageService).action as tl.messageActionTopicCreate
  assert.deepEqual([action._, action.title, action.iconColor], ['messageActionTopicCreate', 'Cats', 0x6fb9f0])
  server.clock.advance(1)
  const first = await sayIn(alice, forum, id, 'meow')
  const answer = await sayIn(bob, forum, id, 'purr', first)
  const plain = await alice.say(forum.peer(alice), 'in general')
  const headers = (await bob.updatesOf('updateNewChannelMessage')).map((u) => (u.message as tl.message).replyTo)
  assert.deepEqual(headers, [{ _: 'messageReplyHeader', forumTopic: true, replyToMsgId: id }, undefined])
  const [purr] = await alice.updatesOf('updateNewChannelMessage')
  assert.deepEqual((purr!.message as tl.message).replyTo, {
    ...{ _: 'messageReplyHeader', forumTopic: true, replyToMsgId: first, replyToTopId: id },
  })
  const topics = await topicsOf(bob, forum.peer(bob))
  assert.deepEqual(
    topics.map((t) => [t.id, t.topMessage, t.unreadCount, t.my]),
    [
      // That Bob was added and that a topic was opened count, too.
      [1, plain, 2, undefined],
      [id, answer, 2, undefined],
    ],
  )
  assert.equal((await topicOf(alice, forum.peer(alice), id)).my, true)
  assert.deepEqual(
    (await bob.call('messages.getForumTopicsByID', { peer: forum.peer(bob), topics: [999, id] })).topics.map(
      (t) => t._,
    ),
    ['forumTopicDeleted', 'forumTopic'],
  )
})

test('a topic opened again under its random_id is there once', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const forum = await makeForum(alice)
  const again = { peer: forum.peer(alice), title: 'Cats', randomId: 5n }
  for (let i = 0; i < 2; i++) await alice.call('messages.createForumTopic', again)
  assert.equal((await topicsOf(alice, forum.peer(alice))).length, 2)
  await alice.fails('CHANNEL_INVALID', 'messages.createForumTopic', { ...again, peer: { _: 'inputPeerSelf' } })
  await alice.fails('TOPIC_TITLE_EMPTY', 'messages.createForumTopic', { ...again, title: ' ', randomId: 6n })
  await alice.fails('DOCUMENT_INVALID', 'messages.createForumTopic', { ...again, iconEmojiId: 4n, randomId: 7n })
})

test('a topic is renamed, closed and opened again by administrators and by who opened it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const forum = await makeForum(alice, bob, carol)
  const topicId = await openTopic(bob, forum, 'Dogs')
  await carol.updates()
  await carol.fails('CHAT_ADMIN_REQUIRED', 'messages.editForumTopic', { peer: forum.peer(carol), topicId, title: 'x' })
  await bob.call('messages.editForumTopic', { peer: forum.peer(bob), topicId, title: 'Puppies' })
  const [renamed] = await carol.updatesOf('updateNewChannelMessage')
  const service = renamed!.message as tl.messageService
  assert.deepEqual(service.action, { _: 'messageActionTopicEdit', title: 'Puppies' })
  assert.deepEqual(service.replyTo, { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: topicId })
  assert.equal((await topicOf(carol, forum.peer(carol), topicId)).title, 'Puppies')
  await alice.call('messages.editForumTopic', { peer: forum.peer(alice), topicId, closed: true })
  assert.equal((await topicOf(carol, forum.peer(carol), topicId)).closed, true)
  const replyTo = { _: 'inputReplyToMessage' as const, replyToMsgId: topicId }
  const say = { message: 'hello', replyTo, randomId: 1n }
  await carol.fails('TOPIC_CLOSED', 'messages.sendMessage', { peer: forum.peer(carol), ...say })
  await sayIn(bob, forum, topicId, 'it is mine')
  await sayIn(alice, forum, topicId, 'it is my forum')
  await bob.call('messages.editForumTopic', { peer: forum.peer(bob), topicId, closed: false })
  await sayIn(carol, forum, topicId, 'open again')
  const edit = { peer: forum.peer(alice), topicId }
  await alice.fails('TOPIC_NOT_MODIFIED', 'messages.editForumTopic', { ...edit, closed: false })
  await alice.fails('TOPIC_CLOSE_SEPARATELY', 'messages.editForumTopic', { ...edit, closed: true, title: 'x' })
  await alice.fails('TOPIC_ID_INVALID', 'messages.editForumTopic', { ...edit, hidden: true })
  await alice.fails('TOPIC_ID_INVALID', 'messages.editForumTopic', { ...edit, topicId: 77, title: 'x' })
})

test('the general topic can be hidden, and has no icon', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const edit = { peer: forum.peer(alice), topicId: 1 }
  await alice.fails('GENERAL_MODIFY_ICON_FORBIDDEN', 'messages.editForumTopic', { ...edit, iconEmojiId: 0n })
  await alice.fails('TOPIC_HIDE_SEPARATELY', 'messages.editForumTopic', { ...edit, hidden: true, closed: true })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.editForumTopic', { peer: forum.peer(bob), topicId: 1, hidden: true })
  await alice.call('messages.editForumTopic', { ...edit, hidden: true })
  const general = await topicOf(bob, forum.peer(bob), 1)
  assert.deepEqual([general.hidden, general.closed], [true, true])
  await bob.fails('TOPIC_CLOSED', 'messages.sendMessage', { peer: forum.peer(bob), message: 'x', randomId: 3n })
})

test('topics are pinned and put in order for everybody', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const ids: number[] = []
  for (const title of ['A', 'B', 'C', 'D', 'E', 'F']) ids.push(await openTopic(alice, forum, title))
  await bob.updates()
  const [a, b, c] = ids as [number, number, number]
  const pin = (topicId: number, pinned = true) =>
    alice.call('messages.updatePinnedForumTopic', { peer: forum.peer(alice), topicId, pinned })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.updatePinnedForumTopic', {
    ...{ peer: forum.peer(bob), topicId: a, pinned: true },
  })
  await pin(a)
  await pin(b)
  const peer = { _: 'peerChannel', channelId: forum.id }
  assert.deepEqual(await bob.updates(), [
    { _: 'updatePinnedForumTopic', pinned: true, peer, topicId: a },
    { _: 'updatePinnedForumTopic', pinned: true, peer, topicId: b },
  ])
  const shown = async () => (await topicsOf(bob, forum.peer(bob))).map((t) => t.id)
  assert.deepEqual((await shown()).slice(0, 2), [b, a])
  await alice.call('messages.reorderPinnedForumTopics', { peer: forum.peer(alice), order: [c, a], force: true })
  assert.deepEqual(await bob.updates(), [{ _: 'updatePinnedForumTopics', peer, order: [c, a] }])
  assert.deepEqual((await shown()).slice(0, 2), [c, a])
  await alice.call('messages.reorderPinnedForumTopics', { peer: forum.peer(alice), order: [a] })
  assert.deepEqual((await shown()).slice(0, 2), [a, c])
  await alice.fails('TOPIC_NOT_MODIFIED', 'messages.updatePinnedForumTopic', {
    ...{ peer: forum.peer(alice), topicId: b, pinned: false },
  })
  for (const id of [b, ids[3]!, ids[4]!]) await pin(id)
  await alice.fails('PINNED_TOO_MUCH', 'messages.updatePinnedForumTopic', {
    ...{ peer: forum.peer(alice), topicId: ids[5]!, pinned: true },
  })
  await pin(a, false)
  assert.ok(!(await shown()).slice(0, 4).includes(a))
})

test('topics are read by pages, and found by their titles', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const forum = await makeForum(alice)
  const peer = forum.peer(alice)
  const ids: number[] = []
  for (const title of ['Café ÉTÉ', 'Winter 100%', 'summer']) {
    server.clock.advance(1)
    ids.push(await openTopic(alice, forum, title))
  }
  await alice.call('messages.updatePinnedForumTopic', { peer, topicId: ids[0]!, pinned: true })
  const got: number[] = []
  let offset = { offsetDate: 0, offsetId: 0, offsetTopic: 0 }
  for (let i = 0; i < 4; i++) {
    const page = await alice.call('messages.getForumTopics', { peer, ...offset, limit: 1 })
    assert.equal(page.count, 4)
    const topic = page.topics[0] as tl.forumTopic
    got.push(topic.id)
    const top = page.messages.find((m) => m.id === topic.topMessage) as tl.message
    offset = { offsetDate: top.date, offsetId: top.id, offsetTopic: topic.id }
  }
  assert.deepEqual(got, [ids[0], ids[2], ids[1], 1])
  const found = async (q: string) => {
    const first = { offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 10 }
    return (await alice.call('messages.getForumTopics', { peer, q, ...first })).topics.map((t) => t.id)
  }
  assert.deepEqual(await found('été'), [ids[0]])
  assert.deepEqual(await found('100%'), [ids[1]])
  assert.deepEqual(await found('%'), [ids[1]])
})

test('a topic is deleted with all that was said in it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const forum = await makeForum(alice, bob, carol)
  const id = await openTopic(bob, forum, 'Gone soon')
  const text = await sayIn(carol, forum, id, 'hello')
  await carol.updates()
  const del = (who: typeof alice, topMsgId = id) => ({ peer: forum.peer(who), topMsgId })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.deleteTopicHistory', del(bob))
  await alice.fails('TOPIC_ID_INVALID', 'messages.deleteTopicHistory', del(alice, 1))
  await alice.fails('MESSAGE_DELETE_FORBIDDEN', 'channels.deleteMessages', { channel: forum.of(alice), id: [id] })
  const affected = await alice.call('messages.deleteTopicHistory', del(alice))
  assert.deepEqual([affected.ptsCount, affected.offset], [2, 0])
  const [gone] = await carol.updatesOf('updateDeleteChannelMessages')
  assert.deepEqual(gone!.messages.sort(), [id, text].sort())
  assert.deepEqual(
    (await topicsOf(bob, forum.peer(bob))).map((t) => t.id),
    [1],
  )
  const replyTo = { _: 'inputReplyToMessage' as const, replyToMsgId: text, topMsgId: id }
  await carol.fails('TOPIC_DELETED', 'messages.sendMessage', {
    ...{ peer: forum.peer(carol), message: 'x', replyTo, randomId: randomId() },
  })
  const own = await openTopic(bob, forum, 'Mine')
  await sayIn(bob, forum, own, 'alone here')
  assert.equal((await bob.call('messages.deleteTopicHistory', del(bob, own))).ptsCount, 2)
})

test('members may be kept from opening topics', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  await alice.call('messages.editChatDefaultBannedRights', {
    peer: forum.peer(alice),
    bannedRights: { _: 'chatBannedRights', manageTopics: true, untilDate: 0 },
  })
  const topic = { peer: forum.peer(bob), title: 'No', randomId: 3n }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.createForumTopic', topic)
  await alice.call('channels.editAdmin', {
    channel: forum.of(alice),
    userId: alice.userOf(bob),
    adminRights: { _: 'chatAdminRights', manageTopics: true },
  })
  await bob.call('messages.createForumTopic', { ...topic, randomId: 4n })
  const log = await alice.call('channels.getAdminLog', {
    channel: forum.of(alice),
    q: '',
    eventsFilter: { _: 'channelAdminLogEventsFilter', forums: true },
    maxId: 0n,
    minId: 0n,
    limit: 10,
  })
  assert.deepEqual(
    log.events.map((e) => e.action._),
    ['channelAdminLogEventActionCreateTopic'],
  )
})
