import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel, type TestChannel } from '../channels/test-channel.ts'
import { type Community, makeCommunity } from './test-community.ts'

const full = async (who: Person, community: Community) =>
  (await who.call('channels.getFullChannel', { channel: community.of(who) })).fullChat as tl.communityFull
const seen = async (who: Person, community: Community) =>
  ((await who.call('channels.getChannels', { id: [community.of(who)] })).chats as tl.Chat[])[0]!
const joined = async (who: Person) =>
  (await who.call('communities.getJoinedCommunities', {})).chats.map((chat) => chat.id)
const linkedOf = async (who: Person, channel: TestChannel) =>
  ((await who.call('channels.getChannels', { id: [channel.of(who)] })).chats[0] as tl.channel).linkedCommunityId

test('a community begins with a chat of its creator’s, and whoever is in that is in it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob)
  const other = await makeChannel('channel', alice, carol)
  const create = { title: 'Town', peer: group.peer(alice) }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'communities.create', { ...create, peer: group.peer(bob) })
  await alice.fails('CHAT_TITLE_EMPTY', 'communities.create', { ...create, title: ' ' })
  await alice.fails('PEER_ID_INVALID', 'communities.create', { ...create, peer: alice.peerOf(bob) })
  const town = await makeCommunity(alice, group)
  await alice.fails('CHAT_LINK_EXISTS', 'communities.create', create)
  assert.ok((await bob.updates()).some((u) => u._ === 'updateChannel' && u.channelId === town.id))
  const [said] = await historyOf(bob, group)
  assert.deepEqual((said as unknown as tl.messageService).action, {
    _: 'messageActionChangeCommunity',
    communityId: town.id,
  })
  assert.equal(await linkedOf(bob, group), town.id)
  const mine = (await seen(alice, town)) as tl.community
  assert.deepEqual(
    [mine.creator, mine.left, mine.title, mine.adminRights?.manageLinkedPeers],
    [true, undefined, 'Town', true],
  )
  const his = (await seen(bob, town)) as tl.community
  assert.deepEqual([his.creator, his.left, his.adminRights], [undefined, undefined, undefined])
  assert.equal(((await seen(carol, town)) as tl.community).left, true)
  assert.deepEqual([await joined(alice), await joined(bob), await joined(carol)], [[town.id], [town.id], []])
  await alice.call('communities.togglePeerLink', { community: town.of(alice), peer: other.peer(alice), visible: true })
  assert.deepEqual(await joined(carol), [town.id])
  const { about, linkedPeers } = await full(bob, town)
  assert.deepEqual([about, linkedPeers.length], ['All of it', 2])
  assert.deepEqual(
    linkedPeers.map((p) => p.canViewHistory === true),
    [true, false],
  )
  await alice.call('communities.togglePeerLink', { community: town.of(alice), peer: other.peer(alice), hidden: true })
  assert.equal((await full(bob, town)).linkedPeers.length, 1)
  assert.equal((await full(alice, town)).linkedPeers.length, 2)
  await alice.fails('DATA_INVALID', 'communities.togglePeerLink', {
    community: town.of(alice),
    peer: other.peer(alice),
  })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'communities.togglePeerLink', {
    ...{ community: town.of(bob), peer: group.peer(bob), deleted: true },
  })
  await alice.call('communities.togglePeerLink', { community: town.of(alice), peer: other.peer(alice), deleted: true })
  assert.deepEqual([await joined(carol), await linkedOf(carol, other)], [[], undefined])
})

test('whoever is in a community joins the chats that it shows, and is told of no others', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const [group, shown, hidden] = [
    await makeChannel('group', alice, bob),
    await makeChannel('group', alice),
    await makeChannel('group', alice),
  ]
  const town = await makeCommunity(alice, group)
  const link = (place: TestChannel, how: { visible?: true; hidden?: true }) =>
    alice.call('communities.togglePeerLink', { community: town.of(alice), peer: place.peer(alice), ...how })
  await link(shown, { visible: true })
  await link(hidden, { hidden: true })
  const viewed = async (who: Person, place: TestChannel) =>
    (await who.call('channels.getChannels', { id: [place.of(who)] })).chats[0]!._
  assert.deepEqual([await viewed(bob, shown), await viewed(bob, hidden)], ['channel', 'channelForbidden'])
  assert.equal(await viewed(carol, shown), 'channelForbidden')
  await carol.fails('CHANNEL_PRIVATE', 'channels.joinChannel', { channel: shown.of(carol) })
  await bob.fails('CHANNEL_PRIVATE', 'channels.joinChannel', { channel: hidden.of(bob) })
  await bob.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: shown.of(bob) })
  await bob.call('channels.joinChannel', { channel: shown.of(bob) })
  const [said] = (await historyOf(bob, shown)) as unknown as tl.messageService[]
  assert.deepEqual(said!.action, { _: 'messageActionChatJoinedViaCommunity', communityId: town.id })
  await alice.call('channels.deleteChannel', { channel: shown.of(alice) })
  assert.deepEqual(
    (await full(bob, town)).linkedPeers.map((p) => (p.peer as tl.peerChannel).channelId),
    [group.id],
  )
})

test('a search within a community looks into those of its chats that one is in', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const [group, channel, outside] = [
    await makeChannel('group', alice, bob),
    await makeChannel('channel', alice),
    await makeChannel('group', alice, bob),
  ]
  const town = await makeCommunity(alice, group)
  await alice.call('communities.togglePeerLink', {
    community: town.of(alice),
    peer: channel.peer(alice),
    visible: true,
  })
  for (const place of [group, channel, outside]) await alice.say(place.peer(alice), 'needle')
  await alice.say(bob, 'needle')
  const find = async (who: Person) => {
    const answer = await who.call('messages.searchGlobal', {
      ...{ community: town.of(who), q: 'needle', filter: { _: 'inputMessagesFilterEmpty' }, minDate: 0, maxDate: 0 },
      ...{ offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' }, offsetId: 0, limit: 10 },
    })
    return (answer as tl.messages_messages).messages.map((m) => ((m as tl.message).peerId as tl.peerChannel).channelId)
  }
  assert.deepEqual(new Set(await find(alice)), new Set([group.id, channel.id]))
  assert.deepEqual(await find(bob), [group.id])
})

test('chats of others are let in by the administrators, one by one or all at once', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const town = await makeCommunity(alice, group)
  const places: TestChannel[] = []
  for (let i = 0; i < 3; i++) places.push(await makeChannel(i === 1 ? 'group' : 'channel', bob))
  await alice.updates()
  for (const place of places) {
    const ask = { community: town.of(bob), peer: place.peer(bob), visible: true }
    await bob.fails('COMMUNITY_REQUEST_CREATED', 'communities.togglePeerLink', ask)
  }
  assert.ok((await alice.updates()).some((u) => u._ === 'updateChannel' && u.channelId === town.id))
  const list = (offset = '', limit = 2) =>
    alice.call('communities.getPeerLinkRequests', { community: town.of(alice), offset, limit })
  const page = await list()
  assert.deepEqual([page.totalCount, page.requests.length, page.requests[0]!.requestedBy], [3, 2, bob.id])
  const rest = await list(page.nextOffset!)
  assert.deepEqual([rest.requests.length, rest.nextOffset], [1, undefined])
  assert.equal((await full(alice, town)).peerLinkRequestsPending, 3)
  await carol.fails('CHAT_ADMIN_REQUIRED', 'communities.getPeerLinkRequests', {
    ...{ community: town.of(carol), offset: '', limit: 1 },
  })
  const settle = (place: TestChannel, reject = false) => ({
    ...{ community: town.of(alice), peer: place.peer(alice), reject },
  })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'communities.togglePeerLinkRequestApproval', {
    ...{ ...settle(places[0]!), community: town.of(bob), peer: places[0]!.peer(bob) },
  })
  // Who decides is in none of these chats.
  await alice.call('communities.togglePeerLinkRequestApproval', settle(places[0]!))
  await alice.call('communities.togglePeerLinkRequestApproval', settle(places[1]!, true))
  await alice.fails('PEER_ID_INVALID', 'communities.togglePeerLinkRequestApproval', settle(places[1]!))
  assert.deepEqual([await linkedOf(bob, places[0]!), await linkedOf(bob, places[1]!)], [town.id, undefined])
  await bob.fails('CHAT_ADMIN_REQUIRED', 'communities.toggleAllPeerLinkRequestApproval', { community: town.of(bob) })
  await alice.call('communities.toggleAllPeerLinkRequestApproval', { community: town.of(alice) })
  assert.equal(await linkedOf(bob, places[2]!), town.id)
  assert.equal((await list()).totalCount, 0)
  // Where the community is open, members link their chats themselves.
  const bannedRights: tl.chatBannedRights = { _: 'chatBannedRights', untilDate: 0 }
  const peer: tl.InputPeer = { ...town.of(alice), _: 'inputPeerChannel' }
  await alice.call('messages.editChatDefaultBannedRights', { peer, bannedRights })
  await bob.call('communities.togglePeerLink', { community: town.of(bob), peer: places[1]!.peer(bob), visible: true })
  assert.equal(await linkedOf(bob, places[1]!), town.id)
  await bob.call('communities.togglePeerLink', { community: town.of(bob), peer: places[1]!.peer(bob), deleted: true })
})

test('who is banned from a community is out of all its chats until they are let back', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const channel = await makeChannel('channel', alice, bob)
  const later = await makeChannel('group', alice, bob)
  const town = await makeCommunity(alice, group)
  await alice.call('communities.togglePeerLink', {
    community: town.of(alice),
    peer: channel.peer(alice),
    visible: true,
  })
  const chats = await alice.call('communities.getParticipantJoinedChats', {
    ...{ community: town.of(alice), participant: alice.peerOf(bob) },
  })
  assert.deepEqual([chats.creatorChatIds, chats.joinedChatIds], [[], [group.id, channel.id]])
  assert.equal(chats.chats.length, 2)
  const own = await bob.call('communities.getParticipantJoinedChats', {
    ...{ community: town.of(bob), participant: { _: 'inputPeerSelf' } },
  })
  assert.deepEqual(own.joinedChatIds, [group.id, channel.id])
  await bob.fails('CHAT_ADMIN_REQUIRED', 'communities.getParticipantJoinedChats', {
    ...{ community: town.of(bob), participant: bob.peerOf(alice) },
  })
  const ban = { community: town.of(alice), participant: alice.peerOf(bob) }
  await carol.fails('CHAT_ADMIN_REQUIRED', 'communities.toggleParticipantBanned', {
    ...{ community: town.of(carol), participant: carol.peerOf(bob) },
  })
  await alice.fails('USER_ADMIN_INVALID', 'communities.toggleParticipantBanned', {
    ...ban,
    participant: { _: 'inputPeerSelf' },
  })
  await bob.updates()
  await alice.call('communities.toggleParticipantBanned', ban)
  assert.ok((await bob.updates()).some((u) => u._ === 'updateChannel' && u.channelId === group.id))
  await bob.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: group.of(bob) })
  await bob.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: channel.of(bob) })
  await bob.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: town.of(bob) })
  assert.equal((await seen(bob, town))._, 'communityForbidden')
  assert.equal((await full(alice, town)).kickedCount, 1)
  await alice.call('communities.togglePeerLink', { community: town.of(alice), peer: later.peer(alice), visible: true })
  await bob.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: later.of(bob) })
  await alice.call('communities.toggleParticipantBanned', { ...ban, unban: true })
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(bob)] })
  assert.deepEqual(await joined(bob), [town.id])
})

test('a community is folded up by each for themselves, led by several, and ends with its creator’s word', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob)
  const town = await makeCommunity(alice, group)
  const second = await bob.device()
  const fold = { community: town.of(bob), collapsed: true }
  await carol.fails('USER_NOT_PARTICIPANT', 'communities.toggleCommunityCollapsedInDialogs', {
    ...{ ...fold, community: town.of(carol) },
  })
  await bob.call('communities.toggleCommunityCollapsedInDialogs', fold)
  assert.ok((await second.updates()).some((u) => u._ === 'updateChannel' && u.channelId === town.id))
  assert.equal(((await seen(bob, town)) as tl.community).collapsedInDialogs, true)
  assert.equal(((await seen(alice, town)) as tl.community).collapsedInDialogs, undefined)
  await bob.call('communities.toggleCommunityCollapsedInDialogs', { community: town.of(bob) })
  assert.equal(((await seen(bob, town)) as tl.community).collapsedInDialogs, undefined)

  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.editTitle', { channel: town.of(bob), title: 'City' })
  const promote = (adminRights: tl.chatAdminRights) =>
    alice.call('channels.editAdmin', { channel: town.of(alice), userId: alice.userOf(bob), adminRights, rank: '' })
  await promote({ _: 'chatAdminRights', changeInfo: true })
  await bob.call('channels.editTitle', { channel: town.of(bob), title: 'City' })
  assert.equal(((await seen(alice, town)) as tl.community).title, 'City')
  assert.equal((await full(alice, town)).adminsCount, 2)
  const people = async (who: Person, filter: tl.ChannelParticipantsFilter) => {
    const page = { channel: town.of(who), filter, offset: 0, limit: 10, hash: 0n }
    const answer = (await who.call('channels.getParticipants', page)) as tl.channels_channelParticipants
    return answer.participants.map((p) => p._)
  }
  assert.deepEqual((await people(bob, { _: 'channelParticipantsAdmins' })).sort(), [
    'channelParticipantAdmin',
    'channelParticipantCreator',
  ])
  assert.deepEqual(await people(alice, { _: 'channelParticipantsKicked', q: '' }), [])
  const him = await alice.call('channels.getParticipant', { channel: town.of(alice), participant: alice.peerOf(bob) })
  assert.equal((him.participant as tl.channelParticipantAdmin).promotedBy, alice.id)
  await alice.fails('USER_NOT_PARTICIPANT', 'channels.getParticipant', {
    ...{ channel: town.of(alice), participant: alice.peerOf(carol) },
  })
  const about = { peer: { ...town.of(bob), _: 'inputPeerChannel' as const }, about: 'Where we live' }
  await bob.call('messages.editChatAbout', about)
  assert.equal((await full(alice, town)).about, 'Where we live')
  const free = await makeChannel('channel', alice)
  const mine = await alice.call('channels.getAdminedPublicChannels', { forCommunityPeer: true })
  assert.deepEqual(
    mine.chats.map((chat) => chat.id),
    [free.id],
  )
  await bob.fails('CHAT_ADMIN_REQUIRED', 'communities.toggleAllPeerLinkRequestApproval', { community: town.of(bob) })
  await promote({ _: 'chatAdminRights' })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.editTitle', { channel: town.of(bob), title: 'Town' })

  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.deleteChannel', { channel: town.of(bob) })
  await alice.call('channels.deleteChannel', { channel: town.of(alice) })
  assert.deepEqual([await joined(alice), await joined(bob), await linkedOf(bob, group)], [[], [], undefined])
  await alice.fails('CHANNEL_INVALID', 'communities.toggleAllPeerLinkRequestApproval', { community: town.of(alice) })
  assert.deepEqual(((await historyOf(bob, group))[0] as unknown as tl.messageService).action, {
    _: 'messageActionChangeCommunity',
  })
})

test('administrators of a community who delete their accounts are none any more', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const town = await makeCommunity(alice, group)
  const adminRights: tl.chatAdminRights = { _: 'chatAdminRights', changeInfo: true }
  await alice.call('channels.editAdmin', { channel: town.of(alice), userId: alice.userOf(bob), adminRights, rank: '' })
  assert.equal((await full(alice, town)).adminsCount, 2)
  await bob.call('account.deleteAccount', { reason: '' })
  await server.clock.advance(10)
  assert.equal((await full(alice, town)).adminsCount, 1)
})
