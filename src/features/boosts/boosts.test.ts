import assert from 'node:assert/strict'
import { type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from '../channels/test-channel.ts'

const DAY = 86_400

const premium = (server: TestServer, who: Person, until?: string) =>
  runCommand(server.app, 'user premium', until === undefined ? [String(who.id)] : [String(who.id), until])

const full = async (who: Person, place: TestChannel) =>
  (await who.call('channels.getFullChannel', { channel: place.of(who) })).fullChat as tl.channelFull

async function serviceMessages(who: Person, place: TestChannel): Promise<tl.messageService[]> {
  const none = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
  const answer = await who.call('messages.getHistory', { peer: place.peer(who), ...none })
  const { messages } = answer as tl.messages_channelMessages
  return messages.filter((m): m is tl.messageService => m._ === 'messageService')
}

test('Premium is given and taken away by the operator, and everybody who knows the account sees it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await bob.say(alice, 'hello')
  await bob.updates()
  assert.deepEqual(await premium(server, alice, '30d'), [`account ${alice.id} has Premium until 2026-01-31`])
  assert.deepEqual(await bob.updatesOf('updateUser'), [{ _: 'updateUser', userId: alice.id }])
  const seen = async () => ((await bob.call('users.getUsers', { id: [bob.userOf(alice)] }))[0] as tl.user).premium
  assert.equal(await seen(), true)
  await server.clock.advance(29 * DAY)
  // Prolonged, it does not end when it would have.
  await premium(server, alice, '2026-03-01')
  await server.clock.advance(2 * DAY)
  assert.equal(await seen(), true)
  await bob.updates()
  await server.clock.advance(30 * DAY)
  assert.equal(await seen(), undefined)
  assert.deepEqual(await bob.updatesOf('updateUser'), [{ _: 'updateUser', userId: alice.id }])
  await premium(server, alice)
  await server.clock.advance(20 * DAY)
  assert.equal(await seen(), true)
  assert.deepEqual(await premium(server, alice, 'off'), [`account ${alice.id} has no Premium any more`])
  assert.equal(await seen(), undefined)
  await premium(server, alice)
  const [listed] = await runCommand(server.app, 'user list', [])
  assert.match(listed!, /\tpremium$/)
  await runCommand(server.app, 'user bot', ['premium_bot', 'Bot'])
  await assert.rejects(runCommand(server.app, 'user premium', ['@premium_bot']), /not for bots/)
  await assert.rejects(premium(server, alice, '2020-01-01'), /is over/)
  await assert.rejects(premium(server, alice, 'soon'), /expected a day/)
  await assert.rejects(runCommand(server.app, 'user premium', ['@nobody']), /no such account/)
})

test('boosts raise a channel through its levels, for as long as the Premium lasts', async () => {
  await using server = await startTestServer({ settings: { limits: { boostsPerLevel: 2 } } })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const place = await makeChannel('channel', alice, bob)
  await bob.fails('PREMIUM_ACCOUNT_REQUIRED', 'premium.applyBoost', { peer: place.peer(bob) })
  assert.deepEqual((await bob.call('premium.getMyBoosts', {})).myBoosts, [])
  await premium(server, bob, '60d')
  const end = Math.floor(server.clock.now() / 1000) + 60 * DAY
  const before = await bob.call('premium.getMyBoosts', {})
  assert.deepEqual(
    before.myBoosts.map((one) => [one.slot, one.peer, one.date, one.expires]),
    [1, 2, 3, 4].map((slot) => [slot, undefined, 0, 0]),
  )
  await bob.fails('SLOTS_EMPTY', 'premium.applyBoost', { peer: place.peer(bob), slots: [] })
  await bob.fails('SLOTS_EMPTY', 'premium.applyBoost', { peer: place.peer(bob), slots: [5] })
  await bob.fails('PEER_ID_INVALID', 'premium.applyBoost', { peer: bob.peerOf(alice) })
  await carol.fails('CHANNEL_PRIVATE', 'premium.applyBoost', { peer: place.peer(carol) })
  // Without naming one, the first free place goes.
  const given = await bob.call('premium.applyBoost', { peer: place.peer(bob) })
  const now = Math.floor(server.clock.now() / 1000)
  const [first] = given.myBoosts
  assert.deepEqual([first!.peer, first!.date, first!.expires], [place.peerId, now, end])
  assert.equal(first!.cooldownUntilDate, now + DAY)
  await bob.fails('BOOST_NOT_MODIFIED', 'premium.applyBoost', { peer: place.peer(bob), slots: [1] })
  const low = await alice.call('premium.getBoostsStatus', { peer: place.peer(alice) })
  assert.deepEqual([low.level, low.boosts, low.currentLevelBoosts, low.nextLevelBoosts], [0, 1, 0, 2])
  assert.deepEqual(low.premiumAudience, { _: 'statsPercentValue', part: 1, total: 2 })
  assert.equal(low.myBoost, undefined)
  await alice.updates()
  await bob.call('premium.applyBoost', { peer: place.peer(bob), slots: [2, 3] })
  const status = await bob.call('premium.getBoostsStatus', { peer: place.peer(bob) })
  assert.deepEqual([status.level, status.boosts, status.currentLevelBoosts, status.nextLevelBoosts], [1, 3, 2, 4])
  assert.deepEqual([status.myBoost, status.myBoostSlots], [true, [1, 2, 3]])
  assert.equal(status.premiumAudience, undefined)
  assert.equal(status.boostUrl, `https://t.me/boost?c=${place.id}`)
  // A new level is told to everybody there, who then see it.
  assert.deepEqual(await alice.updatesOf('updateChannel'), [{ _: 'updateChannel', channelId: place.id }])
  const [shown] = await alice.call('channels.getChannels', { id: [place.of(alice)] }).then((a) => a.chats)
  assert.equal((shown as tl.channel).level, 1)
  assert.equal((await full(bob, place)).boostsApplied, 3)
  assert.equal((await full(alice, place)).boostsApplied, undefined)
  await server.clock.advance(60 * DAY)
  const over = await alice.call('premium.getBoostsStatus', { peer: place.peer(alice) })
  assert.deepEqual([over.level, over.boosts], [0, 0])
  assert.deepEqual((await bob.call('premium.getMyBoosts', {})).myBoosts, [])
  assert.equal((await full(bob, place)).boostsApplied, undefined)
})

test('a place is given to another channel when it has stayed long enough', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const one = await makeChannel('channel', alice, bob)
  const two = await makeChannel('group', alice, bob)
  await premium(server, bob)
  await bob.call('premium.applyBoost', { peer: one.peer(bob), slots: [1, 2, 3, 4] })
  await bob.fails('BOOSTS_EMPTY', 'premium.applyBoost', { peer: two.peer(bob) })
  await server.clock.advance(DAY - 10)
  await bob.fails('FLOOD_WAIT_10', 'premium.applyBoost', { peer: two.peer(bob), slots: [2] })
  await server.clock.advance(10)
  const { myBoosts, chats } = await bob.call('premium.applyBoost', { peer: two.peer(bob), slots: [2] })
  assert.deepEqual(
    myBoosts.map((boost) => (boost.peer as tl.peerChannel).channelId),
    [one.id, two.id, one.id, one.id],
  )
  assert.deepEqual(new Set(chats.map((chat) => chat.id)), new Set([one.id, two.id]))
  const boosts = async (place: TestChannel) =>
    (await alice.call('premium.getBoostsStatus', { peer: place.peer(alice) })).boosts
  assert.deepEqual([await boosts(one), await boosts(two)], [3, 1])
  // What is deleted gives its boosts back.
  await alice.call('channels.deleteChannel', { channel: one.of(alice) })
  const left = await bob.call('premium.getMyBoosts', {})
  assert.deepEqual(
    left.myBoosts.map((boost) => boost.peer !== undefined),
    [false, true, false, false],
  )
})

test('who boosts is listed for administrators, the newest first, by pages', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const place = await makeChannel('group', alice, bob, carol)
  for (const who of [bob, carol]) await premium(server, who)
  await bob.call('premium.applyBoost', { peer: place.peer(bob), slots: [1, 2] })
  await server.clock.advance(100)
  await carol.call('premium.applyBoost', { peer: place.peer(carol), slots: [3] })
  const none = { peer: place.peer(alice), offset: '', limit: 2 }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'premium.getBoostsList', { ...none, peer: place.peer(bob) })
  const page = await alice.call('premium.getBoostsList', none)
  assert.equal(page.count, 3)
  assert.deepEqual(
    page.boosts.map((boost) => boost.userId),
    [carol.id, bob.id],
  )
  const rest = await alice.call('premium.getBoostsList', { ...none, offset: page.nextOffset! })
  assert.deepEqual(
    rest.boosts.map((boost) => boost.userId),
    [bob.id],
  )
  assert.equal(rest.nextOffset, undefined)
  const ids = [...page.boosts, ...rest.boosts].map((boost) => boost.id)
  assert.equal(new Set(ids).size, 3)
  assert.deepEqual((await alice.call('premium.getBoostsList', { ...none, gifts: true })).boosts, [])
  const his = { peer: place.peer(alice), userId: alice.userOf(bob) }
  const ofBob = await alice.call('premium.getUserBoosts', his)
  assert.deepEqual([ofBob.count, ofBob.boosts.length], [2, 2])
  await bob.fails('CHAT_ADMIN_REQUIRED', 'premium.getUserBoosts', {
    ...his,
    peer: place.peer(bob),
    userId: bob.userOf(bob),
  })
})

test('a group is told of boosts, those of a few seconds together, and messages show how many their author gave', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const channel = await makeChannel('channel', alice, bob)
  await premium(server, bob)
  await bob.say(group.peer(bob), 'before')
  await bob.call('premium.applyBoost', { peer: group.peer(bob), slots: [1] })
  await server.clock.advance(2)
  await bob.call('premium.applyBoost', { peer: group.peer(bob), slots: [2] })
  await bob.call('premium.applyBoost', { peer: channel.peer(bob), slots: [4] })
  const said = async (place: TestChannel) =>
    (await serviceMessages(alice, place)).filter((m) => m.action._ === 'messageActionBoostApply')
  assert.deepEqual(await said(group), [])
  await alice.updates()
  await server.clock.advance(20)
  const [told, ...more] = await said(group)
  assert.deepEqual(more, [])
  assert.deepEqual([told!.action, told!.fromId], [{ _: 'messageActionBoostApply', boosts: 2 }, bob.peerId])
  assert.equal((await alice.updatesOf('updateNewChannelMessage')).length, 1)
  assert.deepEqual(await said(channel), [])
  const id = await bob.say(group.peer(bob), 'after')
  await alice.say(group.peer(alice), 'mine')
  const pushed = (await alice.updatesOf('updateNewChannelMessage')).map((u) => u.message as tl.message)
  assert.deepEqual(
    pushed.map((m) => [m.id, m.fromBoostsApplied]),
    [[id, 2]],
  )
})

test('who boosts enough is freed from slow mode and from what everybody is kept from saying', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob)
  const channel = await makeChannel('channel', alice)
  const set = (boosts: number, who = alice, place = group) => ({ channel: place.of(who), boosts })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.setBoostsToUnblockRestrictions', set(2, bob))
  await alice.fails('CHANNEL_INVALID', 'channels.setBoostsToUnblockRestrictions', set(2, alice, channel))
  await alice.fails('LIMIT_INVALID', 'channels.setBoostsToUnblockRestrictions', set(9))
  await alice.call('channels.setBoostsToUnblockRestrictions', set(2))
  assert.deepEqual(await bob.updatesOf('updateChannel'), [{ _: 'updateChannel', channelId: group.id }])
  assert.equal((await full(bob, group)).boostsUnrestrict, 2)
  await alice.call('channels.toggleSlowMode', { channel: group.of(alice), seconds: 60 })
  const say = { peer: group.peer(bob), message: 'x', randomId: 1n }
  await premium(server, bob)
  await bob.call('premium.applyBoost', { peer: group.peer(bob), slots: [1] })
  await bob.say(group.peer(bob), 'one')
  await bob.fails('SLOWMODE_WAIT_60', 'messages.sendMessage', say)
  assert.ok((await full(bob, group)).slowmodeNextSendDate)
  await bob.call('premium.applyBoost', { peer: group.peer(bob), slots: [2] })
  await bob.say(group.peer(bob), 'two')
  await bob.say(group.peer(bob), 'three')
  assert.equal((await full(bob, group)).slowmodeNextSendDate, undefined)
  const bannedRights: tl.chatBannedRights = { _: 'chatBannedRights', sendPlain: true, pinMessages: true, untilDate: 0 }
  await alice.call('messages.editChatDefaultBannedRights', { peer: group.peer(alice), bannedRights })
  const id = await bob.say(group.peer(bob), 'four')
  // Boosts free nobody from what changes the group, nor from a restriction of their own.
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.updatePinnedMessage', { peer: group.peer(bob), id })
  const own: tl.chatBannedRights = { _: 'chatBannedRights', sendMessages: true, untilDate: 0 }
  const ban = { channel: group.of(alice), participant: alice.peerOf(bob), bannedRights: own }
  await alice.call('channels.editBanned', ban)
  await bob.fails('USER_BANNED_IN_CHANNEL', 'messages.sendMessage', { ...say, randomId: 2n })
  await alice.call('channels.editBanned', { ...ban, bannedRights: { _: 'chatBannedRights', untilDate: 0 } })
  await alice.call('channels.setBoostsToUnblockRestrictions', set(0))
  await bob.fails('CHAT_SEND_PLAIN_FORBIDDEN', 'messages.sendMessage', { ...say, randomId: 3n })
  // Whoever boosted before they came in is known by it at once.
  await alice.call('channels.setBoostsToUnblockRestrictions', set(1))
  await alice.call('channels.updateUsername', { channel: group.of(alice), username: 'a_place' })
  await premium(server, carol)
  await carol.call('premium.applyBoost', { peer: group.peer(carol), slots: [1] })
  assert.equal((await full(carol, group)).boostsApplied, 1)
  await carol.call('channels.joinChannel', { channel: group.of(carol) })
  assert.equal((await full(carol, group)).boostsApplied, 1)
  await carol.say(group.peer(carol), 'freed')
})

test('boosts given at the same time are counted each', async () => {
  await using server = await startTestServer()
  const [alice, ...others] = await server.people('Alice', 'Bob', 'Carol', 'Dave', 'Eve')
  const place = await makeChannel('group', alice!, ...others)
  for (const who of others) await premium(server, who)
  const calls = others.flatMap((who) =>
    [1, 2, 3, 4].map((slot) => who.call('premium.applyBoost', { peer: place.peer(who), slots: [slot] })),
  )
  await Promise.all(calls)
  const { boosts } = await alice!.call('premium.getBoostsStatus', { peer: place.peer(alice!) })
  assert.equal(boosts, 16)
})
