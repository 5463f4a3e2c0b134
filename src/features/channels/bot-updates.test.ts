import assert from 'node:assert/strict'
import { type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from './test-channel.ts'

type Told = tl.updateChannelParticipant | tl.updateChatParticipant
type Counted = Extract<tl.Update, { qts: number }>

/** What changed, in short: who did it to whom, and from what to what. */
const short = (u: Told) => [
  u.actorId,
  u.userId,
  u.prevParticipant?._.replace(/^cha(nnel|t)P/, 'p'),
  u.newParticipant?._.replace(/^cha(nnel|t)P/, 'p'),
]

/** What a bot was pushed since it was last asked, which must be what its difference from there on holds. */
function listener(bot: Person) {
  let at: { pts: number; qts: number; date: number } | undefined
  return {
    async begin(): Promise<void> {
      await bot.updates()
      const { pts, qts, date } = await bot.call('updates.getState', {})
      at = { pts, qts, date }
    },
    async heard<K extends Counted['_']>(kind: K): Promise<Extract<tl.Update, { _: K }>[]> {
      const pushed = ((await bot.updates()) as tl.Update[]).filter((u) => 'qts' in u)
      assert.deepEqual(
        pushed.map((u) => (u as Counted).qts),
        pushed.map((_, i) => at!.qts + 1 + i),
        'every place in qts is told',
      )
      const found = await bot.call('updates.getDifference', at!)
      if (found._ === 'updates.differenceEmpty') assert.deepEqual(pushed, [])
      else {
        assert.ok(found._ === 'updates.difference')
        assert.deepEqual(
          found.otherUpdates.filter((u) => 'qts' in u),
          pushed,
        )
        const { pts, qts, date } = found.state
        assert.equal(qts, at!.qts + pushed.length)
        at = { pts, qts, date }
      }
      return pushed.filter((u) => u._ === kind) as never
    },
  }
}

async function promote(by: Person, group: TestChannel, who: Person, rights: Partial<tl.chatAdminRights>) {
  const adminRights: tl.chatAdminRights = { _: 'chatAdminRights', ...rights }
  await by.call('channels.editAdmin', { channel: group.of(by), userId: by.userOf(who), adminRights, rank: '' })
}

const restrict = (by: Person, group: TestChannel, who: Person, rights: Partial<tl.chatBannedRights>) =>
  by.call('channels.editBanned', {
    ...{ channel: group.of(by), participant: by.peerOf(who) },
    bannedRights: { _: 'chatBannedRights', untilDate: 0, ...rights },
  })

test('a bot that administrates a supergroup is told of everybody’s changes, counted in its qts', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const bot = await server.bot('guard_bot')
  const idle = await server.bot('idle_bot')
  const ear = listener(bot)
  const deaf = listener(idle)
  await ear.begin()
  await deaf.begin()
  const group = await makeChannel('group', alice)
  const invite = (...users: Person[]) =>
    alice.call('channels.inviteToChannel', { channel: group.of(alice), users: users.map((who) => alice.userOf(who)) })
  await invite(bot, idle)
  await promote(alice, group, bot, { inviteUsers: true, banUsers: true })
  const own = await ear.heard('updateChannelParticipant')
  assert.deepEqual(own.map(short), [
    [alice.id, bot.id, undefined, 'participantSelf'],
    [alice.id, bot.id, 'participantSelf', 'participantAdmin'],
  ])
  assert.equal((own[1]!.newParticipant as tl.channelParticipantAdmin).adminRights._, 'chatAdminRights')
  // One that administrates nothing is told of itself alone.
  const itself = (await deaf.heard('updateChannelParticipant')).map(short)
  assert.deepEqual(itself, [[alice.id, idle.id, undefined, 'participantSelf']])
  await invite(bob)
  await promote(alice, group, bob, { pinMessages: true })
  await promote(alice, group, bob, { deleteMessages: true })
  await promote(alice, group, bob, {})
  await restrict(alice, group, bob, { sendMedia: true })
  await restrict(alice, group, bob, {})
  await restrict(alice, group, bob, { viewMessages: true })
  await restrict(alice, group, bob, {})
  assert.deepEqual((await ear.heard('updateChannelParticipant')).map(short), [
    [alice.id, bob.id, undefined, 'participant'],
    [alice.id, bob.id, 'participant', 'participantAdmin'],
    [alice.id, bob.id, 'participantAdmin', 'participantAdmin'],
    [alice.id, bob.id, 'participantAdmin', 'participant'],
    [alice.id, bob.id, 'participant', 'participantBanned'],
    [alice.id, bob.id, 'participantBanned', 'participant'],
    [alice.id, bob.id, 'participant', 'participantBanned'],
    [alice.id, bob.id, 'participantBanned', undefined],
  ])
  // By a link: another administrator's is not shown whole.
  const link = await alice.call('messages.exportChatInvite', { peer: group.peer(alice) })
  const whole = (link as tl.chatInviteExported).link
  await carol.call('messages.importChatInvite', { hash: whole.split('+')[1]! })
  await carol.call('channels.leaveChannel', { channel: group.of(carol) })
  const byLink = await ear.heard('updateChannelParticipant')
  assert.deepEqual(byLink.map(short), [
    [carol.id, carol.id, undefined, 'participant'],
    [carol.id, carol.id, 'participant', undefined],
  ])
  const shown = (byLink[0]!.invite as tl.chatInviteExported).link
  assert.ok(shown.endsWith('...') && whole.startsWith(shown.slice(0, -3)) && shown.length < whole.length, shown)
  assert.equal(byLink[1]!.invite, undefined)
  assert.deepEqual(await deaf.heard('updateChannelParticipant'), [])
  // What changes nothing that is seen is not told.
  await alice.say(group.peer(alice), 'hello')
  await restrict(alice, group, bob, {})
  assert.deepEqual(await ear.heard('updateChannelParticipant'), [])
  await restrict(alice, group, bot, { viewMessages: true })
  await invite(bob)
  const last = await ear.heard('updateChannelParticipant')
  assert.deepEqual(last.map(short), [[alice.id, bot.id, 'participantAdmin', 'participantBanned']])
})

test('who asks to come in is told to bots that may let them, and how they came in', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await bob.call('account.updateProfile', { about: 'a gardener' })
  const bot = await server.bot('door_bot')
  const other = await server.bot('pins_bot')
  const group = await makeChannel('group', alice)
  await promote(alice, group, bot, { inviteUsers: true })
  await promote(alice, group, other, { pinMessages: true })
  const ear = listener(bot)
  const unasked = listener(other)
  await ear.begin()
  await unasked.begin()
  const own = await bot.call('messages.exportChatInvite', { peer: group.peer(bot), requestNeeded: true })
  const { link } = own as tl.chatInviteExported
  await bob.fails('INVITE_REQUEST_SENT', 'messages.importChatInvite', { hash: link.split('+')[1]! })
  await bob.fails('INVITE_REQUEST_SENT', 'messages.importChatInvite', { hash: link.split('+')[1]! })
  const [asked, ...more] = await ear.heard('updateBotChatInviteRequester')
  assert.deepEqual(more, [])
  assert.deepEqual([asked!.peer, asked!.userId, asked!.about], [group.peerId, bob.id, 'a gardener'])
  assert.equal((asked!.invite as tl.chatInviteExported).link, link)
  const peer = group.peer(bot)
  await bot.call('messages.hideChatJoinRequest', { peer, userId: bot.userOf(bob), approved: true })
  const [came] = await ear.heard('updateChannelParticipant')
  assert.deepEqual(short(came!), [bot.id, bob.id, undefined, 'participant'])
  assert.equal((came!.invite as tl.chatInviteExported).link, link)
  assert.deepEqual((await unasked.heard('updateChannelParticipant')).map(short), [short(came!)])
  // Without a link, where a public group lets people in.
  await alice.call('channels.updateUsername', { channel: group.of(alice), username: 'the_gardeners' })
  await alice.call('channels.toggleJoinRequest', { channel: group.of(alice), enabled: true })
  await carol.fails('INVITE_REQUEST_SENT', 'channels.joinChannel', { channel: group.of(carol) })
  await alice.call('messages.hideChatJoinRequest', {
    ...{ peer: group.peer(alice), userId: alice.userOf(carol), approved: true },
  })
  const updates = await ear.heard('updateChannelParticipant')
  assert.deepEqual(updates.map(short), [[alice.id, carol.id, undefined, 'participant']])
  assert.equal(updates[0]!.invite?._, 'chatInvitePublicJoinRequests')
  assert.deepEqual((await unasked.heard('updateChannelParticipant')).map(short), updates.map(short))
})

test('a bot in a basic group is told of itself, and as an administrator of everybody, and comes along when it grows', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const bot = await server.bot('small_bot')
  const ear = listener(bot)
  await ear.begin()
  const made = await alice.call('messages.createChat', { users: [alice.userOf(bot)], title: 'Basic' })
  const { id: chatId } = (made.updates as tl.updates).chats[0]!
  const add = (who: Person) => alice.call('messages.addChatUser', { chatId, userId: alice.userOf(who), fwdLimit: 0 })
  await add(bob)
  await alice.call('messages.editChatAdmin', { chatId, userId: alice.userOf(bot), isAdmin: true })
  assert.deepEqual((await ear.heard('updateChatParticipant')).map(short), [
    [alice.id, bot.id, undefined, 'participant'],
    [alice.id, bot.id, 'participant', 'participantAdmin'],
  ])
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId }
  const { link } = (await alice.call('messages.exportChatInvite', { peer })) as tl.chatInviteExported
  await carol.call('messages.importChatInvite', { hash: link.split('+')[1]! })
  await alice.call('messages.editChatAdmin', { chatId, userId: alice.userOf(carol), isAdmin: true })
  await alice.call('messages.deleteChatUser', { chatId, userId: alice.userOf(bob) })
  await carol.call('messages.deleteChatUser', { chatId, userId: { _: 'inputUserSelf' } })
  const told = await ear.heard('updateChatParticipant')
  assert.deepEqual(told.map(short), [
    [carol.id, carol.id, undefined, 'participant'],
    [alice.id, carol.id, 'participant', 'participantAdmin'],
    [alice.id, bob.id, 'participant', undefined],
    [carol.id, carol.id, 'participantAdmin', undefined],
  ])
  assert.equal(told[0]!.invite?._, 'chatInviteExported')
  await add(bob)
  await alice.call('messages.migrateChat', { chatId })
  await ear.heard('updateChannelParticipant').then((moved) =>
    assert.deepEqual(moved.map(short), [
      [alice.id, bot.id, undefined, 'participantSelf'],
      [alice.id, bot.id, 'participantSelf', 'participantAdmin'],
    ]),
  )
})

test('bots hear of titles and requests in a basic group, and when it is closed', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const bot = await server.bot('small_bot')
  const { chatId } = await basicGroup(alice, bob, bot)
  const ear = listener(bot)
  await ear.begin()
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId }
  await alice.call('messages.editChatParticipantRank', { peer, participant: alice.peerOf(bob), rank: 'gardener' })
  const [ranked] = await ear.heard('updateChatParticipant')
  assert.deepEqual(
    [ranked!.userId, ranked!.prevParticipant?.rank, ranked!.newParticipant?.rank],
    [bob.id, undefined, 'gardener'],
  )
  const made = await alice.call('messages.exportChatInvite', { peer, requestNeeded: true })
  const { link } = made as tl.chatInviteExported
  await carol.fails('INVITE_REQUEST_SENT', 'messages.importChatInvite', { hash: link.split('+')[1]! })
  const [asked] = await ear.heard('updateBotChatInviteRequester')
  assert.deepEqual([asked!.peer, asked!.userId], [{ _: 'peerChat', chatId }, carol.id])
  await alice.call('messages.deleteChat', { chatId })
  const told = await ear.heard('updateChatParticipant')
  assert.deepEqual(told.map(short), [[alice.id, bot.id, 'participantAdmin', undefined]])
})

const premium = (server: TestServer, who: Person, until?: string) =>
  runCommand(server.app, 'user premium', until === undefined ? [String(who.id)] : [String(who.id), until])

test('bots hear of boosts, given, taken elsewhere and ended, and of who stops them', async () => {
  await using server = await startTestServer({ settings: { limits: { boostCooldownSeconds: 0 } } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('boost_bot')
  const group = await makeChannel('group', alice, bob)
  const second = await makeChannel('group', alice, bob)
  for (const place of [group, second]) await promote(alice, place, bot, { pinMessages: true })
  await premium(server, bob)
  const ear = listener(bot)
  await ear.begin()
  const give = (place: TestChannel) => bob.call('premium.applyBoost', { peer: place.peer(bob), slots: [1] })
  await give(group)
  const [given] = await ear.heard('updateBotChatBoost')
  assert.deepEqual([given!.peer, given!.boost.userId], [group.peerId, bob.id])
  assert.ok(given!.boost.expires > given!.boost.date)
  await server.clock.advance(10)
  await give(second)
  const moved = await ear.heard('updateBotChatBoost')
  assert.deepEqual(
    moved.map((u) => [u.peer, u.boost.expires > 0]),
    [
      [group.peerId, false],
      [second.peerId, true],
    ],
  )
  assert.equal(moved[0]!.boost.id, given!.boost.id)
  await premium(server, bob, 'off')
  const [ended] = await ear.heard('updateBotChatBoost')
  assert.deepEqual([ended!.peer, ended!.boost.id, ended!.boost.expires], [second.peerId, moved[1]!.boost.id, 0])
  await bob.say(bot, '/start')
  await bob.call('contacts.block', { id: bob.peerOf(bot) })
  await bob.call('contacts.block', { id: bob.peerOf(bot) })
  await bob.call('contacts.unblock', { id: bob.peerOf(bot) })
  const stops = await ear.heard('updateBotStopped')
  assert.deepEqual(
    stops.map((u) => [u.userId, u.stopped]),
    [
      [bob.id, true],
      [bob.id, false],
    ],
  )
})

const emoji = (emoticon: string): tl.Reaction => ({ _: 'reactionEmoji', emoticon })

test('bots hear of reactions where they administrate, and in a chat with them: by whom, or how many', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('heart_bot')
  const group = await makeChannel('group', alice, bob)
  const news = await makeChannel('channel', alice, bob)
  await promote(alice, group, bot, { pinMessages: true })
  await promote(alice, news, bot, { editMessages: true })
  const said = await alice.say(group.peer(alice), 'hello')
  const post = await alice.say(news.peer(alice), 'news')
  const { chatId, own } = await basicGroup(alice, bob, bot)
  const ear = listener(bot)
  await ear.begin()
  const react = (who: Person, peer: tl.InputPeer, msgId: number, ...reaction: tl.Reaction[]) =>
    who.call('messages.sendReaction', { peer, msgId, reaction })
  await react(bob, group.peer(bob), said, emoji('🔥'))
  await react(bob, group.peer(bob), said, emoji('👍'))
  await react(bob, group.peer(bob), said)
  await react(bot, group.peer(bot), said, emoji('👍'))
  await react(bob, { _: 'inputPeerChat', chatId }, own.bob, emoji('👍'))
  await bob.say(bot, '/start')
  const mine = await bot.say(bob, 'in private')
  await react(bob, bob.peerOf(bot), (await newest(bob, bob.peerOf(bot))).id, emoji('🔥'))
  const places = [group.peerId, group.peerId, group.peerId, { _: 'peerChat', chatId }, bob.peerId]
  const told = await ear.heard('updateBotMessageReaction')
  assert.deepEqual(
    told.map((u) => [u.peer, u.msgId, u.actor]),
    [said, said, said, own.bot, mine].map((id, i) => [places[i], id, bob.peerId]),
  )
  const fire = emoji('🔥')
  const thumb = emoji('👍')
  assert.deepEqual(
    told.map((u) => [u.oldReactions, u.newReactions]),
    [
      [[], [fire]],
      [[fire], [thumb]],
      [[thumb], []],
      [[], [thumb]],
      [[], [fire]],
    ],
  )
  // Who reacts to a channel's posts nobody sees.
  await react(bob, news.peer(bob), post, thumb)
  const [counted] = await ear.heard('updateBotMessageReactions')
  assert.deepEqual([counted!.peer, counted!.msgId], [news.peerId, post])
  assert.deepEqual(
    counted!.reactions.map((r) => [r.reaction, r.count]),
    [[thumb, 1]],
  )
})

test('a bot hears how people vote in its own polls where votes are seen', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('poll_bot')
  const group = await makeChannel('group', alice, bob, bot)
  const text = (plain: string): tl.textWithEntities => ({ _: 'textWithEntities', text: plain, entities: [] })
  const ask = async (who: Person, publicVoters: boolean) => {
    const answers = ['red', 'green'].map((t): tl.PollAnswer => ({ _: 'inputPollAnswer', text: text(t) }))
    const poll: tl.poll = { _: 'poll', id: 0n, question: text('Which?'), answers, hash: 0n, publicVoters }
    const randomId = BigInt(++asked)
    await who.call('messages.sendMedia', {
      ...{ peer: group.peer(who), media: { _: 'inputMediaPoll', poll }, message: '', randomId },
    })
    return newest(bob, group.peer(bob))
  }
  const open = await ask(bot, true)
  const secret = await ask(bot, false)
  const others = await ask(alice, true)
  const ear = listener(bot)
  await ear.begin()
  const { poll } = open.media as tl.messageMediaPoll
  const green = (poll.answers[1] as tl.pollAnswer).option
  const vote = (message: tl.message, ...options: Uint8Array[]) =>
    bob.call('messages.sendVote', { peer: group.peer(bob), msgId: message.id, options })
  for (const message of [open, secret, others]) await vote(message, green)
  await vote(open)
  const told = await ear.heard('updateMessagePollVote')
  assert.deepEqual(
    told.map((u) => [u.pollId, u.peer, u.options.map((o) => Buffer.from(o).toString('hex')), u.positions]),
    [
      [poll.id, bob.peerId, [Buffer.from(green).toString('hex')], [1]],
      [poll.id, bob.peerId, [], []],
    ],
  )
})

let asked = 0

/** The newest message of a dialog. */
async function newest(who: Person, peer: tl.InputPeer): Promise<tl.message> {
  const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: 0n }
  const answer = (await who.call('messages.getHistory', { peer, ...page })) as tl.messages_messages
  return answer.messages[0] as tl.message
}

/** A basic group where a bot administrates, with a message of its creator's: under which number each has it. */
async function basicGroup(creator: Person, bob: Person, bot: Person) {
  const users = [creator.userOf(bob), creator.userOf(bot)]
  const made = await creator.call('messages.createChat', { users, title: 'Basic' })
  const { id: chatId } = (made.updates as tl.updates).chats[0]!
  await creator.call('messages.editChatAdmin', { chatId, userId: creator.userOf(bot), isAdmin: true })
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId }
  await creator.say(peer, 'in the small group')
  const last = async (who: Person) => {
    const told = (await who.updates()).at(-1)
    return (told.message.id ?? told.id) as number
  }
  return { chatId, own: { bob: (await newest(bob, peer)).id, bot: await last(bot) } }
}
