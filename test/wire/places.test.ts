import assert from 'node:assert/strict'
import { runCommand } from '../../src/admin.ts'
import { startTestServer, test } from '../harness/index.ts'
import { Clients, targetOf, until } from './index.ts'
import { channel, type Plain, peer, user } from './plain.ts'
import { CHANNELS, call, idOf, listed, PAGE, randomId } from './scene.ts'

const LIST = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 50, hash: 0n }

test('a community with teleproto is folded up and muted, while mtcute, which knows of none, sees its chats', async () => {
  await using server = await startTestServer({ online: true })
  await using clients = new Clients()
  const target = targetOf(server.server, ...server.nodes.slice(1))
  const alice = await clients.open('teleproto', { target, phone: '9996625101', firstName: 'Alice' })
  const bob = await clients.open('teleproto', { target, phone: '9996625102', firstName: 'Bob' })
  const carol = await clients.open('mtcute', { target, phone: '9996625103', firstName: 'Carol' })
  await alice.know('9996625102', 'Bob')
  await alice.know('9996625103', 'Carol')
  const made = await call(alice, { _: 'channels.createChannel', megagroup: true, title: 'Square', about: '' })
  const group = idOf(made.chats[0])
  const users = [user(bob.id), user(carol.id)]
  await call(alice, { _: 'channels.inviteToChannel', channel: channel(group), users })
  for (const who of [bob, carol]) await listed(who, group)
  await call(alice, { _: 'communities.create', title: 'Town', about: 'All of it', peer: peer(group) })
  const joined = async () => (await call(bob, { _: 'communities.getJoinedCommunities' })).chats as Plain[]
  await until('he is in it', async () => (await joined()).length === 1)
  const [town] = await joined()
  assert.deepEqual([town!._, town!.title, town!.creator], ['community', 'Town', false])
  const community = { _: 'inputChannel', channelId: town!.id, accessHash: BigInt(town!.accessHash) }
  const full = await call(bob, { _: 'channels.getFullChannel', channel: community })
  assert.deepEqual(
    [
      full.fullChat._,
      full.fullChat.about,
      full.fullChat.linkedPeers.map((one: Plain) => CHANNELS - one.peer.channelId),
    ],
    ['communityFull', 'All of it', [group]],
  )
  await call(bob, { _: 'communities.toggleCommunityCollapsedInDialogs', community, collapsed: true })
  const mute = { _: 'inputPeerNotifySettings', muteUntil: 2_000_000_000 }
  await call(bob, {
    ...{ _: 'account.updateNotifySettings', peer: { _: 'inputNotifyCommunity', community }, settings: mute },
  })
  const { dialogs } = await call(bob, { _: 'messages.getDialogs', ...LIST })
  const [first] = dialogs as Plain[]
  assert.deepEqual(
    [first!._, first!.communityId, first!.notifySettings.muteUntil],
    ['dialogCommunity', town!.id, 2_000_000_000],
  )
  await bob.say(group, 'folded up, and heard all the same')
  await until('it is pushed', () => carol.pushed.some((m) => m.text === 'folded up, and heard all the same'))
  assert.ok((await carol.dialogs()).some((d) => d.peer === group))
  const filter = { _: 'inputMessagesFilterEmpty' }
  const needle = { q: 'heard', filter, minDate: 0, maxDate: 0, offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' } }
  const found = await call(bob, { _: 'messages.searchGlobal', community, ...needle, offsetId: 0, limit: 5 })
  assert.equal(found.messages.length, 1)
})

test('topics of a bot’s chat with teleproto and mtcute', async () => {
  await using server = await startTestServer({ online: true })
  await using clients = new Clients()
  const target = targetOf(server.server, ...server.nodes.slice(1))
  const botToken = await server.botToken('topic_bot', 'Topics')
  await runCommand(server.app, 'user topics', ['@topic_bot', 'people'])
  const bot = await clients.open('mtcute', { target, phone: '', firstName: 'Topics', botToken })
  for (const library of ['teleproto', 'mtcute'] as const) {
    const phone = library === 'teleproto' ? '9996625111' : '9996625112'
    const alice = await clients.open(library, { target, phone, firstName: 'Alice' })
    const { users } = await call(alice, { _: 'contacts.resolveUsername', username: 'topic_bot' })
    assert.deepEqual([users[0].botForumView, users[0].botForumCanManageTopics], [true, true])
    const at = { peer: peer(bot.id) }
    const made = await call(alice, { _: 'messages.createForumTopic', ...at, title: 'Cats', randomId: randomId() })
    const topic = made.updates.find((u: Plain) => u._ === 'updateMessageID').id
    const replyTo = { _: 'inputReplyToMessage', replyToMsgId: topic }
    await call(alice, { _: 'messages.sendMessage', ...at, message: `by ${library}`, replyTo, randomId: randomId() })
    await until('the bot is pushed it', () => bot.pushed.some((m) => m.text === `by ${library}`))
    const list = { offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 10 }
    const theirs = await call(bot, { _: 'messages.getForumTopics', peer: peer(alice.id), ...list })
    assert.deepEqual(
      theirs.topics.map((t: Plain) => [t.title, t.peer.userId]),
      [['Cats', alice.id]],
    )
    const back = { _: 'inputReplyToMessage', replyToMsgId: theirs.topics[0].id }
    const answer = { message: `to ${library}`, replyTo: back, randomId: randomId() }
    await call(bot, { _: 'messages.sendMessage', peer: peer(alice.id), ...answer })
    await until('she is pushed it', () => alice.pushed.some((m) => m.text === `to ${library}`))
    const said = await call(alice, { _: 'messages.getReplies', ...at, msgId: topic, ...PAGE })
    assert.deepEqual(
      said.messages.map((m: Plain) => [m.message, m.replyTo.replyToMsgId, m.replyTo.forumTopic]),
      [
        [`to ${library}`, topic, true],
        [`by ${library}`, topic, true],
      ],
    )
    await call(alice, { _: 'messages.readDiscussion', ...at, msgId: topic, readMaxId: said.messages[0].id })
    await call(bot, { _: 'messages.editForumTopic', peer: peer(alice.id), topicId: back.replyToMsgId, title: 'Dogs' })
    const mine = await call(alice, { _: 'messages.getForumTopicsByID', ...at, topics: [topic] })
    assert.deepEqual([mine.topics[0].title, mine.topics[0].unreadCount], ['Dogs', 1])
    await call(alice, { _: 'messages.deleteTopicHistory', ...at, topMsgId: topic })
    await until('it is gone', async () => {
      return (await call(bot, { _: 'messages.getForumTopics', peer: peer(alice.id), ...list })).topics.length === 0
    })
  }
})
