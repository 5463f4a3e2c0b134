import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from './test-channel.ts'

const all: tl.ChatAdminRights = {
  _: 'chatAdminRights',
  changeInfo: true,
  postMessages: true,
  editMessages: true,
  deleteMessages: true,
  banUsers: true,
  inviteUsers: true,
  pinMessages: true,
  addAdmins: true,
}
const only = (...rights: (keyof tl.chatAdminRights)[]): tl.ChatAdminRights =>
  Object.assign({ _: 'chatAdminRights' }, ...rights.map((right) => ({ [right]: true })))
const banned = (rights: Partial<tl.chatBannedRights>, untilDate = 0): tl.ChatBannedRights => ({
  _: 'chatBannedRights',
  untilDate,
  ...rights,
})
const promote = (who: Person, place: TestChannel, user: Person, adminRights: tl.ChatAdminRights, rank?: string) =>
  who.call('channels.editAdmin', { channel: place.of(who), userId: who.userOf(user), adminRights, rank })
const ban = (who: Person, place: TestChannel, user: Person, bannedRights: tl.ChatBannedRights) =>
  who.call('channels.editBanned', { channel: place.of(who), participant: who.peerOf(user), bannedRights })

/** What an administrator with one right alone may do, and what it is refused with otherwise. */
const ACTIONS: [
  right: keyof tl.chatAdminRights,
  act: (who: Person, place: TestChannel, n: number) => Promise<unknown>,
][] = [
  ['changeInfo', (who, place, n) => who.call('channels.editTitle', { channel: place.of(who), title: `T${n}` })],
  [
    'banUsers',
    (who, place, n) => who.call('channels.toggleSlowMode', { channel: place.of(who), seconds: n % 2 ? 10 : 30 }),
  ],
  ['deleteMessages', (who, place) => who.call('channels.deleteMessages', { channel: place.of(who), id: [2] })],
  [
    'pinMessages',
    (who, place, n) => who.call('messages.updatePinnedMessage', { peer: place.peer(who), id: 3, unpin: n % 2 === 0 }),
  ],
]

test('each administrator’s right allows its own action and no other', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  await alice.say(group.peer(alice), 'pin me')
  const rights = banned({ pinMessages: true, changeInfo: true, inviteUsers: true })
  await alice.call('messages.editChatDefaultBannedRights', { peer: group.peer(alice), bannedRights: rights })
  let n = 0
  for (const [right] of ACTIONS) {
    // `other` makes an administrator of one who has none of the rights that are tried.
    await promote(alice, group, bob, only(right, 'other'))
    for (const [needed, act] of ACTIONS) {
      if (needed === right) continue
      await assert.rejects(
        () => act(bob, group, ++n),
        /CHAT_ADMIN_REQUIRED|MESSAGE_DELETE_FORBIDDEN/,
        `${right}: ${needed}`,
      )
    }
  }
  n = 0
  for (const [right, act] of ACTIONS) {
    await promote(alice, group, bob, only(right, 'other'))
    await act(bob, group, ++n % 2 ? 1 : 1)
  }
})

test('an administrator gives what they have, and changes only whom they made one', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const group = await makeChannel('group', alice, bob, carol, dave)
  await promote(alice, group, bob, only('addAdmins', 'banUsers'), 'chief')
  await promote(alice, group, dave, only('pinMessages'))
  await assert.rejects(() => promote(bob, group, carol, only('changeInfo')), /RIGHT_FORBIDDEN/)
  await promote(bob, group, carol, only('banUsers'))
  await assert.rejects(() => promote(bob, group, dave, only('banUsers')), /CHAT_ADMIN_REQUIRED/)
  await assert.rejects(() => promote(bob, group, alice, all), /USER_CREATOR/)
  await assert.rejects(() => ban(bob, group, dave, banned({ viewMessages: true })), /USER_ADMIN_INVALID/)
  const admins = (await carol.call('channels.getParticipants', {
    channel: group.of(carol),
    filter: { _: 'channelParticipantsAdmins' },
    offset: 0,
    limit: 10,
    hash: 0n,
  })) as tl.channels_channelParticipants
  assert.deepEqual(admins.participants.map((p) => p._).sort(), [
    'channelParticipantAdmin',
    'channelParticipantAdmin',
    'channelParticipantAdmin',
    'channelParticipantCreator',
  ])
  const of = async (user: Person) =>
    (await alice.call('channels.getParticipant', { channel: group.of(alice), participant: alice.peerOf(user) }))
      .participant as tl.channelParticipantAdmin
  assert.equal((await of(bob)).rank, 'chief')
  assert.equal((await of(carol)).promotedBy, bob.id)
  await promote(alice, group, bob, { _: 'chatAdminRights' })
  assert.equal((await of(bob))._, 'channelParticipant')
})

test('restrictions hold until their date, removals keep out', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const send = { message: 'x', randomId: 1n }
  const until = Math.floor(server.clock.now() / 1000) + 600
  await ban(alice, group, bob, banned({ sendMessages: true }, until))
  await bob.fails('USER_BANNED_IN_CHANNEL', 'messages.sendMessage', { peer: group.peer(bob), ...send })
  server.clock.advance(601)
  await bob.say(group.peer(bob), 'again')
  await alice.call('messages.editChatDefaultBannedRights', {
    peer: group.peer(alice),
    bannedRights: banned({ sendPlain: true }),
  })
  await bob.fails('CHAT_SEND_PLAIN_FORBIDDEN', 'messages.sendMessage', { peer: group.peer(bob), ...send, randomId: 2n })
  await alice.say(group.peer(alice), 'administrators may')
  await ban(alice, group, carol, banned({ viewMessages: true }))
  await carol.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: group.of(carol) })
  await alice.fails('USER_KICKED', 'channels.inviteToChannel', {
    channel: group.of(alice),
    users: [alice.userOf(carol)],
  })
  const full = (await alice.call('channels.getFullChannel', { channel: group.of(alice) })).fullChat as tl.channelFull
  assert.equal(full.participantsCount, 2)
  assert.equal(full.kickedCount, 1)
  const kicked = (await alice.call('channels.getParticipants', {
    channel: group.of(alice),
    filter: { _: 'channelParticipantsKicked', q: '' },
    offset: 0,
    limit: 10,
    hash: 0n,
  })) as tl.channels_channelParticipants
  assert.equal(kicked.count, 1)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.getParticipants', {
    channel: group.of(bob),
    filter: { _: 'channelParticipantsKicked', q: '' },
    offset: 0,
    limit: 10,
    hash: 0n,
  })
  await ban(alice, group, carol, banned({}))
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(carol)] })
})

test('slow mode lets members speak once in its time', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  await alice.call('channels.toggleSlowMode', { channel: group.of(alice), seconds: 30 })
  await bob.say(group.peer(bob), 'one')
  server.clock.advance(10)
  await bob.fails('SLOWMODE_WAIT_20', 'messages.sendMessage', { peer: group.peer(bob), message: 'two', randomId: 9n })
  await alice.say(group.peer(alice), 'a')
  await alice.say(group.peer(alice), 'b')
  server.clock.advance(20)
  await bob.say(group.peer(bob), 'two')
  await alice.fails('SECONDS_INVALID', 'channels.toggleSlowMode', { channel: group.of(alice), seconds: 7 })
})

test('anonymous administrators speak for the group, signed posts name their authors', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  await promote(alice, group, alice, only('anonymous'), 'boss')
  const as = async (who: Person) => (await who.call('channels.getSendAs', { peer: group.peer(who) })).peers[0]!.peer
  assert.deepEqual(await as(alice), { _: 'peerChannel', channelId: group.id })
  assert.deepEqual(await as(bob), bob.peerId)
  await alice.say(group.peer(alice), 'who am I')
  const [told] = await bob.updatesOf('updateNewChannelMessage')
  const message = told!.message as tl.message
  assert.deepEqual(message.fromId, { _: 'peerChannel', channelId: group.id })
  assert.equal(message.postAuthor, 'boss')
  // The other administrators alone find her among the members.
  const filters = ['Recent', 'Admins'].map(
    (kind) => ({ _: `channelParticipants${kind}` }) as tl.ChannelParticipantsFilter,
  )
  const listed = async (filter: tl.ChannelParticipantsFilter) => {
    const page = { channel: group.of(bob), filter, offset: 0, limit: 10, hash: 0n }
    const answer = (await bob.call('channels.getParticipants', page)) as tl.channels_channelParticipants
    return [answer.count, answer.participants.some((one) => 'userId' in one && one.userId === alice.id)]
  }
  const her = { channel: group.of(bob), participant: alice.peerFor(bob) }
  assert.deepEqual(
    [await listed(filters[0]!), await listed(filters[1]!)],
    [
      [1, false],
      [0, false],
    ],
  )
  await bob.fails('USER_NOT_PARTICIPANT', 'channels.getParticipant', her)
  await promote(alice, group, bob, only('pinMessages'))
  assert.deepEqual(
    [await listed(filters[0]!), await listed(filters[1]!)],
    [
      [2, true],
      [2, true],
    ],
  )
  assert.equal((await bob.call('channels.getParticipant', her)).participant._, 'channelParticipantCreator')
  const channel = await makeChannel('channel', alice, bob)
  await alice.call('channels.toggleSignatures', { channel: channel.of(alice), signaturesEnabled: true })
  await bob.updates()
  await alice.say(channel.peer(alice), 'signed')
  const [post] = await bob.updatesOf('updateNewChannelMessage')
  assert.equal((post!.message as tl.message).postAuthor, 'Alice')
})

test('the recent actions tell who did what, and are found by kind, person and text', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  await promote(alice, group, bob, all)
  await bob.call('channels.editTitle', { channel: group.of(bob), title: 'Renamed' })
  const log = async (more: object = {}) => {
    const page = { q: '', maxId: 0n, minId: 0n, limit: 50, ...more }
    return (await alice.call('channels.getAdminLog', { channel: group.of(alice), ...page })).events
  }
  assert.deepEqual(
    (await log()).map((e) => e.action._),
    [
      'channelAdminLogEventActionChangeTitle',
      'channelAdminLogEventActionParticipantToggleAdmin',
      'channelAdminLogEventActionParticipantInvite',
    ],
  )
  const info = { eventsFilter: { _: 'channelAdminLogEventsFilter', info: true } }
  assert.deepEqual(
    (await log(info)).map((e) => e.userId),
    [bob.id],
  )
  assert.equal((await log({ q: 'rename' })).length, 1)
  assert.equal((await log({ admins: [alice.userOf(bob)] })).length, 1)
  const dave = await server.person('Dave')
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(dave)] })
  await dave.fails('CHAT_ADMIN_REQUIRED', 'channels.getAdminLog', {
    channel: group.of(dave),
    q: '',
    maxId: 0n,
    minId: 0n,
    limit: 5,
  })
})

test('what was said before is hidden from newcomers where that is set', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob)
  const old = await alice.say(group.peer(alice), 'before')
  await alice.call('channels.togglePreHistoryHidden', { channel: group.of(alice), enabled: true })
  await alice.fails('CHAT_NOT_MODIFIED', 'channels.togglePreHistoryHidden', { channel: group.of(alice), enabled: true })
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(carol)] })
  await alice.say(group.peer(alice), 'after')
  const none = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
  const seen = (await carol.call('messages.getHistory', {
    peer: group.peer(carol),
    ...none,
  })) as tl.messages_channelMessages
  assert.deepEqual(
    seen.messages.map((m) => m._),
    ['message', 'messageService'],
  )
  const [gone] = (
    (await carol.call('channels.getMessages', {
      channel: group.of(carol),
      id: [{ _: 'inputMessageID', id: old }],
    })) as tl.messages_channelMessages
  ).messages
  assert.equal(gone!._, 'messageEmpty')
})

test('histories go for oneself or for everybody, one person’s messages by an administrator, a channel by its creator', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  await bob.say(group.peer(bob), 'b')
  const left = await alice.say(group.peer(alice), 'a')
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.deleteParticipantHistory', {
    channel: group.of(bob),
    participant: bob.peerOf(alice),
  })
  const gone = await alice.call('channels.deleteParticipantHistory', {
    channel: group.of(alice),
    participant: alice.peerOf(bob),
  })
  assert.equal(gone.offset, 0)
  await bob.call('channels.deleteHistory', { channel: group.of(bob), maxId: left })
  const none = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
  const of = async (who: Person) =>
    ((await who.call('messages.getHistory', { peer: group.peer(who), ...none })) as tl.messages_channelMessages)
      .messages
  assert.equal((await of(bob)).length, 0)
  assert.equal((await of(alice)).length, 3)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.deleteHistory', {
    channel: group.of(bob),
    maxId: 0,
    forEveryone: true,
  })
  await alice.call('channels.deleteHistory', { channel: group.of(alice), maxId: 0, forEveryone: true })
  assert.equal((await of(alice)).length, 1)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.deleteChannel', { channel: group.of(bob) })
  await alice.call('channels.deleteChannel', { channel: group.of(alice) })
  assert.ok((await bob.updatesOf('updateChannel')).length > 0)
  await bob.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: group.of(bob) })
})

test('in a channel bots are administrators or not there', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('posting_bot')
  const channel = await makeChannel('channel', alice, bob)
  const who = { channel: channel.of(alice), userId: alice.userOf(bot), rank: '' }
  await alice.fails('USER_BOT', 'channels.inviteToChannel', { channel: channel.of(alice), users: [who.userId] })
  await alice.call('channels.editAdmin', { ...who, adminRights: { _: 'chatAdminRights', postMessages: true } })
  await bot.say(channel.peer(bot), 'by the bot')
  assert.deepEqual((await bob.texts()).slice(-1), ['by the bot'])
  await alice.call('channels.editAdmin', { ...who, adminRights: { _: 'chatAdminRights' } })
  await alice.fails('USER_NOT_PARTICIPANT', 'channels.getParticipant', {
    ...{ channel: channel.of(alice), participant: alice.peerOf(bot) },
  })
})

test('twenty bots are enough for a group, and who administrates nothing is not demoted', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const invite = (bot: Person) =>
    alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(bot)] })
  for (let i = 0; i < 20; i++) await invite(await server.bot(`number_${i}_bot`))
  const last = await server.bot('one_more_bot')
  await assert.rejects(() => invite(last), /BOTS_TOO_MUCH/)
  await bob.updates()
  await promote(alice, group, bob, { _: 'chatAdminRights' })
  assert.deepEqual(await bob.updates(), [])
  const page = { channel: group.of(alice), q: '', maxId: 0n, minId: 0n, limit: 50 }
  const eventsFilter: tl.channelAdminLogEventsFilter = { _: 'channelAdminLogEventsFilter', demote: true }
  assert.deepEqual((await alice.call('channels.getAdminLog', { ...page, eventsFilter })).events, [])
})

test('nobody is in more channels than there may be, their own among them', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = await alice.call('messages.createChat', { users: [alice.userOf(bob)], title: 'Small' })
  const chatId = (made.updates as tl.updates).chats[0]!.id
  const group = await makeChannel('group', bob)
  const own = await makeChannel('group', alice)
  const { store } = server.app
  const rows = store.db.selectFrom('channel_member').selectAll().where('channel_id', '=', own.id)
  const row = await rows.executeTakeFirstOrThrow()
  const ids = Array.from({ length: 499 }, (_, i) => 1_000_000 + i)
  const channels = store.db.selectFrom('channel').selectAll().where('id', '=', own.id)
  const like = await channels.executeTakeFirstOrThrow()
  await store.transact(async (trx) => {
    for (const id of ids) {
      await trx
        .insertInto('channel')
        .values({ ...like, id })
        .execute()
      await trx
        .insertInto('channel_member')
        .values({ ...row, channel_id: id })
        .execute()
    }
  })
  await alice.fails('CHANNELS_TOO_MUCH', 'channels.createChannel', { megagroup: true, title: 'More', about: '' })
  await alice.fails('CHANNELS_TOO_MUCH', 'messages.migrateChat', { chatId })
  await bob.fails('USER_CHANNELS_TOO_MUCH', 'channels.inviteToChannel', {
    ...{ channel: group.of(bob), users: [bob.userOf(alice)] },
  })
  // What is deleted does not count.
  await store.transact((trx) => trx.updateTable('channel').set({ deleted: 1 }).where('id', 'in', ids).execute())
  await alice.call('messages.migrateChat', { chatId })
})

test('who has blocked a group is told so with the rest of it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const blocked = async (who: Person) =>
    ((await who.call('channels.getFullChannel', { channel: group.of(who) })).fullChat as tl.channelFull).blocked
  await bob.call('contacts.block', { id: group.peer(bob) })
  assert.deepEqual([await blocked(bob), await blocked(alice)], [true, undefined])
  const list = await bob.call('contacts.getBlocked', { offset: 0, limit: 10 })
  assert.deepEqual(
    [list.blocked.map((one) => one.peerId), list.chats.map((one) => one.id)],
    [[group.peerId], [group.id]],
  )
  await bob.call('contacts.unblock', { id: group.peer(bob) })
  assert.equal(await blocked(bob), undefined)
})
