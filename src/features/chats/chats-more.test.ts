import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'

async function group(creator: Person, ...others: Person[]): Promise<{ chatId: number; peer: tl.inputPeerChat }> {
  const answer = await creator.call('messages.createChat', {
    title: 'Trip',
    users: others.map((p) => creator.userOf(p)),
  })
  const chatId = (answer.updates as tl.updates).chats[0]!.id
  for (const person of [creator, ...others]) await person.updates()
  return { chatId, peer: { _: 'inputPeerChat', chatId } }
}

async function roleOf(viewer: Person, chatId: number, who: Person): Promise<string | undefined> {
  const full = await viewer.call('messages.getFullChat', { chatId })
  const list = (full.fullChat as tl.chatFull).participants as tl.chatParticipants
  return list.participants.find((p) => p.userId === who.id)?._
}

const history = async (who: Person, peer: tl.InputPeer) => {
  const none = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
  const answer = (await who.call('messages.getHistory', { peer, ...none })) as tl.messages_messages
  return answer.messages.map((m) => (m as tl.message).message ?? (m as tl.messageService).action._).reverse()
}

test('who read a message in a group is known for a week', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { peer } = await group(alice, bob, carol)
  const msgId = await alice.say(peer, 'read me')
  assert.deepEqual(await alice.call('messages.getMessageReadParticipants', { peer, msgId }), [])
  const before = Math.floor(server.clock.now() / 1000)
  await server.clock.advance(60)
  const { messages } = (await bob.call('messages.getHistory', {
    ...{ peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: 0n },
  })) as tl.messages_messages
  await bob.call('messages.readHistory', { peer, maxId: messages[0]!.id })
  const readers = await alice.call('messages.getMessageReadParticipants', { peer, msgId })
  assert.deepEqual(
    readers.map((r) => r.userId),
    [bob.id],
  )
  assert.ok(readers[0]!.date >= before + 60 && readers[0]!.date * 1000 <= server.clock.now())
  await alice.fails('MSG_ID_INVALID', 'messages.getMessageReadParticipants', { peer, msgId: 9999 })
  await server.clock.advance(8 * 86_400)
  await alice.fails('MSG_TOO_OLD', 'messages.getMessageReadParticipants', { peer, msgId })
})

test('a removed member’s messages are taken from all when that is asked', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { chatId, peer } = await group(alice, bob, carol)
  await bob.say(peer, 'spam')
  await carol.say(peer, 'fine')
  await alice.call('messages.deleteChatUser', { chatId, userId: alice.userOf(bob), revokeHistory: true })
  for (const who of [alice, carol]) {
    const texts = await history(who, peer)
    assert.ok(!texts.includes('spam') && texts.includes('fine'))
  }
})

test('a group goes on under a new creator when its creator leaves', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { chatId, peer } = await group(alice, bob, carol)
  await alice.call('messages.editChatAdmin', { chatId, userId: alice.userOf(carol), isAdmin: true })
  const next = await alice.call('messages.getFutureChatCreatorAfterLeave', { peer })
  assert.equal(next.id, carol.id)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.getFutureChatCreatorAfterLeave', { peer })
  await alice.call('messages.deleteChatUser', { chatId, userId: { _: 'inputUserSelf' } })
  assert.equal(await roleOf(bob, chatId, carol), 'chatParticipantCreator')
})

test('giving a group away needs a password', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const { chatId, peer } = await group(alice, bob)
  const password: tl.InputCheckPasswordSRP = { _: 'inputCheckPasswordEmpty' }
  const give = { peer, userId: alice.userOf(bob), password }
  await alice.fails('PASSWORD_MISSING', 'messages.editChatCreator', give)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.editChatCreator', { ...give, userId: bob.userOf(alice) })
  assert.equal(await roleOf(bob, chatId, alice), 'chatParticipantCreator')
})

test('who has read a message of a small supergroup is told to its members', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const place = await makeChannel('group', alice, bob, carol)
  const channel = await makeChannel('channel', alice, bob)
  const msgId = await alice.say(place.peer(alice), 'read me')
  const readers = () => alice.call('messages.getMessageReadParticipants', { peer: place.peer(alice), msgId })
  assert.deepEqual(await readers(), [])
  await server.clock.advance(60)
  const at = Math.floor(server.clock.now() / 1000)
  await bob.call('channels.readHistory', { channel: place.of(bob), maxId: msgId })
  await server.clock.advance(60)
  const later = await carol.say(place.peer(carol), 'more')
  await bob.call('channels.readHistory', { channel: place.of(bob), maxId: later })
  assert.deepEqual(await readers(), [{ _: 'readParticipantDate', userId: bob.id, date: at }])
  const post = await alice.say(channel.peer(alice), 'news')
  await bob.fails('PEER_ID_INVALID', 'messages.getMessageReadParticipants', { peer: channel.peer(bob), msgId: post })
  const unknown = { peer: place.peer(alice), msgId: 9999 }
  await alice.fails('MSG_ID_INVALID', 'messages.getMessageReadParticipants', unknown)
  await alice.call('channels.updateUsername', { channel: place.of(alice), username: 'read_marks' })
  await dave.fails('PEER_ID_INVALID', 'messages.getMessageReadParticipants', { peer: place.peer(dave), msgId })
  await server.clock.advance(8 * 86_400)
  await alice.fails('MSG_TOO_OLD', 'messages.getMessageReadParticipants', { peer: place.peer(alice), msgId })
})

test('a group’s administrators see their link and who waits to be let in', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { chatId, peer } = await group(alice, bob)
  const full = async (who: Person) => {
    const answer = await who.call('messages.getFullChat', { chatId })
    return { ...(answer.fullChat as tl.chatFull), users: answer.users.map((user) => user.id) }
  }
  const empty = await full(alice)
  assert.deepEqual(
    [empty.canSetUsername, empty.exportedInvite, empty.requestsPending, (await full(bob)).canSetUsername],
    [true, undefined, undefined, undefined],
  )
  const lasting = await alice.call('messages.exportChatInvite', { peer })
  const link = (await alice.call('messages.exportChatInvite', { peer, requestNeeded: true })) as tl.chatInviteExported
  await carol.fails('INVITE_REQUEST_SENT', 'messages.importChatInvite', { hash: link.link.split('+')[1]! })
  const { exportedInvite, requestsPending, recentRequesters, users } = await full(alice)
  assert.deepEqual([exportedInvite, requestsPending, recentRequesters], [lasting, 1, [BigInt(carol.id)]])
  assert.ok(users.includes(carol.id))
  const his = await full(bob)
  assert.deepEqual([his.exportedInvite, his.requestsPending], [undefined, undefined])
})
