import assert from 'node:assert/strict'
import { picture, upload } from '../../../test/harness/files.ts'
import { type CallError, type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import type * as tl from '../../tl/gen/types.ts'
import { randomId } from './test-forum.ts'

/** A bot with topics, and somebody who has written to it. */
async function botForum(server: TestServer, word = 'people'): Promise<{ alice: Person; bot: Person }> {
  const [alice] = (await server.people('Alice')) as [Person]
  const bot = await server.bot('topics_bot')
  await runCommand(server.app, 'user topics', [String(bot.id), word])
  // Her numbers are others than the bot's.
  await alice.say({ _: 'inputPeerSelf' }, 'a note')
  await alice.say(bot, '/start')
  await alice.updates()
  await bot.updates()
  return { alice, bot }
}

const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
const list = { offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 100 }

async function open(who: Person, other: Person, title: string, titleMissing?: true): Promise<number> {
  const what = { peer: who.peerOf(other), title, titleMissing, randomId: randomId() }
  const answer = (await who.call('messages.createForumTopic', what)) as tl.updates
  return (answer.updates.find((u) => u._ === 'updateMessageID') as tl.updateMessageID).id
}

async function sayIn(who: Person, other: Person, topic: number, message: string, to?: number): Promise<number> {
  const replyTo: tl.inputReplyToMessage = {
    ...{ _: 'inputReplyToMessage', replyToMsgId: to ?? topic, topMsgId: to === undefined ? undefined : topic },
  }
  const answer = await who.call('messages.sendMessage', {
    ...{ peer: who.peerOf(other), message, replyTo, randomId: randomId() },
  })
  return (answer as tl.updateShortSentMessage).id ?? idIn(answer as tl.updates)
}
const idIn = (answer: tl.updates) => (answer.updates.find((u) => u._ === 'updateMessageID') as tl.updateMessageID).id

const topicsOf = async (who: Person, other: Person, more: { q?: string } = {}) =>
  (await who.call('messages.getForumTopics', { peer: who.peerOf(other), ...list, ...more })).topics as tl.forumTopic[]
const textsIn = async (who: Person, other: Person, msgId: number) => {
  const answer = await who.call('messages.getReplies', { peer: who.peerOf(other), msgId, ...page })
  return (answer as tl.messages_messages).messages.map((m) => (m._ === 'message' ? m.message : m._))
}
const unreadOf = async (who: Person, other: Person) => {
  const peers: tl.InputDialogPeer[] = [{ _: 'inputDialogPeer', peer: who.peerOf(other) }]
  return ((await who.call('messages.getPeerDialogs', { peers })).dialogs[0] as tl.dialog).unreadCount
}

test('a bot has topics in its chats where the operator says so, and people open them where they may', async () => {
  await using server = await startTestServer()
  const [alice] = (await server.people('Alice')) as [Person]
  const bot = await server.bot('topics_bot')
  await alice.say(bot, '/start')
  await bot.say(alice, 'hello')
  const create = { peer: alice.peerOf(bot), title: 'Cats', randomId: 1n }
  await alice.fails('CHANNEL_FORUM_MISSING', 'messages.createForumTopic', create)
  await alice.updates()
  assert.match((await runCommand(server.app, 'user topics', ['@topics_bot', 'on']))[0]!, /has topics/)
  assert.deepEqual(await alice.updates(), [{ _: 'updateUser', userId: bot.id }])
  const seen = async () => {
    const [user] = (await alice.call('users.getUsers', { id: [alice.userOf(bot)] })) as tl.user[]
    return [user!.botForumView, user!.botForumCanManageTopics]
  }
  assert.deepEqual(await seen(), [true, undefined])
  await alice.fails('CHAT_ADMIN_REQUIRED', 'messages.createForumTopic', create)
  const byBot = await open(bot, alice, 'News')
  assert.deepEqual(
    (await topicsOf(bot, alice)).map((t) => [t.id, t.my]),
    [[byBot, true]],
  )
  const [hers] = await topicsOf(alice, bot)
  assert.deepEqual([hers!.title, hers!.my, hers!.fromId], ['News', undefined, bot.peerId])
  await assert.rejects(runCommand(server.app, 'user topics', [String(alice.id), 'on']), /bots/)
  await assert.rejects(runCommand(server.app, 'user topics', [String(bot.id), 'maybe']), /maybe/)
  await runCommand(server.app, 'user topics', [String(bot.id), 'people'])
  assert.deepEqual(await seen(), [true, true])
  await alice.fails('TOPIC_TITLE_EMPTY', 'messages.createForumTopic', { ...create, title: ' ' })
  await alice.call('messages.createForumTopic', create)
  await runCommand(server.app, 'user topics', [String(bot.id), 'off'])
  assert.deepEqual(await seen(), [undefined, undefined])
  await alice.fails('CHANNEL_FORUM_MISSING', 'messages.getForumTopics', { peer: alice.peerOf(bot), ...list })
})

test('what is said in a topic of a bot’s chat is in it on both sides, each under its own numbers', async () => {
  await using server = await startTestServer()
  const { alice, bot } = await botForum(server)
  const cats = await open(alice, bot, 'Cats', true)
  const dogs = await open(alice, bot, 'Dogs')
  const created = (await bot.updatesOf('updateNewMessage')).map((u) => u.message as tl.messageService)
  const [catsOfBot, dogsOfBot] = created.map((m) => m.id) as [number, number]
  assert.deepEqual(
    created.map((m) => [m.action._, (m.action as tl.messageActionTopicCreate).title]),
    [
      ['messageActionTopicCreate', 'Cats'],
      ['messageActionTopicCreate', 'Dogs'],
    ],
  )
  assert.equal((created[0]!.action as tl.messageActionTopicCreate).titleMissing, true)
  assert.notEqual(catsOfBot, cats)
  const meow = await sayIn(alice, bot, cats, 'meow')
  const [told] = await bot.updatesOf('updateNewMessage')
  const heard = told!.message as tl.message
  assert.deepEqual(heard.replyTo, { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: catsOfBot })
  // The bot answers that message, in the same topic.
  await sayIn(bot, alice, catsOfBot, 'purr', heard.id)
  const [answered] = await alice.updatesOf('updateNewMessage')
  assert.deepEqual((answered!.message as tl.message).replyTo, {
    ...{ _: 'messageReplyHeader', forumTopic: true, replyToMsgId: meow, replyToTopId: cats },
  })
  // An answer without a topic's number is said where the other message was.
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: answered!.message.id }
  await alice.call('messages.sendMessage', { peer: alice.peerOf(bot), message: 'more', replyTo, randomId: randomId() })
  const elsewhere = await alice.say(bot, 'in none')
  await sayIn(alice, bot, dogs, 'woof')
  assert.deepEqual(await textsIn(alice, bot, cats), ['more', 'purr', 'meow'])
  assert.deepEqual(await textsIn(alice, bot, dogs), ['woof'])
  await alice.fails('TOPIC_ID_INVALID', 'messages.getReplies', { peer: alice.peerOf(bot), msgId: elsewhere, ...page })
  const search = { q: '', filter: { _: 'inputMessagesFilterEmpty' as const }, minDate: 0, maxDate: 0, ...page }
  const found = await alice.call('messages.search', { peer: alice.peerOf(bot), topMsgId: dogs, ...search })
  assert.deepEqual(
    (found as tl.messages_messages).messages.map((m) => (m as tl.message).message),
    ['woof'],
  )
  const topics = await topicsOf(alice, bot)
  assert.deepEqual(
    topics.map((t) => [t.id, t.title, t.titleMissing, (t.peer as tl.peerUser).userId]),
    [
      [dogs, 'Dogs', undefined, bot.id],
      [cats, 'Cats', true, bot.id],
    ],
  )
  assert.deepEqual(
    (await topicsOf(alice, bot, { q: 'CAT' })).map((t) => t.id),
    [cats],
  )
  const history = await bot.call('messages.getMessages', { id: [{ _: 'inputMessageID', id: heard.id }] })
  assert.deepEqual(
    (history as tl.messages_messages).topics.map((t) => [t.id, (t as tl.forumTopic).short]),
    [[catsOfBot, true]],
  )
  const byId = await bot.call('messages.getForumTopicsByID', { peer: bot.peerOf(alice), topics: [dogsOfBot, 99] })
  assert.deepEqual(
    byId.topics.map((t) => [t._, t.id]),
    [
      ['forumTopic', dogsOfBot],
      ['forumTopicDeleted', 99],
    ],
  )
})

test('a topic of a bot’s chat is renamed, pinned and deleted on both sides', async () => {
  await using server = await startTestServer()
  const { alice, bot } = await botForum(server)
  const cats = await open(alice, bot, 'What about cats', true)
  const dogs = await open(alice, bot, 'Dogs')
  const [catsOfBot, dogsOfBot] = (await bot.updatesOf('updateNewMessage')).map((u) => u.message.id) as [number, number]
  await sayIn(alice, bot, cats, 'meow')
  await alice.updates()
  await bot.updates()
  const edit = { peer: bot.peerOf(alice), topicId: catsOfBot }
  await bot.fails('TOPIC_NOT_MODIFIED', 'messages.editForumTopic', { ...edit, title: 'What about cats' })
  await bot.fails('TOPIC_ID_INVALID', 'messages.editForumTopic', { ...edit, closed: true })
  await bot.fails('TOPIC_ID_INVALID', 'messages.editForumTopic', { ...edit, topicId: 99, title: 'x' })
  await bot.call('messages.editForumTopic', { ...edit, title: 'Cats' })
  const [edited] = await alice.updatesOf('updateNewMessage')
  const said = edited!.message as tl.messageService
  assert.deepEqual(
    [said.action, said.replyTo],
    [
      { _: 'messageActionTopicEdit', title: 'Cats' },
      { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: cats },
    ],
  )
  const [first] = await topicsOf(alice, bot)
  assert.deepEqual([first!.id, first!.title, first!.titleMissing], [cats, 'Cats', undefined])
  await bot.updates()
  const phone = await alice.device()
  await alice.call('messages.updatePinnedForumTopic', { peer: alice.peerOf(bot), topicId: dogs, pinned: true })
  await alice.fails('TOPIC_NOT_MODIFIED', 'messages.updatePinnedForumTopic', {
    ...{ peer: alice.peerOf(bot), topicId: dogs, pinned: true },
  })
  const pinned = (peer: tl.Peer, topicId: number) => [{ _: 'updatePinnedForumTopic', pinned: true, peer, topicId }]
  assert.deepEqual(await phone.updates(), pinned(bot.peerId, dogs))
  assert.deepEqual(await bot.updates(), pinned(alice.peerId, dogsOfBot))
  assert.deepEqual(
    (await topicsOf(alice, bot)).map((t) => [t.id, t.pinned]),
    [
      [dogs, true],
      [cats, undefined],
    ],
  )
  await alice.call('messages.reorderPinnedForumTopics', { peer: alice.peerOf(bot), order: [cats] })
  assert.deepEqual((await bot.updatesOf('updatePinnedForumTopics'))[0]!.order, [catsOfBot, dogsOfBot])
  await alice.call('messages.reorderPinnedForumTopics', { peer: alice.peerOf(bot), order: [], force: true })
  assert.deepEqual(
    (await topicsOf(bot, alice)).map((t) => t.pinned),
    [undefined, undefined],
  )

  const gone = await alice.call('messages.deleteTopicHistory', { peer: alice.peerOf(bot), topMsgId: cats })
  // The message that opened it, what was said, and that it was renamed.
  assert.deepEqual([gone.ptsCount, gone.offset], [3, 0])
  assert.equal((await bot.updatesOf('updateDeleteMessages'))[0]!.messages.length, 3)
  assert.deepEqual(
    (await topicsOf(bot, alice)).map((t) => t.id),
    [dogsOfBot],
  )
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: 1, topMsgId: cats }
  await alice.fails('TOPIC_DELETED', 'messages.sendMessage', {
    ...{ peer: alice.peerOf(bot), message: 'hm', replyTo, randomId: randomId() },
  })
  await runCommand(server.app, 'user topics', [String(bot.id), 'on'])
  await alice.fails('CHAT_ADMIN_REQUIRED', 'messages.deleteTopicHistory', { peer: alice.peerOf(bot), topMsgId: dogs })
})

test('topics of a bot’s chat are read one by one, on every device', async () => {
  await using server = await startTestServer()
  const { alice, bot } = await botForum(server)
  const cats = await open(bot, alice, 'Cats')
  const dogs = await open(bot, alice, 'Dogs')
  for (const text of ['one', 'two']) await sayIn(bot, alice, cats, text)
  const woof = await sayIn(bot, alice, dogs, 'woof')
  const [catsOfAlice, dogsOfAlice] = (await topicsOf(alice, bot)).map((t) => t.id).sort((a, b) => a - b) as [
    number,
    number,
  ]
  const phone = await alice.device()
  const old = await alice.device(214)
  assert.equal(await unreadOf(alice, bot), 5)
  const unread = async () => new Map((await topicsOf(alice, bot)).map((t) => [t.id, t.unreadCount]))
  // The message that opened a topic is among them.
  assert.deepEqual(
    await unread(),
    new Map([
      [dogsOfAlice, 2],
      [catsOfAlice, 3],
    ]),
  )
  const last = (await topicsOf(alice, bot)).find((t) => t.id === catsOfAlice)!.topMessage
  await alice.call('messages.readDiscussion', { peer: alice.peerOf(bot), msgId: catsOfAlice, readMaxId: last - 1 })
  const [told] = await phone.updatesOf('updateReadHistoryInbox')
  assert.deepEqual([told!.topMsgId, told!.maxId, told!.stillUnreadCount], [catsOfAlice, last - 1, 1])
  // A client that knows of no topics does not take the whole chat for read.
  assert.deepEqual(
    (await old.updates()).map((u) => u._),
    ['updateDeleteMessages'],
  )
  assert.deepEqual([await unreadOf(alice, bot), (await unread()).get(catsOfAlice)], [3, 1])
  await bot.call('messages.deleteMessages', { revoke: true, id: [woof] })
  assert.deepEqual([await unreadOf(alice, bot), (await unread()).get(dogsOfAlice)], [2, 1])
  // Reading all up to a message counts what was read by topics once.
  await alice.call('messages.readHistory', { peer: alice.peerOf(bot), maxId: catsOfAlice })
  assert.equal(await unreadOf(alice, bot), 2)
  await alice.call('messages.readHistory', { peer: alice.peerOf(bot), maxId: 0 })
  assert.equal(await unreadOf(alice, bot), 0)
  assert.deepEqual([...(await unread()).values()], [0, 0])
})

test('drafts, typing, notifications and reactions are a topic’s own in a bot’s chat, too', async () => {
  await using server = await startTestServer()
  const { alice, bot } = await botForum(server)
  const cats = await open(alice, bot, 'Cats')
  const [created] = await bot.updatesOf('updateNewMessage')
  const phone = await alice.device()
  const peer = alice.peerOf(bot)
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: cats }
  await alice.call('messages.saveDraft', { peer, message: 'me', replyTo })
  const [drafted] = await phone.updatesOf('updateDraftMessage')
  assert.deepEqual([drafted!.topMsgId, (drafted!.draft as tl.draftMessage).message], [cats, 'me'])
  assert.equal(((await topicsOf(alice, bot))[0]!.draft as tl.draftMessage).message, 'me')
  assert.deepEqual(((await phone.call('messages.getAllDrafts', {})) as tl.updates).updates, [drafted])
  await alice.call('messages.sendMessage', { peer, message: 'meow', replyTo, clearDraft: true, randomId: randomId() })
  assert.equal((await phone.updatesOf('updateDraftMessage'))[0]!.topMsgId, cats)
  assert.equal((await topicsOf(alice, bot))[0]!.draft, undefined)
  await bot.updates()
  const action: tl.SendMessageAction = { _: 'sendMessageTypingAction' }
  await alice.call('messages.setTyping', { peer, topMsgId: cats, action })
  assert.deepEqual(await bot.updates(), [
    { _: 'updateUserTyping', userId: alice.id, topMsgId: created!.message.id, action },
  ])
  const settings = { _: 'inputPeerNotifySettings' as const, muteUntil: 0x7fffffff }
  const at = { _: 'inputNotifyForumTopic' as const, peer, topMsgId: cats }
  await alice.call('account.updateNotifySettings', { peer: at, settings })
  const [muted] = await phone.updatesOf('updateNotifySettings')
  assert.deepEqual(muted!.peer, { _: 'notifyForumTopic', peer: bot.peerId, topMsgId: cats })
  assert.equal((await topicsOf(alice, bot))[0]!.notifySettings.muteUntil, 0x7fffffff)
  await alice.fails('MSG_ID_INVALID', 'account.getNotifySettings', { peer: { ...at, topMsgId: 99 } })
  const topic = (await topicsOf(alice, bot))[0]!
  const reaction: tl.Reaction[] = [{ _: 'reactionEmoji', emoticon: '👍' }]
  const [heard] = await topicsOf(bot, alice)
  await bot.call('messages.sendReaction', { peer: bot.peerOf(alice), msgId: heard!.topMessage, reaction })
  const [reacted] = await phone.updatesOf('updateMessageReactions')
  assert.deepEqual([reacted!.msgId, reacted!.topMsgId], [topic.topMessage, cats])
  // What is scheduled for a topic is said there.
  const scheduleDate = Math.floor(server.clock.now() / 1000) + 100
  await alice.call('messages.sendMessage', { peer, message: 'later', replyTo, scheduleDate, randomId: randomId() })
  await server.clock.advance(101)
  assert.deepEqual(await textsIn(alice, bot, cats), ['later', 'meow'])
})

test('what is forwarded or sent as an album goes into a topic of a bot’s chat, and goes with its history', async () => {
  await using server = await startTestServer()
  const { alice, bot } = await botForum(server)
  const cats = await open(alice, bot, 'Cats')
  const peer = alice.peerOf(bot)
  const note = await alice.say({ _: 'inputPeerSelf' }, 'a thought')
  await alice.call('messages.forwardMessages', {
    ...{ fromPeer: { _: 'inputPeerSelf' }, toPeer: peer, topMsgId: cats, id: [note], randomId: [randomId()] },
  })
  const media: tl.InputMedia = { _: 'inputMediaUploadedPhoto', file: await upload(alice, await picture(64, 64)) }
  const single = await alice.call('messages.uploadMedia', { peer, media })
  const { photo } = single as tl.messageMediaPhoto
  const { id, accessHash, fileReference } = photo as tl.photo
  const again: tl.InputMedia = { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id, accessHash, fileReference } }
  await alice.call('messages.sendMultiMedia', {
    ...{ peer, replyTo: { _: 'inputReplyToMessage', replyToMsgId: cats } },
    multiMedia: ['first', 'second'].map((message) => ({
      ...{ _: 'inputSingleMedia', media: again, randomId: randomId(), message },
    })),
  })
  assert.deepEqual(await textsIn(alice, bot, cats), ['second', 'first', 'a thought'])
  const [theirs] = await topicsOf(bot, alice)
  assert.deepEqual(await textsIn(bot, alice, theirs!.id).catch((error: CallError) => error.type), 'BOT_METHOD_INVALID')
  await alice.call('messages.deleteHistory', { peer, maxId: 0 })
  assert.deepEqual(await topicsOf(alice, bot), [])
  // The bot keeps what it has, and goes on there: she hears of it without the topic.
  assert.equal((await topicsOf(bot, alice)).length, 1)
  await alice.updates()
  await sayIn(bot, alice, theirs!.id, 'still here')
  const [told] = await alice.updatesOf('updateNewMessage')
  const { message, replyTo } = told!.message as tl.message
  assert.deepEqual([message, replyTo], ['still here', undefined])
})

test('a bot’s message is watched as it is written, in its topic, and can be stopped', async () => {
  await using server = await startTestServer()
  const { alice, bot } = await botForum(server)
  const cats = await open(alice, bot, 'Cats')
  const [created] = await bot.updatesOf('updateNewMessage')
  const topMsgId = created!.message.id
  const text = (words: string): tl.textWithEntities => ({
    ...{ _: 'textWithEntities', text: words },
    entities: [{ _: 'messageEntityBold', offset: 0, length: 3 }],
  })
  const draft = (words: string): tl.SendMessageAction => ({
    ...{ _: 'sendMessageTextDraftAction', canStop: true, randomId: 7n, text: text(words) },
  })
  await alice.updates()
  await bot.call('messages.setTyping', { peer: bot.peerOf(alice), topMsgId, action: draft('Cats are') })
  assert.deepEqual(await alice.updates(), [
    { _: 'updateUserTyping', userId: bot.id, topMsgId: cats, action: draft('Cats are') },
  ])
  const long = { peer: bot.peerOf(alice), action: draft('x'.repeat(5000)) }
  await bot.fails('MESSAGE_TOO_LONG', 'messages.setTyping', long)
  await alice.fails('PEER_ID_INVALID', 'messages.setTyping', { peer: alice.peerOf(bot), action: draft('no') })
  const stop: tl.SendMessageAction = { _: 'sendMessageStopDraftAction', randomId: 7n }
  await bot.fails('PEER_ID_INVALID', 'messages.setTyping', { peer: bot.peerOf(alice), action: stop })
  await alice.call('messages.setTyping', { peer: alice.peerOf(bot), topMsgId: cats, action: stop })
  assert.deepEqual(await bot.updates(), [{ _: 'updateUserTyping', userId: alice.id, topMsgId, action: stop }])
})

test('the first thing two say to each other may be a topic', async () => {
  await using server = await startTestServer()
  const [alice] = (await server.people('Alice')) as [Person]
  const bot = await server.bot('topics_bot')
  await runCommand(server.app, 'user topics', [String(bot.id), 'people'])
  // Clients take a topic of number 1 for the general one.
  const first = await open(alice, bot, 'Cats')
  assert.ok(first > 1)
  const [theirs] = await topicsOf(bot, alice)
  assert.ok(theirs!.id > 1)
  await sayIn(bot, alice, theirs!.id, 'meow')
  assert.deepEqual(await textsIn(alice, bot, first), ['meow'])
})
