import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from './test-channel.ts'

const fullOf = async (who: Person, place: TestChannel) =>
  (await who.call('channels.getFullChannel', { channel: place.of(who) })).fullChat as tl.channelFull
const shownTo = async (who: Person, place: TestChannel) =>
  (await who.call('channels.getChannels', { id: [place.of(who)] })).chats[0] as tl.channel

test('settings are changed by who may, told to the members, and seen by all', async () => {
  await using server = await startTestServer({ settings: { limits: { hiddenMembers: 3 } } })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob)
  const channel = group.of(alice)
  await alice.fails('PARTICIPANTS_TOO_FEW', 'channels.toggleParticipantsHidden', { channel, enabled: true })
  await alice.call('channels.inviteToChannel', { channel, users: [alice.userOf(carol)] })
  await bob.updates()
  await alice.call('channels.editTitle', { channel, title: ' New title ' })
  await alice.call('messages.editChatAbout', { peer: group.peer(alice), about: 'About it' })
  await alice.call('channels.toggleSlowMode', { channel, seconds: 60 })
  await alice.call('channels.toggleParticipantsHidden', { channel, enabled: true })
  await alice.call('messages.toggleNoForwards', { peer: group.peer(alice), enabled: true })
  const told = await bob.updates()
  assert.ok(told.some((u) => u.message?.action?._ === 'messageActionChatEditTitle'))
  assert.ok(told.some((u) => u._ === 'updateChannel' && u.channelId === group.id))
  const shown = await shownTo(bob, group)
  assert.equal(shown.title, 'New title')
  assert.equal(shown.slowmodeEnabled, true)
  assert.equal(shown.noforwards, true)
  const full = await fullOf(bob, group)
  assert.equal(full.about, 'About it')
  assert.equal(full.slowmodeSeconds, 60)
  assert.equal(full.participantsHidden, true)
  assert.equal(full.canViewParticipants, undefined)
  const filter = { _: 'channelParticipantsRecent' as const }
  const page = { filter, offset: 0, limit: 10, hash: 0n }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.getParticipants', { channel: group.of(bob), ...page })
  const seen = (await alice.call('channels.getParticipants', { channel, ...page })) as tl.channels_channelParticipants
  assert.deepEqual(
    seen.participants.map((p) => (p as tl.channelParticipant).userId).sort(),
    [alice.id, bob.id, carol.id].sort(),
  )
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.toggleSlowMode', { channel: group.of(bob), seconds: 0 })
  await alice.fails('CHAT_TITLE_EMPTY', 'channels.editTitle', { channel, title: ' ' })
  await alice.fails('CHAT_NOT_MODIFIED', 'channels.editPhoto', { channel, photo: { _: 'inputChatPhotoEmpty' } })
})

test('members are found by name, among contacts and among those who are restricted', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const contact = { id: alice.userOf(carol), firstName: 'Carol', lastName: '', phone: '' }
  await alice.call('contacts.addContact', contact)
  const bannedRights: tl.ChatBannedRights = { _: 'chatBannedRights', sendPolls: true, untilDate: 0 }
  await alice.call('channels.editBanned', { channel: group.of(alice), participant: alice.peerOf(bob), bannedRights })
  const found = async (filter: tl.ChannelParticipantsFilter) => {
    const page = { offset: 0, limit: 10, hash: 0n }
    const answer = await alice.call('channels.getParticipants', { channel: group.of(alice), filter, ...page })
    assert.ok(answer._ === 'channels.channelParticipants')
    return answer.users.map((user) => user.id).filter((id) => id !== alice.id)
  }
  assert.deepEqual(await found({ _: 'channelParticipantsSearch', q: 'car' }), [carol.id])
  assert.deepEqual(await found({ _: 'channelParticipantsContacts', q: '' }), [carol.id])
  assert.deepEqual(await found({ _: 'channelParticipantsBanned', q: '' }), [bob.id])
  assert.deepEqual(await found({ _: 'channelParticipantsMentions', q: 'bo' }), [bob.id])
  assert.deepEqual(await found({ _: 'channelParticipantsBots' }), [])
})

test('a channel has a discussion group that can be linked and taken off', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice)
  const group = await makeChannel('group', alice, bob)
  const groups = await alice.call('channels.getGroupsForDiscussion', {})
  assert.deepEqual(
    groups.chats.map((chat) => chat.id),
    [group.id],
  )
  const both = { broadcast: channel.of(alice), group: group.of(alice) }
  await alice.call('channels.setDiscussionGroup', both)
  assert.equal((await fullOf(alice, channel)).linkedChatId, group.id)
  assert.equal((await fullOf(bob, group)).linkedChatId, channel.id)
  await alice.fails('LINK_NOT_MODIFIED', 'channels.setDiscussionGroup', both)
  const post = await alice.say(channel.peer(alice), 'discuss this')
  const told = await bob.updates()
  const copy = told.find((u) => u._ === 'updateNewChannelMessage').message as tl.message
  assert.equal(copy.message, 'discuss this')
  assert.deepEqual(copy.fromId, { _: 'peerChannel', channelId: channel.id })
  assert.equal(copy.fwdFrom!.channelPost, post)
  assert.equal(copy.fwdFrom!.savedFromMsgId, post)
  assert.ok(told.some((u) => u._ === 'updatePinnedChannelMessages' && u.messages[0] === copy.id))
  assert.equal((await fullOf(bob, group)).pinnedMsgId, copy.id)
  await alice.fails('CHAT_LINK_EXISTS', 'channels.togglePreHistoryHidden', { channel: group.of(alice), enabled: true })
  await alice.call('channels.setDiscussionGroup', { ...both, group: { _: 'inputChannelEmpty' } })
  assert.equal((await fullOf(bob, group)).linkedChatId, undefined)
  const swapped = { broadcast: group.of(alice), group: channel.of(alice) }
  await alice.fails('BROADCAST_ID_INVALID', 'channels.setDiscussionGroup', swapped)
})

test('a group of a place is made with it and keeps it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const geoPoint: tl.InputGeoPoint = { _: 'inputGeoPoint', lat: 52.5, long: 13.4 }
  const what = { megagroup: true, title: 'Here', about: '' }
  await alice.fails('ADDRESS_INVALID', 'channels.createChannel', { ...what, geoPoint, address: '' })
  const made = (await alice.call('channels.createChannel', { ...what, geoPoint, address: 'Street 1' })) as tl.updates
  const { nameChannel } = await import('./test-channel.ts')
  const group = nameChannel(made.chats[0]!.id)
  await alice.call('channels.editLocation', { channel: group.of(alice), geoPoint, address: 'Street 2' })
  assert.equal(((await fullOf(bob, group)).location as tl.channelLocation).address, 'Street 2')
  const own = await alice.call('channels.getAdminedPublicChannels', { byLocation: true })
  assert.deepEqual(
    own.chats.map((chat) => chat.id),
    [group.id],
  )
})

test('posts forwarded elsewhere say where they are from, and count', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice, bob)
  const id = await alice.say(channel.peer(alice), 'news')
  await bob.updates()
  const fromPeer = channel.peer(bob)
  await bob.call('messages.forwardMessages', { fromPeer, id: [id], randomId: [5n], toPeer: bob.peerOf(alice) })
  const [told] = await alice.updatesOf('updateNewMessage')
  const { fwdFrom } = told!.message as tl.message
  assert.deepEqual(fwdFrom!.fromId, { _: 'peerChannel', channelId: channel.id })
  assert.equal(fwdFrom!.channelPost, id)
  const views = await alice.call('messages.getMessagesViews', { peer: channel.peer(alice), id: [id], increment: false })
  assert.equal(views.views[0]!.forwards, 1)
})

test('channels in which nothing was said for long are listed, others are recommended', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const one = await makeChannel('channel', alice, bob)
  const two = await makeChannel('channel', bob)
  await bob.call('channels.updateUsername', { channel: two.of(bob), username: 'another_one' })
  const recommended = await alice.call('channels.getChannelRecommendations', { channel: one.of(alice) })
  assert.deepEqual(
    recommended.chats.map((chat) => chat.id),
    [two.id],
  )
  assert.deepEqual((await alice.call('channels.getInactiveChannels', {})).chats, [])
  server.clock.advance(61 * 86_400)
  assert.deepEqual(
    (await alice.call('channels.getInactiveChannels', {})).chats.map((chat) => chat.id),
    [one.id],
  )
  await alice.call('channels.deleteChannel', { channel: one.of(alice) })
  assert.deepEqual((await bob.call('channels.getInactiveChannels', {})).dates.length, 1)
})

test('more similar channels are named to whom has Premium, and the others are told how many', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const one = await makeChannel('channel', alice, bob)
  // Nobody makes so many public ones: those that discuss are shown as well.
  for (let i = 0; i < 12; i++) {
    const channel = await makeChannel('channel', bob)
    const group = await makeChannel('group', bob)
    await bob.call('channels.setDiscussionGroup', { broadcast: channel.of(bob), group: group.of(bob) })
  }
  const ask = () => alice.call('channels.getChannelRecommendations', { channel: one.of(alice) })
  const some = await ask()
  assert.ok(some._ === 'messages.chatsSlice')
  assert.deepEqual([some.count, some.chats.length], [12, 10])
  await runCommand(server.app, 'user premium', [String(alice.id), '30d'])
  const all = await ask()
  assert.deepEqual([all._, all.chats.length], ['messages.chats', 12])
})

test('what is public shows its history, and one account makes only so much of it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const hide = { channel: group.of(alice), enabled: true }
  await alice.call('channels.togglePreHistoryHidden', hide)
  assert.equal((await fullOf(bob, group)).hiddenPrehistory, true)
  await alice.call('channels.updateUsername', { channel: group.of(alice), username: 'the_public_group' })
  assert.equal((await fullOf(bob, group)).hiddenPrehistory, undefined)
  await alice.fails('CHAT_LINK_EXISTS', 'channels.togglePreHistoryHidden', hide)
  for (let i = 0; i < 9; i++) {
    const more = await makeChannel('channel', alice)
    await alice.call('channels.updateUsername', { channel: more.of(alice), username: `the_channel_${i}` })
  }
  const ask = () => alice.call('channels.getAdminedPublicChannels', { checkLimit: true })
  await assert.rejects(ask, /CHANNELS_ADMIN_PUBLIC_TOO_MUCH/)
  await runCommand(server.app, 'user premium', [String(alice.id), '30d'])
  assert.equal((await ask()).chats.length, 10)
})

test('restrictions that have ended are counted no more', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const untilDate = Math.floor(server.clock.now() / 1000) + 3600
  const restrict = (who: Person, rights: Partial<tl.chatBannedRights>) =>
    alice.call('channels.editBanned', {
      ...{ channel: group.of(alice), participant: alice.peerOf(who) },
      bannedRights: { _: 'chatBannedRights', untilDate, ...rights },
    })
  await restrict(bob, { sendPolls: true })
  await restrict(carol, { viewMessages: true })
  const counts = async () => {
    const { bannedCount, kickedCount } = await fullOf(alice, group)
    return [bannedCount, kickedCount]
  }
  assert.deepEqual(await counts(), [1, 1])
  await server.clock.advance(3601)
  assert.deepEqual(await counts(), [0, 0])
  await restrict(bob, { sendPolls: true, untilDate: 0 })
  assert.deepEqual(await counts(), [1, 0])
  assert.equal((await fullOf(bob, group)).bannedCount, undefined)
})
