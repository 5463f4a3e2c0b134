import assert from 'node:assert/strict'
import { type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import { flushStats } from '../../domain/channel-stats.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from '../channels/test-channel.ts'
import { load, read } from './test-place.ts'

const DAY = 86_400
const HOUR = 3600
const settings = { limits: { statsMembers: 2 } }

const see = (who: Person, place: TestChannel, ...id: number[]) =>
  who.call('messages.getMessagesViews', { peer: place.peer(who), id, increment: true })
const full = async (who: Person, place: TestChannel) =>
  (await who.call('channels.getFullChannel', { channel: place.of(who) })).fullChat as tl.channelFull
const react = (who: Person, place: TestChannel, msgId: number, emoticon: string) =>
  who.call('messages.sendReaction', {
    peer: place.peer(who),
    msgId,
    reaction: [{ _: 'reactionEmoji', emoticon }],
  })

/** What the other nodes hold in memory is seen when they have written it: they do so every half a minute. */
async function counted(server: TestServer): Promise<void> {
  for (const { app } of server.nodes) await flushStats(app)
}

test('statistics are for administrators of what is large enough, and of the right kind', async () => {
  await using server = await startTestServer({ settings: { limits: { statsMembers: 3 } } })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const channel = await makeChannel('channel', alice, bob)
  const group = await makeChannel('group', alice, bob, carol)
  await alice.fails('CHAT_ADMIN_REQUIRED', 'stats.getBroadcastStats', { channel: channel.of(alice) })
  assert.deepEqual(
    [(await full(alice, channel)).canViewStats, (await full(alice, channel)).statsDc],
    [undefined, undefined],
  )
  await alice.call('channels.inviteToChannel', { channel: channel.of(alice), users: [alice.userOf(carol)] })
  assert.deepEqual([(await full(alice, channel)).canViewStats, (await full(alice, channel)).statsDc], [true, 2])
  assert.equal((await full(bob, channel)).canViewStats, undefined)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'stats.getBroadcastStats', { channel: channel.of(bob) })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'stats.getMegagroupStats', { channel: group.of(bob) })
  await alice.fails('BROADCAST_REQUIRED', 'stats.getBroadcastStats', { channel: group.of(alice) })
  await alice.fails('MEGAGROUP_REQUIRED', 'stats.getMegagroupStats', { channel: channel.of(alice) })
  const id = await alice.say(channel.peer(alice), 'post')
  await bob.fails('CHAT_ADMIN_REQUIRED', 'stats.getMessageStats', { channel: channel.of(bob), msgId: id })
  await alice.fails('MESSAGE_ID_INVALID', 'stats.getMessageStats', { channel: channel.of(alice), msgId: 99 })
  const forwards = { channel: channel.of(bob), msgId: id, offset: '', limit: 10 }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'stats.getMessagePublicForwards', forwards)
  // On the day it was made there is nothing to draw yet.
  const fresh = await alice.call('stats.getBroadcastStats', { channel: channel.of(alice) })
  assert.deepEqual(fresh.growthGraph, { _: 'statsGraphError', error: 'Not enough data to display.' })
})

test("a channel's statistics count who came and went, views, forwards and reactions", async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const channel = await makeChannel('channel', alice, bob)
  const day0 = Date.UTC(2026, 0, 1)
  await server.clock.advance(DAY)
  await alice.call('channels.updateUsername', { channel: channel.of(alice), username: 'the_news' })
  const invite = (await alice.call('messages.exportChatInvite', { peer: channel.peer(alice) })) as tl.chatInviteExported
  await carol.call('messages.importChatInvite', { hash: invite.link.slice(invite.link.lastIndexOf('+') + 1) })
  await dave.call('channels.joinChannel', { channel: channel.of(dave) })
  const post = await alice.say(channel.peer(alice), 'one')
  await see(bob, channel, post)
  await see(bob, channel, post)
  await see(carol, channel, post)
  await react(bob, channel, post, '👍')
  await react(carol, channel, post, '👎')
  await server.clock.advance(DAY + HOUR)
  await dave.call('channels.leaveChannel', { channel: channel.of(dave) })
  await see(dave, channel, post)
  const other = await alice.say(channel.peer(alice), 'two')
  await bob.call('messages.forwardMessages', {
    fromPeer: channel.peer(bob),
    id: [post],
    randomId: [1n],
    toPeer: bob.peerOf(carol),
  })
  const mute: tl.inputPeerNotifySettings = { _: 'inputPeerNotifySettings', muteUntil: 2_000_000_000 }
  const peer: tl.InputNotifyPeer = { _: 'inputNotifyPeer', peer: channel.peer(bob) }
  await bob.call('account.updateNotifySettings', { peer, settings: mute })
  await carol.call('account.updateNotifySettings', { peer: { _: 'inputNotifyBroadcasts' }, settings: mute })

  await counted(server)
  const stats = await alice.call('stats.getBroadcastStats', { channel: channel.of(alice) })
  const now = Math.floor(server.clock.now() / 1000)
  assert.deepEqual(stats.period, { _: 'statsDateRangeDays', minDate: Date.UTC(2025, 11, 28) / 1000, maxDate: now })
  assert.deepEqual(stats.followers, { _: 'statsAbsValueAndPrev', current: 3, previous: 0 })
  // Each post is seen by its author, too.
  assert.deepEqual(stats.viewsPerPost, { _: 'statsAbsValueAndPrev', current: (1 + 3 + 1) / 2, previous: 0 })
  assert.deepEqual(stats.sharesPerPost, { _: 'statsAbsValueAndPrev', current: 0.5, previous: 0 })
  assert.deepEqual(stats.reactionsPerPost, { _: 'statsAbsValueAndPrev', current: 1, previous: 0 })
  // One mutes the channel, one all channels.
  assert.deepEqual(stats.enabledNotifications, { _: 'statsPercentValue', part: 1, total: 3 })
  assert.deepEqual(stats.recentPostsInteractions, [
    { _: 'postInteractionCountersMessage', msgId: other, views: 1, forwards: 0, reactions: 0 },
    { _: 'postInteractionCountersMessage', msgId: post, views: 4, forwards: 1, reactions: 2 },
  ])

  const growth = read(stats.growthGraph)
  assert.deepEqual(growth.x, [day0, day0 + DAY * 1000, day0 + 2 * DAY * 1000])
  assert.deepEqual(growth.lines, { 'Total followers': [2, 4, 3] })
  assert.deepEqual(growth.json.types, { x: 'x', y0: 'line' })
  assert.match(growth.json.colors.y0, /^blue#[0-9A-F]{6}$/)
  assert.deepEqual(growth.json.subchart, { show: true, defaultZoom: [growth.x[0], growth.x[2]] })
  assert.deepEqual(read(stats.followersGraph).lines, { Joined: [2, 2, 0], Left: [0, 0, 1] })
  const interactions = read(stats.interactionsGraph)
  assert.deepEqual(interactions.lines, { Views: [0, 2, 1], Shares: [0, 0, 1] })
  assert.deepEqual([interactions.json.types.y0, interactions.json.y_scaled], ['step', true])

  const later = async (graph: tl.StatsGraph) => read(await load(alice, graph))
  assert.deepEqual((await later(stats.muteGraph)).lines, { Unmuted: [0, 0, 0], Muted: [0, 0, 1] })
  assert.deepEqual((await later(stats.viewsBySourceGraph)).lines, { Followers: [0, 2, 0], Others: [0, 0, 1] })
  const sources = await later(stats.newFollowersBySourceGraph)
  assert.deepEqual(sources.lines, {
    'Invite links': [0, 1, 0],
    Username: [0, 1, 0],
    'Added by members': [2, 0, 0],
  })
  assert.deepEqual([sources.json.types.y0, sources.json.stacked], ['bar', true])
  const emotions = await later(stats.reactionsByEmotionGraph)
  assert.deepEqual(emotions.lines, { Positive: [0, 1, 0], Negative: [0, 1, 0] })
  const languages = await later(stats.languagesGraph)
  assert.deepEqual(languages.lines, { English: [0, 2, 1] })
  assert.deepEqual([languages.json.types.y0, languages.json.percentage], ['area', true])
  const hours = await later(stats.topHoursGraph)
  assert.deepEqual(
    hours.x,
    Array.from({ length: 24 }, (_, i) => i),
  )
  const [views] = Object.values(hours.lines)
  assert.deepEqual([views![12], views![13]], [2, 1])
  for (const graph of [stats.ivInteractionsGraph, stats.storyInteractionsGraph])
    assert.equal(graph._, 'statsGraphError')

  // A day of a graph can be looked at by the hour.
  const zoom = { token: interactions.zoomToken!, x: BigInt(interactions.x[1]!) }
  const zoomed = read(await alice.call('stats.loadAsyncGraph', zoom))
  assert.equal(zoomed.x.length, 24)
  assert.equal(zoomed.lines.Views![12], 2)
  assert.equal((await alice.call('stats.loadAsyncGraph', { ...zoom, x: 0n }))._, 'statsGraphError')
  await alice.fails('GRAPH_INVALID_RELOAD', 'stats.loadAsyncGraph', { token: zoom.token })
  const { token } = stats.muteGraph as tl.statsGraphAsync
  await alice.fails('GRAPH_INVALID_RELOAD', 'stats.loadAsyncGraph', { token: `x${token}` })
  await bob.fails('GRAPH_INVALID_RELOAD', 'stats.loadAsyncGraph', { token })
  const dark = await alice.call('stats.getBroadcastStats', { channel: channel.of(alice), dark: true })
  assert.notEqual(read(dark.growthGraph).json.colors.y0, growth.json.colors.y0)
  await server.clock.advance(HOUR + 1)
  await alice.fails('GRAPH_EXPIRED_RELOAD', 'stats.loadAsyncGraph', { token })

  // A week later this is the period before.
  await server.clock.advance(7 * DAY)
  const week = await alice.call('stats.getBroadcastStats', { channel: channel.of(alice) })
  assert.deepEqual(week.viewsPerPost, { _: 'statsAbsValueAndPrev', current: 0, previous: (1 + 3 + 1) / 2 })
  assert.deepEqual(week.followers, { _: 'statsAbsValueAndPrev', current: 3, previous: 3 })
})

test('a token is outdated when a new day has begun', async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice, bob)
  await server.clock.advance(12 * HOUR - 600)
  const stats = await alice.call('stats.getBroadcastStats', { channel: channel.of(alice) })
  await server.clock.advance(1200)
  const { token } = stats.muteGraph as tl.statsGraphAsync
  await alice.fails('GRAPH_OUTDATED_RELOAD', 'stats.loadAsyncGraph', { token })
})

test("a supergroup's statistics name who talks, who reads, and what administrators do", async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const group = await makeChannel('group', alice, bob, carol)
  await bob.call('channels.inviteToChannel', { channel: group.of(bob), users: [bob.userOf(dave)] })
  await alice.say(group.peer(alice), 'twelve chars')
  await server.clock.advance(8 * DAY)
  for (const text of ['one', 'three']) await bob.say(group.peer(bob), text)
  const bad = await carol.say(group.peer(carol), 'spam')
  await alice.call('channels.readHistory', { channel: group.of(alice), maxId: 0 })
  await bob.call('channels.readHistory', { channel: group.of(bob), maxId: 0 })
  await server.clock.advance(DAY)
  await alice.call('channels.deleteMessages', { channel: group.of(alice), id: [bad] })
  const bannedRights: tl.chatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 }
  await alice.call('channels.editBanned', { channel: group.of(alice), participant: alice.peerOf(carol), bannedRights })
  await alice.say(group.peer(alice), 'done')
  await counted(server)
  const stats = await alice.call('stats.getMegagroupStats', { channel: group.of(alice) })
  const pair = (current: number, previous: number) => ({ _: 'statsAbsValueAndPrev', current, previous })
  assert.deepEqual(stats.members, pair(3, 4))
  assert.deepEqual(stats.messages, pair(3, 1))
  assert.deepEqual(stats.posters, pair(2, 1))
  assert.deepEqual(stats.viewers, pair(2, 0))
  assert.deepEqual(stats.topPosters, [
    { _: 'statsGroupTopPoster', userId: bob.id, messages: 2, avgChars: 4 },
    { _: 'statsGroupTopPoster', userId: alice.id, messages: 1, avgChars: 4 },
  ])
  assert.deepEqual(stats.topAdmins, [{ _: 'statsGroupTopAdmin', userId: alice.id, deleted: 1, kicked: 1, banned: 0 }])
  assert.deepEqual(stats.topInviters, [])
  assert.deepEqual(new Set(stats.users.map((user) => user.id)), new Set([alice.id, bob.id]))
  const growth = read(stats.growthGraph)
  assert.deepEqual(growth.lines, { 'Total members': [4, 4, 4, 4, 4, 4, 4, 4, 4, 3] })
  assert.deepEqual(read(stats.membersGraph).lines.Left, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  const messages = read(stats.messagesGraph)
  assert.deepEqual(messages.lines, { Text: [1, 0, 0, 0, 0, 0, 0, 0, 2, 1] })
  const zoomed = await alice.call('stats.loadAsyncGraph', { token: messages.zoomToken!, x: BigInt(messages.x[8]!) })
  assert.equal(read(zoomed).lines.Text![12], 2)
  const later = async (graph: tl.StatsGraph) => read(await load(alice, graph))
  const actions = await later(stats.actionsGraph)
  assert.deepEqual(actions.lines['Deleted messages'], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  assert.deepEqual(actions.lines['Restricted members'], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  const hours = Object.values((await later(stats.topHoursGraph)).lines)
  assert.deepEqual([hours[0]![12], hours[1]![12]], [3, 1])
  // 1 January 2026 was a Thursday, the 9th and 10th a Friday and a Saturday.
  const weekdays = await later(stats.weekdaysGraph)
  assert.deepEqual(weekdays.lines.Thursday!.slice(-2), [1, 0])
  assert.deepEqual([weekdays.lines.Friday!.at(-1), weekdays.lines.Saturday!.at(-1)], [2, 1])
  assert.match(weekdays.json.xTooltipFormatter, /'week'/)
  assert.deepEqual((await later(stats.newMembersBySourceGraph)).lines, {
    'Added by members': [4, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  })
})

test('one post has statistics of its own, and the public places it was forwarded to', async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const channel = await makeChannel('channel', alice, bob, carol)
  const post = await alice.say(channel.peer(alice), 'one')
  const other = await alice.say(channel.peer(alice), 'two')
  await see(bob, channel, post, other)
  await server.clock.advance(2 * HOUR)
  await see(carol, channel, post)
  await react(carol, channel, post, '😢')
  const of = { channel: channel.of(alice), msgId: post }
  await counted(server)
  const stats = await alice.call('stats.getMessageStats', of)
  const views = read(stats.viewsGraph)
  assert.deepEqual(views.lines, { Views: [1, 0, 1], Shares: [0, 0, 0] })
  assert.equal(views.x[1]! - views.x[0]!, HOUR * 1000)
  assert.deepEqual(read(stats.reactionsByEmotionGraph).lines, { Negative: [0, 0, 1] })
  await server.clock.advance(3 * DAY)
  const old = read((await alice.call('stats.getMessageStats', of)).viewsGraph)
  assert.deepEqual(old.lines.Views, [2, 0, 0, 0])

  const forward = async (to: TestChannel, randomId: bigint, dropAuthor = false) => {
    await server.clock.advance(1)
    const named = { fromPeer: channel.peer(bob), id: [post], randomId: [randomId], toPeer: to.peer(bob), dropAuthor }
    const { updates } = (await bob.call('messages.forwardMessages', named)) as tl.updates
    return (updates.find((u) => u._ === 'updateNewChannelMessage')!.message as tl.message).id
  }
  const places: TestChannel[] = []
  for (const name of ['first_place', 'other_place', 'third_place']) {
    const place = await makeChannel('group', bob)
    await bob.call('channels.updateUsername', { channel: place.of(bob), username: name })
    places.push(place)
  }
  const hidden = await makeChannel('group', bob)
  await forward(hidden, 1n)
  await forward(places[0]!, 2n, true)
  const ids: number[] = []
  for (const [i, place] of places.entries()) ids.push(await forward(place, BigInt(3 + i)))
  const gone = await forward(places[0]!, 9n)
  await bob.call('channels.deleteMessages', { channel: places[0]!.of(bob), id: [gone] })
  const page = await alice.call('stats.getMessagePublicForwards', { ...of, offset: '', limit: 2 })
  assert.equal(page.count, 3)
  const shown = (part: tl.stats_publicForwards) =>
    part.forwards.map((one) => {
      const { id, peerId } = (one as tl.publicForwardMessage).message as tl.message
      return [(peerId as tl.peerChannel).channelId, id]
    })
  assert.deepEqual(shown(page), [
    [places[2]!.id, ids[2]],
    [places[1]!.id, ids[1]],
  ])
  const rest = await alice.call('stats.getMessagePublicForwards', { ...of, offset: page.nextOffset!, limit: 2 })
  assert.deepEqual(shown(rest), [[places[0]!.id, ids[0]]])
  assert.equal(rest.nextOffset, undefined)
  assert.ok(page.chats.some((chat) => (chat as tl.channel).username === 'third_place'))
})

test('when a poll was voted in is for whoever made it, and for administrators', async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const text = (words: string): tl.textWithEntities => ({ _: 'textWithEntities', text: words, entities: [] })
  const answers = ['yes', 'no'].map((words, i): tl.PollAnswer => {
    return { _: 'pollAnswer', text: text(words), option: new Uint8Array([i]) }
  })
  const poll: tl.Poll = { _: 'poll', id: 0n, hash: 0n, question: text('?'), answers }
  const sent = (await bob.call('messages.sendMedia', {
    peer: group.peer(bob),
    media: { _: 'inputMediaPoll', poll },
    message: '',
    randomId: 1n,
  })) as tl.updates
  const message = sent.updates.find((u) => u._ === 'updateNewChannelMessage')!.message as tl.message
  const msgId = message.id
  assert.equal((message.media as tl.messageMediaPoll).results.canViewStats, true)
  const vote = (who: Person, option: number) =>
    who.call('messages.sendVote', { peer: group.peer(who), msgId, options: [new Uint8Array([option])] })
  await vote(alice, 0)
  await server.clock.advance(HOUR)
  await vote(bob, 0)
  await vote(carol, 1)
  for (const who of [alice, bob]) {
    const { votesGraph } = await who.call('stats.getPollStats', { peer: group.peer(who), msgId })
    assert.deepEqual(read(votesGraph).lines, { yes: [1, 1], no: [0, 1] })
  }
  await carol.fails('CHAT_ADMIN_REQUIRED', 'stats.getPollStats', { peer: group.peer(carol), msgId })
  const plain = await bob.say(group.peer(bob), 'no poll')
  await bob.fails('MESSAGE_ID_INVALID', 'stats.getPollStats', { peer: group.peer(bob), msgId: plain })
})

test('counters that nobody looks at any more are deleted', async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice, bob)
  const post = await alice.say(channel.peer(alice), 'one')
  const today = Date.UTC(2026, 0, 1) / 1000
  const old = today - 93 * DAY
  await server.app.store.transact(async (trx) => {
    const visit = { channel_id: channel.id, user_id: bob.id, lang: 'en' }
    for (const day of [old, old + DAY])
      await trx
        .insertInto('channel_visit')
        .values({ ...visit, day })
        .execute()
    const stat = { channel_id: channel.id, metric: 'view', key: 'member', count: 1 }
    const rows = [
      { message_id: 0, hour: old },
      { message_id: post, hour: old },
      { message_id: post, hour: old + HOUR },
      { message_id: 0, hour: today - 401 * DAY },
    ]
    for (const row of rows)
      await trx
        .insertInto('channel_stat')
        .values({ ...stat, ...row })
        .execute()
  })
  await see(bob, channel, post)
  await counted(server)
  await server.clock.advance(DAY + 1)
  const { db } = server.app.store
  const visits = await db.selectFrom('channel_visit').select('day').orderBy('day').execute()
  assert.deepEqual(
    visits.map((row) => row.day),
    [today],
  )
  const stats = db.selectFrom('channel_stat').select(['message_id', 'hour']).where('metric', '=', 'view')
  const noon = today + 12 * HOUR
  assert.deepEqual(await stats.orderBy('message_id').orderBy('hour').execute(), [
    { message_id: 0, hour: old },
    { message_id: 0, hour: noon },
    { message_id: post, hour: noon },
  ])
})
