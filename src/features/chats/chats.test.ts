import assert from 'node:assert/strict'
import { type Person, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'

/** Makes a group and gives its id. */
async function group(creator: Person, title: string, ...others: Person[]): Promise<number> {
  const answer = await creator.call('messages.createChat', { title, users: others.map((p) => creator.userOf(p)) })
  const chat = (answer.updates as tl.updates).chats[0]!
  return chat.id
}

async function members(person: Person, chatId: number): Promise<Record<string, string>> {
  const full = await person.call('messages.getFullChat', { chatId })
  const { participants } = full.fullChat as tl.chatFull
  assert.equal(participants._, 'chatParticipants')
  const names = new Map(full.users.map((u) => [u.id, (u as tl.user).firstName!]))
  return Object.fromEntries((participants as tl.chatParticipants).participants.map((p) => [names.get(p.userId)!, p._]))
}

const actions = (updates: any[]) => updates.map((u) => u.message?.action?._).filter(Boolean)

test('a new group is there for everybody who was invited', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const chatId = await group(alice, '  Trip  ', bob, carol)
  const [created, listed] = await bob.updates()
  assert.equal(created.message.action._, 'messageActionChatCreate')
  assert.equal(created.message.action.title, 'Trip')
  assert.deepEqual(created.message.fromId, alice.peerId)
  assert.equal(listed.participants.participants.length, 3)
  assert.deepEqual(await members(carol, chatId), {
    Alice: 'chatParticipantCreator',
    Bob: 'chatParticipant',
    Carol: 'chatParticipant',
  })
  const { chats } = await bob.call('messages.getChats', { id: [chatId] })
  assert.deepEqual([(chats[0] as tl.chat).title, (chats[0] as tl.chat).participantsCount], ['Trip', 3])
  await alice.fails('CHAT_TITLE_EMPTY', 'messages.createChat', { title: ' ', users: [alice.userOf(bob)] })
  const dave = await server.person('Dave')
  await dave.fails('CHAT_ID_INVALID', 'messages.getFullChat', { chatId })
})

test('members come and go, each change told to all', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const chatId = await group(alice, 'Trip', bob)
  await alice.say({ _: 'inputPeerChat', chatId }, 'before Carol')
  await bob.updates()
  const add = { chatId, userId: bob.userOf(carol), fwdLimit: 10 }
  await bob.call('messages.addChatUser', add)
  await bob.fails('USER_ALREADY_PARTICIPANT', 'messages.addChatUser', add)
  assert.deepEqual(actions(await alice.updates()), ['messageActionChatAddUser'])
  const history = await carol.call('messages.getHistory', history0(chatId))
  assert.ok((history as tl.messages_messages).messages.some((m) => (m as tl.message).message === 'before Carol'))

  await carol.updates()
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.deleteChatUser', { chatId, userId: bob.userOf(alice) })
  await alice.call('messages.deleteChatUser', { chatId, userId: alice.userOf(carol) })
  assert.deepEqual(actions(await carol.updates()), ['messageActionChatDeleteUser'])
  assert.deepEqual(Object.keys(await members(bob, chatId)).sort(), ['Alice', 'Bob'])
  await carol.fails('CHAT_ID_INVALID', 'messages.editChatTitle', { chatId, title: 'Mine' })
  const left = await carol.call('messages.getChats', { id: [chatId] })
  assert.equal(left.chats[0]?._, 'chatForbidden')
  await alice.fails('USER_NOT_PARTICIPANT', 'messages.deleteChatUser', { chatId, userId: alice.userOf(carol) })

  await bob.call('messages.deleteChatUser', { chatId, userId: { _: 'inputUserSelf' } })
  assert.equal(((await bob.call('messages.getChats', { id: [chatId] })).chats[0] as tl.chat).left, true)
  assert.deepEqual(Object.keys(await members(alice, chatId)), ['Alice'])
})

const history0 = (chatId: number) => ({
  peer: { _: 'inputPeerChat' as const, chatId },
  offsetId: 0,
  offsetDate: 0,
  addOffset: 0,
  limit: 100,
  maxId: 0,
  minId: 0,
  hash: 0n,
})

test('title, about, administrators and ranks are changed by who may, and seen by all', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const chatId = await group(alice, 'Trip', bob, carol)
  const peer = { _: 'inputPeerChat' as const, chatId }
  await bob.updates()
  const renamed = await carol.call('messages.editChatTitle', { chatId, title: 'Journey' })
  assert.deepEqual(actions(unpack(renamed)), ['messageActionChatEditTitle'])
  assert.equal(((await bob.pushes())[0] as tl.updates).chats.map((c) => (c as tl.chat).title)[0], 'Journey')
  await carol.fails('CHAT_NOT_MODIFIED', 'messages.editChatTitle', { chatId, title: 'Journey' })

  await bob.call('messages.editChatAbout', { peer, about: 'by train' })
  assert.equal((await carol.call('messages.getFullChat', { chatId })).fullChat.about, 'by train')
  await bob.fails('CHAT_ABOUT_NOT_MODIFIED', 'messages.editChatAbout', { peer, about: 'by train' })
  await bob.fails('CHAT_ABOUT_TOO_LONG', 'messages.editChatAbout', { peer, about: 'x'.repeat(300) })

  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.editChatAdmin', { chatId, userId: bob.userOf(carol), isAdmin: true })
  await carol.updates()
  await alice.call('messages.editChatAdmin', { chatId, userId: alice.userOf(bob), isAdmin: true })
  const [promoted] = await carol.updatesOf('updateChatParticipantAdmin')
  assert.deepEqual([promoted?.userId, promoted?.isAdmin], [bob.id, true])
  assert.equal((await members(carol, chatId)).Bob, 'chatParticipantAdmin')

  await bob.call('messages.editChatParticipantRank', { peer, participant: bob.peerOf(carol), rank: 'driver' })
  const [ranked] = await carol.updatesOf('updateChatParticipantRank')
  assert.equal(ranked?.rank, 'driver')
  await carol.fails('CHAT_ADMIN_REQUIRED', 'messages.editChatParticipantRank', {
    peer,
    participant: carol.peerOf(alice),
    rank: 'boss',
  })
})

test('default rights keep members, and not administrators, from what they forbid', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const chatId = await group(alice, 'Trip', bob, carol)
  const peer = { _: 'inputPeerChat' as const, chatId }
  const bannedRights: tl.chatBannedRights = { _: 'chatBannedRights', changeInfo: true, inviteUsers: true, untilDate: 0 }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.editChatDefaultBannedRights', { peer, bannedRights })
  await alice.call('messages.editChatAdmin', { chatId, userId: alice.userOf(bob), isAdmin: true })
  await carol.updates()
  await alice.call('messages.editChatDefaultBannedRights', { peer, bannedRights })
  const [told] = await carol.updatesOf('updateChatDefaultBannedRights')
  assert.equal(told?.defaultBannedRights.changeInfo, true)
  await alice.fails('CHAT_NOT_MODIFIED', 'messages.editChatDefaultBannedRights', { peer, bannedRights })
  await carol.fails('CHAT_ADMIN_REQUIRED', 'messages.editChatTitle', { chatId, title: 'No' })
  await bob.call('messages.editChatTitle', { chatId, title: 'Yes' })
  assert.equal(((await carol.call('messages.getChats', { id: [chatId] })).chats[0] as tl.chat).title, 'Yes')
})

test('a deleted group is closed to all', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const chatId = await group(alice, 'Trip', bob)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.deleteChat', { chatId })
  await bob.updates()
  assert.equal(await alice.call('messages.deleteChat', { chatId }), true)
  assert.deepEqual(actions(await bob.updates()), ['messageActionChatDeleteUser'])
  const chat = (await bob.call('messages.getChats', { id: [chatId] })).chats[0] as tl.chat
  assert.deepEqual([chat.deactivated, chat.left], [true, true])
  await alice.fails('CHAT_ID_INVALID', 'messages.editChatTitle', { chatId, title: 'Again' })
})

test('common groups are those both are in now', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const one = await group(alice, 'One', bob)
  const two = await group(bob, 'Two', alice, carol)
  await group(alice, 'Three', carol)
  const common = async () => {
    const { chats } = await alice.call('messages.getCommonChats', { userId: alice.userOf(bob), maxId: 0, limit: 10 })
    return chats.map((c) => c.id)
  }
  assert.deepEqual(await common(), [two, one])
  await bob.call('messages.deleteChatUser', { chatId: one, userId: { _: 'inputUserSelf' } })
  assert.deepEqual(await common(), [two])
  // Supergroups are among them; a page says how many there are, as a profile does.
  const supergroup = await makeChannel('group', alice, bob)
  await makeChannel('channel', alice, bob)
  const page = (maxId: number) => alice.call('messages.getCommonChats', { userId: alice.userOf(bob), maxId, limit: 1 })
  const seen: number[] = []
  for (let maxId = 0; seen.length < 2; maxId = seen.at(-1)!) {
    const part = await page(maxId)
    assert.ok(part._ === 'messages.chatsSlice')
    assert.equal(part.count, 2)
    seen.push(...part.chats.map((chat) => chat.id))
  }
  assert.deepEqual(
    seen,
    [supergroup.id, two].sort((a, b) => b - a),
  )
  const { fullUser } = await alice.call('users.getFullUser', { id: alice.userOf(bob) })
  assert.equal(fullUser.commonChatsCount, 2)
})

test('who lets nobody invite them is not put into groups', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await bob.call('account.setPrivacy', {
    key: { _: 'inputPrivacyKeyChatInvite' },
    rules: [{ _: 'inputPrivacyValueDisallowAll' }],
  })
  const answer = await alice.call('messages.createChat', {
    title: 'Trip',
    users: [alice.userOf(bob), alice.userOf(carol)],
  })
  assert.deepEqual(
    answer.missingInvitees.map((m) => m.userId),
    [bob.id],
  )
  const chatId = (answer.updates as tl.updates).chats[0]!.id
  const add = { chatId, userId: alice.userOf(bob), fwdLimit: 0 }
  const kept = await alice.call('messages.addChatUser', add)
  assert.deepEqual(
    kept.missingInvitees.map((m) => m.userId),
    [bob.id],
  )
  assert.deepEqual((kept.updates as tl.updates).updates, [])
  // Clients whose layer names nobody in the answer are told by an error.
  const old = await alice.device(176)
  await old.fails('USER_PRIVACY_RESTRICTED', 'messages.addChatUser', add)
  assert.deepEqual(Object.keys(await members(carol, chatId)).sort(), ['Alice', 'Carol'])
})

test('who has left is brought back by those they know alone', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const chatId = await group(alice, 'Basic', bob)
  const supergroup = await makeChannel('group', alice, bob, carol)
  await bob.call('messages.deleteChatUser', { chatId, userId: { _: 'inputUserSelf' } })
  await bob.call('channels.leaveChannel', { channel: supergroup.of(bob) })
  await alice.call('channels.editBanned', {
    ...{ channel: supergroup.of(alice), participant: alice.peerOf(carol) },
    bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 },
  })
  await alice.call('channels.editBanned', {
    ...{ channel: supergroup.of(alice), participant: alice.peerOf(carol) },
    bannedRights: { _: 'chatBannedRights', untilDate: 0 },
  })
  const add = () => alice.call('messages.addChatUser', { chatId, userId: alice.userOf(bob), fwdLimit: 0 })
  const invite = (...people: Person[]) =>
    alice.call('channels.inviteToChannel', {
      channel: supergroup.of(alice),
      users: people.map((one) => alice.userOf(one)),
    })
  await assert.rejects(add, /USER_NOT_MUTUAL_CONTACT/)
  await assert.rejects(() => invite(bob), /USER_NOT_MUTUAL_CONTACT/)
  // Whoever was taken out and let back did not choose to go.
  const { missingInvitees } = await invite(bob, carol)
  assert.deepEqual(
    missingInvitees.map((m) => m.userId),
    [bob.id],
  )
  await carol.say(supergroup.peer(carol), 'in')
  await alice.call('contacts.addContact', { id: alice.userOf(bob), firstName: 'Bob', lastName: '', phone: '' })
  await assert.rejects(add, /USER_NOT_MUTUAL_CONTACT/)
  await bob.call('contacts.addContact', { id: bob.userOf(alice), firstName: 'Alice', lastName: '', phone: '' })
  await add()
  await invite(bob)
  await bob.say(supergroup.peer(bob), 'back')
})
