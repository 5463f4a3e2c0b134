import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from './test-channel.ts'

test('what a member says is told with the tag they have now, and forwarded without', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const tag = (rank: string) =>
    alice.call('messages.editChatParticipantRank', { peer: group.peer(alice), participant: alice.peerOf(bob), rank })
  await tag('driver')
  await carol.updates()
  const id = await bob.say(group.peer(bob), 'all aboard')
  const [said] = await carol.updatesOf('updateNewChannelMessage')
  const shown = (message: tl.Message) => [(message as tl.message).fromRank, (message as tl.message).postAuthor]
  assert.deepEqual(shown(said!.message), ['driver', undefined])
  await carol.say(group.peer(carol), 'thank you')
  const none = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n }
  const ranks = async () => {
    const history = await carol.call('messages.getHistory', { peer: group.peer(carol), ...none })
    const messages = (history as { messages: tl.Message[] }).messages
    return messages.flatMap((m) => (m._ === 'message' ? [m.fromRank] : []))
  }
  assert.deepEqual(await ranks(), [undefined, 'driver'])
  await tag('captain')
  assert.deepEqual(await ranks(), [undefined, 'captain'])
  // A change of something old, too, comes with the tag of today.
  await bob.call('messages.editMessage', { peer: group.peer(bob), id, message: 'all on board' })
  const [edited] = await carol.updatesOf('updateEditChannelMessage')
  assert.deepEqual(shown(edited!.message), ['captain', undefined])
  await carol.call('messages.forwardMessages', {
    ...{ fromPeer: group.peer(carol), toPeer: carol.peerOf(alice), id: [id], randomId: [9n] },
  })
  const [forwarded] = await alice.updatesOf('updateNewMessage')
  assert.deepEqual((forwarded!.message as tl.message).fwdFrom, {
    ...{ _: 'messageFwdHeader', fromId: bob.peerId, date: (said!.message as tl.message).date },
  })
  await bob.call('channels.leaveChannel', { channel: group.of(bob) })
  assert.deepEqual(await ranks(), [undefined, undefined])
})

test('who reads a message a moment later than its author got another tag sees that one', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const peer = group.peer(alice)
  const { pts } = (
    (await carol.call('channels.getFullChannel', { channel: group.of(carol) })) as { fullChat: tl.channelFull }
  ).fullChat
  const id = await bob.say(group.peer(bob), 'first')
  await alice.call('messages.editChatParticipantRank', { peer, participant: alice.peerOf(bob), rank: 'new' })
  const difference = await carol.call('updates.getChannelDifference', {
    ...{ channel: group.of(carol), filter: { _: 'channelMessagesFilterEmpty' }, pts, limit: 100 },
  })
  const found = (difference as tl.updates_channelDifference).newMessages.find((m) => m.id === id)
  assert.equal((found as tl.message).fromRank, 'new')
})

test('in a basic group tags come with the members, not with what they say', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = (await alice.call('messages.createChat', { users: [alice.userOf(bob)], title: 'Few' })).updates
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId: (made as tl.updates).chats[0]!.id }
  await bob.updates()
  await alice.call('messages.editChatParticipantRank', { peer, participant: alice.peerOf(bob), rank: 'cook' })
  const [told] = await bob.updatesOf('updateChatParticipantRank')
  assert.equal(told!.rank, 'cook')
  await bob.say(peer, 'dinner')
  const [said] = await alice.updatesOf('updateNewMessage')
  assert.equal((said!.message as tl.message).fromRank, undefined)
})
