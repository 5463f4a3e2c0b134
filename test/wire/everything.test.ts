import assert from 'node:assert/strict'
import { startTestServer, test } from '../harness/index.ts'
import { Clients, type Library, targetOf, until, type WireClient } from './index.ts'
import { channel, type Plain, peer, user } from './plain.ts'
import { CHANNELS, call, idOf, join, made, randomId } from './scene.ts'

const PHONES = ['9996620301', '9996620302', '9996620303']
const NAMES = ['Alice', 'Bob', 'Carol']
/** Layers 223, 198 and 229. */
const THREE: readonly Library[] = ['mtcute', 'telegram', 'teleproto']
const NO_RIGHTS = { _: 'chatBannedRights', untilDate: 0 }

/** The libraries name errors in their own ways; the server's name is in one of these. */
const fails = (who: WireClient, expected: RegExp, request: Plain) =>
  assert.rejects(call(who, request), (error: Plain) =>
    expected.test([error.errorMessage, error.text, error.message].join(' ')),
  )

const say = async (who: WireClient, where: number, message: string, more: Plain = {}) =>
  made(await call(who, { _: 'messages.sendMessage', peer: peer(where), message, randomId: randomId(), ...more })).id

/** How one client sees a chat, without what is its own (marks of reading, "out", access hashes). */
async function picture(who: WireClient, group: number): Promise<Plain> {
  const history = await call(who, {
    _: 'messages.getHistory',
    peer: peer(group),
    offsetId: 0,
    offsetDate: 0,
    addOffset: 0,
    limit: 100,
    maxId: 0,
    minId: 0,
    hash: 0n,
  })
  const full = await call(who, { _: 'channels.getFullChannel', channel: channel(group) })
  const members = await call(who, {
    _: 'channels.getParticipants',
    channel: channel(group),
    filter: { _: 'channelParticipantsRecent' },
    offset: 0,
    limit: 100,
    hash: 0n,
  }).catch((error: Error) => ({ participants: [], refused: error.message.match(/[A-Z]+(_[A-Z]+)+/)?.[0] }))
  return {
    pinned: full.fullChat.pinnedMsgId ?? null,
    members: members.participants.map((p: Plain) => [p._.replace('Self', ''), p.userId ?? p.peer?.userId]).sort(),
    messages: history.messages.map((m: Plain) => ({
      id: m.id,
      kind: m._ === 'message' ? (m.media?._ ?? 'text') : m.action._,
      text: m.message,
      from: m.fromId?.userId ?? null,
      reply: m.replyTo
        ? [m.replyTo.replyToMsgId ?? 0, m.replyTo.replyToTopId ?? 0, Boolean(m.replyTo.forumTopic)]
        : null,
      edited: Boolean(m.editDate),
      pinned: Boolean(m.pinned),
      forward: m.fwdFrom?.fromId?.userId ?? m.fwdFrom?.fromId?.channelId ?? null,
      replies: m.replies?.replies ?? 0,
      reactions: (m.reactions?.results ?? []).map((r: Plain) => [r.reaction.emoticon, r.count]).sort(),
      votes: m.media?.results?.results?.map((r: Plain) => r.voters) ?? null,
    })),
  }
}

const topics = async (who: WireClient, group: number) => {
  const paging = { offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 100 }
  // The method was channels.* up to layer 213, and messages.* after.
  const found = await call(
    who,
    who.library === 'telegram'
      ? { _: 'channels.getForumTopics', channel: channel(group), ...paging }
      : { _: 'messages.getForumTopics', peer: peer(group), ...paging },
  )
  return found.topics.map((t: Plain) => [t.id, t.title, Boolean(t.closed), Boolean(t.pinned), t.topMessage])
}

async function open(server: { server: any }, clients: Clients, sessions: string[] = []): Promise<WireClient[]> {
  const target = targetOf(server.server)
  const people: WireClient[] = []
  for (const [i, library] of THREE.entries()) {
    const session = sessions[i] === undefined ? {} : { session: sessions[i] }
    people.push(await clients.open(library, { target, phone: PHONES[i]!, firstName: NAMES[i]!, ...session }))
  }
  return people
}

async function same(people: WireClient[], look: (who: WireClient) => Promise<unknown>): Promise<void> {
  const [first, ...others] = people
  const expected = await look(first!)
  for (const other of others) assert.deepEqual(await look(other), expected, `${other.library} and ${first!.library}`)
}

const again = async (clients: Clients, people: WireClient[], server: { server: any }) => {
  const sessions = await Promise.all(people.map((who) => who.session()))
  await clients.close()
  const back = await open(server, clients, sessions)
  for (const who of back) await who.dialogs()
  return back
}

async function acquainted(people: WireClient[]): Promise<void> {
  for (const who of people) {
    for (const [i, other] of people.entries()) if (other !== who) await who.know(PHONES[i]!, NAMES[i]!)
  }
}

test('three libraries in a supergroup with topics: approval, polls, reactions, pins, forwards, edits, rights; the same picture, and again after reconnecting', async () => {
  await using server = await startTestServer({ online: true })
  await using clients = new Clients()
  const people = await open(server, clients)
  const [alice, bob, carol] = people as [WireClient, WireClient, WireClient]
  await acquainted(people)
  const create = { _: 'channels.createChannel', title: 'Everything', about: 'all of it', megagroup: true, forum: true }
  const group = idOf((await call(alice, create)).chats[0])

  const link = { _: 'messages.exportChatInvite', peer: peer(group), title: 'asked for', requestNeeded: true }
  const asked = await call(alice, link)
  const hash = asked.link.split('+')[1]
  await fails(bob, /INVITE_REQUEST_SENT/, { _: 'messages.importChatInvite', hash })
  const waiting = { _: 'messages.getChatInviteImporters', peer: peer(group), requested: true, offsetDate: 0, limit: 10 }
  const { importers } = await call(alice, { ...waiting, offsetUser: { _: 'inputUserEmpty' } })
  assert.deepEqual(
    importers.map((i: Plain) => i.userId),
    [bob.id],
  )
  await call(alice, { _: 'messages.hideChatJoinRequest', approved: true, peer: peer(group), userId: user(bob.id) })
  await until('bob is in', async () => (await bob.dialogs()).some((d) => d.peer === group))
  const plain = await call(alice, { _: 'messages.exportChatInvite', peer: peer(group), usageLimit: 1 })
  await join(carol, plain.link, group)

  const bannedRights = { ...NO_RIGHTS, pinMessages: true }
  await call(alice, { _: 'messages.editChatDefaultBannedRights', peer: peer(group), bannedRights })
  const rights = { _: 'chatAdminRights', pinMessages: true, manageTopics: true, deleteMessages: true }
  const promoted = { _: 'channels.editAdmin', channel: channel(group), userId: user(bob.id), rank: 'keeper' }
  await call(alice, { ...promoted, adminRights: rights })
  const news = made(
    await call(bob, { _: 'channels.createForumTopic', channel: channel(group), title: 'News', randomId: randomId() }),
  ).id
  const talk = made(
    await call(carol, { _: 'messages.createForumTopic', peer: peer(group), title: 'Talk', randomId: randomId() }),
  ).id
  const into = (topMsgId: number, replyToMsgId = topMsgId) => ({
    replyTo: { _: 'inputReplyToMessage', replyToMsgId, topMsgId },
  })
  const first = await say(alice, group, 'the first of the news', into(news))
  const reply = await say(carol, group, 'what news', into(news, first))
  const chat = await say(bob, group, 'small talk', into(talk))
  await until('bob is pushed it', () => bob.pushed.find((m) => m.text === 'what news'))

  await call(bob, { _: 'messages.editMessage', peer: peer(group), id: chat, message: 'big talk' })
  await call(bob, { _: 'messages.updatePinnedMessage', peer: peer(group), id: first })
  await fails(carol, /CHAT_ADMIN_REQUIRED/, { _: 'messages.updatePinnedMessage', peer: peer(group), id: reply })
  const thumb = [{ _: 'reactionEmoji', emoticon: '👍' }]
  for (const who of people) {
    await call(who, { _: 'messages.sendReaction', peer: peer(group), msgId: first, reaction: thumb })
  }
  const answers = ['yes', 'no'].map((text) => ({
    _: 'pollAnswer',
    text: { _: 'textWithEntities', text, entities: [] },
    option: Buffer.from(text),
  }))
  const question = { _: 'textWithEntities', text: 'Is it so?', entities: [] }
  // teleproto's layer writes polls in another way, so mtcute asks.
  const asking = { _: 'poll', id: 0n, question, answers, publicVoters: true, hash: 0n }
  const media = { _: 'inputMediaPoll', poll: asking }
  const sendMedia = { _: 'messages.sendMedia', peer: peer(group), media, message: '', randomId: randomId() }
  const poll = made(await call(alice, sendMedia)).id
  const vote = { _: 'messages.sendVote', peer: peer(group), msgId: poll }
  await call(alice, { ...vote, options: [Buffer.from('yes')] })
  await call(bob, { ...vote, options: [Buffer.from('no')] })
  await call(carol, { ...vote, options: [Buffer.from('yes')] })
  const forward = { _: 'messages.forwardMessages', fromPeer: peer(group), toPeer: peer(group), id: [reply] }
  await call(bob, { ...forward, randomId: [randomId()], topMsgId: talk })
  await call(carol, { _: 'channels.deleteMessages', channel: channel(group), id: [reply] })
  await call(alice, {
    _: 'channels.editBanned',
    channel: channel(group),
    participant: peer(carol.id),
    bannedRights: { ...NO_RIGHTS, sendMedia: true, sendPolls: true, sendPhotos: true },
  })
  await fails(carol, /CHAT_SEND_POLL_FORBIDDEN/, { ...sendMedia, randomId: randomId() })
  await call(bob, { _: 'channels.editForumTopic', channel: channel(group), topicId: news, closed: true })
  await fails(carol, /TOPIC_CLOSED/, {
    _: 'messages.sendMessage',
    peer: peer(group),
    message: 'too late',
    randomId: randomId(),
    ...into(news),
  })
  await call(carol, { _: 'messages.readHistory', peer: peer(group), maxId: poll }).catch(() =>
    call(carol, { _: 'channels.readHistory', channel: channel(group), maxId: poll }),
  )

  const check = async (all: WireClient[]) => {
    await same(all, (who) => picture(who, group))
    await same(all, (who) => topics(who, group))
    const seen = await picture(all[0]!, group)
    const byId = new Map(seen.messages.map((m: Plain) => [m.id, m]))
    assert.deepEqual((byId.get(first) as Plain).reactions, [['👍', 3]])
    assert.equal((byId.get(first) as Plain).pinned, true)
    assert.deepEqual((byId.get(poll) as Plain).votes, [2, 1])
    assert.equal((byId.get(chat) as Plain).text, 'big talk')
    assert.equal(byId.has(reply), false)
    assert.ok(seen.messages.some((m: Plain) => m.forward === carol.id && m.text === 'what news'))
    const titles = (await topics(all[0]!, group)).map((t: unknown[]) => t[1])
    assert.deepEqual(titles.sort(), ['General', 'News', 'Talk'])
  }
  await check(people)
  await check(await again(clients, people, server))
})

test('three libraries and a channel with its discussion group: posts, comments, views; the same picture, and again after reconnecting', async () => {
  await using server = await startTestServer({ online: true })
  await using clients = new Clients()
  const people = await open(server, clients)
  const [alice, bob, carol] = people as [WireClient, WireClient, WireClient]
  await acquainted(people)
  const create = { _: 'channels.createChannel', about: '' }
  const posts = idOf((await call(alice, { ...create, title: 'Posts', broadcast: true })).chats[0])
  const talks = idOf((await call(alice, { ...create, title: 'Talks', megagroup: true })).chats[0])
  await call(alice, { _: 'channels.setDiscussionGroup', broadcast: channel(posts), group: channel(talks) })
  for (const at of [posts, talks]) {
    const { link } = await call(alice, { _: 'messages.exportChatInvite', peer: peer(at) })
    await join(bob, link, at)
    await join(carol, link, at)
  }
  const post = await say(alice, posts, 'a post')
  await fails(bob, /CHAT_(ADMIN_REQUIRED|WRITE_FORBIDDEN)/, {
    _: 'messages.sendMessage',
    peer: peer(posts),
    message: 'not mine to post',
    randomId: randomId(),
  })
  const discussed = await call(bob, { _: 'messages.getDiscussionMessage', peer: peer(posts), msgId: post })
  const root = discussed.messages.find((m: Plain) => m.peerId.channelId === CHANNELS - talks).id
  for (const who of [bob, carol]) {
    const replyTo = { _: 'inputReplyToMessage', replyToMsgId: root }
    await say(who, talks, `comment by ${who.library}`, { replyTo })
  }
  for (const who of people) {
    await call(who, { _: 'messages.getMessagesViews', peer: peer(posts), id: [post], increment: true })
  }
  const check = async (all: WireClient[]) => {
    await same(all, (who) => picture(who, posts).then((p) => ({ ...p, members: [] })))
    await same(all, (who) => picture(who, talks))
    for (const who of all) {
      const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n }
      const replies = await call(who, { _: 'messages.getReplies', peer: peer(posts), msgId: post, ...page })
      const texts = replies.messages.map((m: Plain) => m.message)
      assert.deepEqual(texts, [`comment by ${carol.library}`, `comment by ${bob.library}`], who.library)
      const shown = await call(who, { _: 'messages.getMessagesViews', peer: peer(posts), id: [post], increment: false })
      assert.equal(shown.views[0].views, 3, who.library)
      assert.equal(shown.views[0].replies.replies, 2, who.library)
    }
  }
  await check(people)
  await check(await again(clients, people, server))
})
