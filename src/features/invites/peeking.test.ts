import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { differenceOf, historyOf, makeChannel, type TestChannel } from '../channels/test-channel.ts'

const linkTo = async (who: Person, place: TestChannel, more: { requestNeeded?: boolean } = {}) => {
  const link = await who.call('messages.exportChatInvite', { peer: place.peer(who), ...more })
  return (link as tl.chatInviteExported).link.split('+')[1]!
}
const dialogs = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' as const }, limit: 10, hash: 0n }

test('who is invited to a group where a channel is discussed looks into it for a while', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice)
  const channel = await makeChannel('channel', alice)
  await alice.call('channels.setDiscussionGroup', { broadcast: channel.of(alice), group: group.of(alice) })
  await alice.say(group.peer(alice), 'look at this')
  const hash = await linkTo(alice, group)
  await bob.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: group.of(bob) })
  const peek = await bob.call('messages.checkChatInvite', { hash })
  assert.ok(peek._ === 'chatInvitePeek' && peek.chat._ === 'channel')
  assert.equal(peek.chat.left, true)
  assert.equal(peek.expires, Math.floor(server.clock.now() / 1000) + 300)
  assert.equal((await historyOf(bob, group))[0]!.message, 'look at this')
  const { messages, pts } = await differenceOf(bob, group)
  assert.equal((messages.at(-1) as tl.message).message, 'look at this')
  const empty = await bob.call('updates.getChannelDifference', {
    channel: group.of(bob),
    filter: { _: 'channelMessagesFilterEmpty' },
    pts,
    limit: 10,
  })
  assert.ok(empty._ === 'updates.channelDifferenceEmpty' && empty.timeout === 30)
  // Looking is not being in it.
  const list = (await bob.call('messages.getDialogs', dialogs)) as tl.messages_dialogs
  assert.equal(list.dialogs.length, 0)
  await alice.say(group.peer(alice), 'more')
  assert.deepEqual(await bob.updates(), [])
  await carol.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: group.of(carol) })
  await server.clock.advance(301)
  await bob.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: group.of(bob) })
  await bob.call('messages.importChatInvite', { hash })
  assert.equal((await bob.call('messages.checkChatInvite', { hash }))._, 'chatInviteAlready')
})

test('a public group is shown, one with a door or a hidden history is not', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice)
  const kind = async (more: { requestNeeded?: boolean } = {}) =>
    (await bob.call('messages.checkChatInvite', { hash: await linkTo(alice, group, more) }))._
  assert.equal(await kind(), 'chatInvite')
  await alice.call('channels.updateUsername', { channel: group.of(alice), username: 'public_group' })
  assert.equal(await kind(), 'chatInvitePeek')
  await alice.call('channels.updateUsername', { channel: group.of(alice), username: '' })
  await alice.call('channels.togglePreHistoryHidden', { channel: group.of(alice), enabled: true })
  assert.equal(await kind(), 'chatInvite')
  await bob.fails('INVITE_HASH_EXPIRED', 'messages.checkChatInvite', { hash: 'nothing_of_ours' })
})

test('whoever does not belong to a public channel reads it and its difference', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice)
  await alice.call('channels.updateUsername', { channel: channel.of(alice), username: 'public_channel' })
  await alice.say(channel.peer(alice), 'news')
  assert.equal((await historyOf(bob, channel))[0]!.message, 'news')
  const { pts } = await differenceOf(bob, channel)
  await alice.say(channel.peer(alice), 'more news')
  const later = await differenceOf(bob, channel, pts)
  assert.equal((later.messages[0] as tl.message).message, 'more news')
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.sendMessage', {
    peer: channel.peer(bob),
    message: 'x',
    randomId: 1n,
  })
})

test('people and channels that one only knows from forwards are named by the message', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const group = await makeChannel('group', alice, bob)
  const open = await makeChannel('channel', alice)
  const hidden = await makeChannel('channel', alice)
  await alice.call('channels.updateUsername', { channel: open.of(alice), username: 'open_channel' })
  let n = 10n
  const forward = async (fromPeer: tl.InputPeer, id: number) => {
    const sent = { fromPeer, id: [id], randomId: [++n], toPeer: group.peer(alice) }
    await alice.call('messages.forwardMessages', sent)
    const [message] = await historyOf(bob, group)
    return message!
  }
  const fromOpen = await forward(open.peer(alice), await alice.say(open.peer(alice), 'open'))
  const fromHidden = await forward(hidden.peer(alice), await alice.say(hidden.peer(alice), 'hidden'))
  await carol.say(alice, 'hello')
  const [got] = await alice.updatesOf('updateNewMessage')
  const own = got?.message.id ?? 1
  const fromCarol = await forward(alice.peerOf(carol), own)
  assert.deepEqual(fromCarol.fwdFrom?.fromId, carol.peerId)
  const at = (msgId: number) => ({ peer: group.peer(bob), msgId })
  const named: tl.InputUser = { _: 'inputUserFromMessage', ...at(fromCarol.id), userId: carol.id }
  assert.equal(((await bob.call('users.getUsers', { id: [named] }))[0] as tl.user).firstName, 'Carol')
  await bob.fails('MSG_ID_INVALID', 'users.getUsers', { id: [{ ...named, userId: dave.id }] })
  const openly: tl.InputChannel = { _: 'inputChannelFromMessage', ...at(fromOpen.id), channelId: open.id }
  const full = await bob.call('channels.getFullChannel', { channel: openly })
  assert.equal(full.fullChat.id, open.id)
  await bob.fails('MSG_ID_INVALID', 'channels.getFullChannel', { channel: { ...openly, channelId: hidden.id } })
  const hiddenly: tl.InputChannel = { ...openly, msgId: fromHidden.id, channelId: hidden.id }
  await bob.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: hiddenly })
  const [shown] = (await bob.call('channels.getChannels', { id: [hiddenly] })).chats
  assert.equal(shown!._, 'channelForbidden')
})
