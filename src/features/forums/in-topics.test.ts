import assert from 'node:assert/strict'
import { type Device, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { newWriter, readObject } from '../../tl/index.ts'
import { LayerSchema, writeBySchema } from '../../tl/layers/schema-reader.ts'
import { makeForum, openTopic, randomId, sayIn, topicOf } from './test-forum.ts'

const ids = (answer: tl.messages_Messages) => (answer as tl.messages_channelMessages).messages.map((m) => m.id)
/** Asks as a client of the device's layer does, with that layer's own constructors. */
async function askOld(device: Device, request: { _: string }): Promise<unknown> {
  const schema = new LayerSchema(device.layer)
  const find = (name: string) => schema.byName.get(name)!
  const out = await device.server.dispatcher.handle(device.session, writeBySchema(find(request._), request, find))
  const writer = newWriter(1024)
  out(writer)
  return readObject(writer.copy())
}

const page = { offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 }

test('a topic’s history, its media and its mentions are its own', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const cats = await openTopic(alice, forum, 'Cats')
  const dogs = await openTopic(alice, forum, 'Dogs')
  const meow = await sayIn(alice, forum, cats, 'meow food')
  const woof = await sayIn(bob, forum, dogs, 'woof food')
  const answer = await sayIn(alice, forum, dogs, 'good dog', woof)
  const general = await alice.say(forum.peer(alice), 'general food')
  const peer = forum.peer(bob)
  const replies = async (msgId: number) =>
    (await bob.call('messages.getReplies', {
      peer,
      msgId,
      offsetDate: 0,
      hash: 0n,
      ...page,
    })) as tl.messages_channelMessages
  const inDogs = await replies(dogs)
  assert.deepEqual([inDogs.count, ids(inDogs)], [2, [answer, woof]])
  assert.deepEqual(
    inDogs.topics.map((t) => [t.id, (t as tl.forumTopic).title, (t as tl.forumTopic).short]),
    [[dogs, 'Dogs', true]],
  )
  assert.deepEqual(ids(await replies(1)), [general, 2, 1])
  await bob.fails('TOPIC_ID_INVALID', 'messages.getReplies', {
    ...{ peer, msgId: meow, offsetDate: 0, hash: 0n, ...page },
  })
  const search = async (topMsgId: number, q: string) => {
    const filter = { _: 'inputMessagesFilterEmpty' as const }
    const what = { peer, q, topMsgId, filter, minDate: 0, maxDate: 0, hash: 0n, ...page }
    return ids(await bob.call('messages.search', what))
  }
  assert.deepEqual(await search(cats, 'food'), [meow])
  assert.deepEqual(await search(dogs, ''), [answer, woof])
  assert.deepEqual(await search(1, 'food'), [general])
  const mentions = async (topMsgId: number) =>
    ids(await bob.call('messages.getUnreadMentions', { peer, topMsgId, ...page }))
  assert.deepEqual([await mentions(dogs), await mentions(cats)], [[answer], []])
  assert.equal((await topicOf(bob, peer, dogs)).unreadMentionsCount, 1)
  await bob.call('messages.readMentions', { peer, topMsgId: cats })
  assert.deepEqual(await mentions(dogs), [answer])
  await bob.call('messages.readMentions', { peer, topMsgId: dogs })
  assert.deepEqual(await mentions(dogs), [])
  assert.equal((await topicOf(bob, peer, dogs)).unreadMentionsCount, 0)
  const thumb = [{ _: 'reactionEmoji' as const, emoticon: '👍' }]
  await bob.call('messages.sendReaction', { peer, msgId: answer, reaction: thumb })
  const [reacted] = await alice.updatesOf('updateMessageReactions')
  assert.equal(reacted!.topMsgId, dogs)
  assert.equal((await topicOf(alice, forum.peer(alice), dogs)).unreadReactionsCount, 1)
  const unread = (topMsgId: number) =>
    alice.call('messages.getUnreadReactions', { peer: forum.peer(alice), topMsgId, ...page })
  assert.deepEqual([ids(await unread(cats)), ids(await unread(dogs))], [[], [answer]])
})

test('topics are read one by one, and the forum when all of them are', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const cats = await openTopic(alice, forum, 'Cats')
  const meow = await sayIn(alice, forum, cats, 'meow')
  const hello = await alice.say(forum.peer(alice), 'hello')
  const tablet = await bob.device()
  await alice.updates()
  const peer = forum.peer(bob)
  const unread = async () => {
    const list = await bob.call('messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeer', peer }] })
    return (list.dialogs[0] as tl.dialog).unreadCount
  }
  // That Bob was added, the topic's beginning, two messages.
  assert.equal(await unread(), 4)
  await bob.call('messages.readDiscussion', { peer, msgId: cats, readMaxId: meow })
  assert.deepEqual(await tablet.updates(), [
    { _: 'updateReadChannelDiscussionInbox', channelId: forum.id, topMsgId: cats, readMaxId: meow },
  ])
  assert.deepEqual(await alice.updates(), [
    { _: 'updateReadChannelDiscussionOutbox', channelId: forum.id, topMsgId: cats, readMaxId: meow },
  ])
  assert.equal(await unread(), 2)
  const topic = await topicOf(bob, peer, cats)
  assert.deepEqual([topic.readInboxMaxId, topic.unreadCount], [meow, 0])
  assert.equal((await topicOf(alice, forum.peer(alice), cats)).readOutboxMaxId, meow)
  await bob.call('messages.readDiscussion', { peer, msgId: 1, readMaxId: hello })
  const told = await tablet.updates()
  assert.deepEqual(
    told.map((u) => [u._, u.readMaxId ?? u.maxId]),
    [
      ['updateReadChannelDiscussionInbox', hello],
      ['updateReadChannelInbox', hello],
    ],
  )
  assert.equal(await unread(), 0)
})

test('drafts, notification settings and typing are a topic’s own', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const cats = await openTopic(alice, forum, 'Cats')
  await bob.updates()
  const tablet = await bob.device()
  const peer = forum.peer(bob)
  const replyTo = { _: 'inputReplyToMessage' as const, replyToMsgId: cats }
  await bob.call('messages.saveDraft', { peer, message: 'me', replyTo })
  const [drafted] = await tablet.updatesOf('updateDraftMessage')
  assert.deepEqual([drafted!.topMsgId, (drafted!.draft as tl.draftMessage).message], [cats, 'me'])
  assert.equal(((await topicOf(bob, peer, cats)).draft as tl.draftMessage).message, 'me')
  const all = (await tablet.call('messages.getAllDrafts', {})) as tl.updates
  assert.deepEqual(all.updates, [drafted])
  await bob.call('messages.sendMessage', { peer, message: 'meow', replyTo, clearDraft: true, randomId: randomId() })
  const [cleared] = await tablet.updatesOf('updateDraftMessage')
  assert.deepEqual([cleared!.topMsgId, cleared!.draft._], [cats, 'draftMessageEmpty'])
  assert.equal((await topicOf(bob, peer, cats)).draft, undefined)
  await bob.call('messages.saveDraft', { peer, message: 'hello all' })
  assert.equal(((await topicOf(bob, peer, 1)).draft as tl.draftMessage).message, 'hello all')
  assert.equal((await topicOf(bob, peer, cats)).draft, undefined)
  await bob.call('messages.clearAllDrafts', {})
  const at = { _: 'inputNotifyForumTopic' as const, peer, topMsgId: cats }
  const settings = { _: 'inputPeerNotifySettings' as const, muteUntil: 0x7fffffff }
  await bob.call('account.updateNotifySettings', { peer: at, settings })
  const [muted] = await tablet.updatesOf('updateNotifySettings')
  const named = { _: 'notifyForumTopic', peer: { _: 'peerChannel', channelId: forum.id }, topMsgId: cats }
  assert.deepEqual(muted!.peer, named)
  assert.equal((await topicOf(bob, peer, cats)).notifySettings.muteUntil, 0x7fffffff)
  assert.equal((await topicOf(bob, peer, 1)).notifySettings.muteUntil, undefined)
  assert.equal((await bob.call('account.getNotifySettings', { peer: at })).muteUntil, 0x7fffffff)
  const exceptions = (await bob.call('account.getNotifyExceptions', {})) as tl.updates
  assert.deepEqual((exceptions.updates[0] as tl.updateNotifySettings).peer, named)
  await alice.updates()
  await bob.call('messages.setTyping', { peer, topMsgId: cats, action: { _: 'sendMessageTypingAction' } })
  const [typing] = await alice.updatesOf('updateChannelUserTyping')
  assert.equal(typing!.topMsgId, cats)
})

test('pins of a topic are taken off without those of the others', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const cats = await openTopic(alice, forum, 'Cats')
  const meow = await sayIn(alice, forum, cats, 'meow')
  const hello = await alice.say(forum.peer(alice), 'hello')
  const peer = forum.peer(alice)
  for (const id of [meow, hello]) await alice.call('messages.updatePinnedMessage', { peer, id })
  const services = (await bob.updatesOf('updateNewChannelMessage')).filter((u) => u.message._ === 'messageService')
  assert.deepEqual((services[1]!.message as tl.messageService).replyTo, {
    ...{ _: 'messageReplyHeader', forumTopic: true, replyToMsgId: meow, replyToTopId: cats },
  })
  await alice.call('messages.unpinAllMessages', { peer, topMsgId: cats })
  const [gone] = (await bob.updatesOf('updatePinnedChannelMessages')).filter((u) => !u.pinned)
  assert.deepEqual(gone!.messages, [meow])
  const filter = { _: 'inputMessagesFilterPinned' as const }
  const what = { peer, q: '', filter, minDate: 0, maxDate: 0, hash: 0n, ...page }
  assert.deepEqual(ids(await alice.call('messages.search', what)), [hello])
})

test('what is scheduled for a topic is said there', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const cats = await openTopic(alice, forum, 'Cats')
  await bob.updates()
  const scheduleDate = Math.floor(server.clock.now() / 1000) + 100
  const replyTo = { _: 'inputReplyToMessage' as const, replyToMsgId: cats }
  const what = { peer: forum.peer(alice), message: 'later', replyTo, scheduleDate, randomId: randomId() }
  await alice.call('messages.sendMessage', what)
  await server.clock.advance(101)
  const [said] = await bob.updatesOf('updateNewChannelMessage')
  const { replyTo: header } = said!.message as tl.message
  assert.deepEqual(header, { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: cats })
})

test('what is scheduled for a topic that is closed by then is dropped', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const cats = await openTopic(alice, forum, 'Cats')
  const scheduleDate = Math.floor(server.clock.now() / 1000) + 100
  const replyTo = { _: 'inputReplyToMessage' as const, replyToMsgId: cats }
  const what = { peer: forum.peer(bob), message: 'too late', replyTo, scheduleDate, randomId: randomId() }
  await bob.call('messages.sendMessage', what)
  await alice.call('messages.editForumTopic', { peer: forum.peer(alice), topicId: cats, closed: true })
  await alice.updates()
  await bob.updates()
  await server.clock.advance(101)
  const [dropped] = await bob.updatesOf('updateDeleteScheduledMessages')
  assert.equal(dropped!.sentMessages, undefined)
  assert.deepEqual(await alice.texts(), [])
})

test('a message of one topic is answered in another', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const cats = await openTopic(alice, forum, 'Cats')
  const dogs = await openTopic(alice, forum, 'Dogs')
  const meow = await sayIn(alice, forum, cats, 'meow')
  await bob.updates()
  const peer = forum.peer(alice)
  const replyTo = { _: 'inputReplyToMessage' as const, replyToMsgId: meow, topMsgId: dogs, replyToPeerId: peer }
  await alice.call('messages.sendMessage', { peer, message: 'woof', replyTo, randomId: randomId() })
  const [said] = await bob.updatesOf('updateNewChannelMessage')
  assert.deepEqual((said!.message as tl.message).replyTo, {
    ...{ _: 'messageReplyHeader', forumTopic: true, replyToMsgId: meow, replyToTopId: dogs },
  })
  assert.equal((await topicOf(bob, forum.peer(bob), dogs)).topMessage, said!.message.id)
})

test('clients of older layers name the topics’ methods otherwise', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const cats = await openTopic(alice, forum, 'Cats')
  for (const layer of [158, 198, 214]) {
    const old = await bob.device(layer)
    const named = { _: 'channels.getForumTopicsByID', channel: forum.of(bob), topics: [cats, 99] }
    const answer = (await askOld(old, named)) as tl.messages_forumTopics
    assert.deepEqual(
      answer.topics.map((t) => [t._, t.id, (t as tl.forumTopic).title]),
      [
        ['forumTopic', cats, 'Cats'],
        ['forumTopicDeleted', 99, undefined],
      ],
      `layer ${layer}`,
    )
  }
})

test('a client of an older layer opens, edits, pins and deletes topics', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const forum = await makeForum(alice, bob)
  const old = await alice.device(198)
  const channel = forum.of(alice)
  const ask = async (method: string, params: object) =>
    (await askOld(old, { _: `channels.${method}`, channel, ...params } as { _: string })) as any
  const opened = (await ask('createForumTopic', { title: 'Cats', iconColor: 0xffd67e, randomId: 4n })) as tl.updates
  const topicId = (opened.updates.find((u) => u._ === 'updateMessageID') as tl.updateMessageID).id
  await ask('editForumTopic', { topicId, title: 'Lions' })
  await ask('updatePinnedForumTopic', { topicId, pinned: true })
  await ask('reorderPinnedForumTopics', { force: true, order: [1, topicId] })
  const page = { offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 10 }
  const listed = (await ask('getForumTopics', page)) as tl.messages_forumTopics
  assert.deepEqual(
    listed.topics.map((t) => [t.id, (t as tl.forumTopic).title, (t as tl.forumTopic).pinned]),
    [
      [1, 'General', true],
      [topicId, 'Lions', true],
    ],
  )
  const shown = await topicOf(bob, forum.peer(bob), topicId)
  assert.deepEqual([shown.title, shown.iconColor], ['Lions', 0xffd67e])
  assert.equal(((await ask('deleteTopicHistory', { topMsgId: topicId })) as tl.messages_affectedHistory).ptsCount, 2)
  assert.equal((await topicOf(bob, forum.peer(bob), topicId))._ as string, 'forumTopicDeleted')
  await bob.updates()
  await ask('toggleForum', { enabled: false })
  const [told] = await bob.pushes()
  assert.equal(((told as tl.updates).chats[0] as tl.channel).forum, undefined)
})
