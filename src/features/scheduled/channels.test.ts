import assert from 'node:assert/strict'
import { type Person, startTestServer, type TestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel, type TestChannel } from '../channels/test-channel.ts'

const now = (server: TestServer) => Math.floor(server.clock.now() / 1000)
let random = 1n

const promote = (who: Person, place: TestChannel, user: Person, rights: Partial<tl.chatAdminRights>) =>
  who.call('channels.editAdmin', {
    channel: place.of(who),
    userId: who.userOf(user),
    adminRights: { _: 'chatAdminRights', ...rights },
  })
async function later(who: Person, place: TestChannel, message: string, scheduleDate: number): Promise<tl.message> {
  const sent = { peer: place.peer(who), message, randomId: ++random, scheduleDate }
  return unpack(await who.call('messages.sendMessage', sent)).find((u) => u._ === 'updateNewScheduledMessage').message
}
async function queue(who: Person, place: TestChannel): Promise<tl.message[]> {
  const answer = await who.call('messages.getScheduledHistory', { peer: place.peer(who), hash: 0n })
  return (answer as tl.messages_messages).messages as tl.message[]
}

test('what is scheduled in a channel is seen by all who post there, and by nobody else', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const channel = await makeChannel('channel', alice, bob, carol, dave)
  await promote(alice, channel, bob, { postMessages: true })
  await promote(alice, channel, carol, { inviteUsers: true })
  for (const one of [alice, bob, carol, dave]) await one.updates()
  const waiting = await later(alice, channel, 'tomorrow', now(server) + 86_400)
  const [told] = await bob.updates()
  assert.equal(told._, 'updateNewScheduledMessage')
  assert.deepEqual([told.message.message, told.message.out, waiting.out], ['tomorrow', undefined, true])
  assert.deepEqual([await carol.updates(), await dave.updates()], [[], []])
  assert.deepEqual(
    (await queue(bob, channel)).map((m) => m.id),
    [waiting.id],
  )
  await dave.fails('CHAT_ADMIN_REQUIRED', 'messages.getScheduledHistory', { peer: channel.peer(dave), hash: 0n })
  await carol.fails('CHAT_ADMIN_REQUIRED', 'messages.getScheduledMessages', { peer: channel.peer(carol), id: [1] })
  const full = async (who: Person) =>
    (await who.call('channels.getFullChannel', { channel: channel.of(who) })).fullChat as tl.channelFull
  assert.deepEqual([(await full(bob)).hasScheduled, (await full(dave)).hasScheduled], [true, undefined])

  const named = { peer: channel.peer(bob), id: [waiting.id] }
  await bob.fails('MESSAGE_DELETE_FORBIDDEN', 'messages.deleteScheduledMessages', named)
  const edit = { peer: channel.peer(bob), id: waiting.id, scheduleDate: waiting.date, message: 'edited' }
  await bob.fails('MESSAGE_AUTHOR_REQUIRED', 'messages.editMessage', edit)
  await promote(alice, channel, bob, { postMessages: true, editMessages: true, deleteMessages: true })
  await bob.call('messages.editMessage', edit)
  const edited = (await alice.updatesOf('updateNewScheduledMessage')).at(-1)!
  assert.equal((edited.message as tl.message).message, 'edited')
  const mine = await later(bob, channel, 'of bob', now(server) + 7200)
  assert.deepEqual(
    (await queue(alice, channel)).map((m) => m.message),
    ['edited', 'of bob'],
  )
  await dave.fails('MESSAGE_ID_INVALID', 'messages.sendScheduledMessages', { peer: channel.peer(dave), id: [mine.id] })
  await alice.call('messages.deleteScheduledMessages', { peer: channel.peer(alice), id: [mine.id] })
  const gone = (await bob.updatesOf('updateDeleteScheduledMessages')).at(-1)!
  assert.deepEqual(gone.messages, [mine.id])
})

test('a channel’s queue is posted when it is due, or sooner, as whoever scheduled it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const channel = await makeChannel('channel', alice, bob, carol)
  await promote(alice, channel, bob, { postMessages: true })
  await alice.call('channels.toggleSignatures', { channel: channel.of(alice), signaturesEnabled: true })
  await later(alice, channel, 'by alice', now(server) + 600)
  await later(bob, channel, 'by bob', now(server) + 600)
  const soon = await later(bob, channel, 'soon', now(server) + 600)
  const group = await makeChannel('group', alice, bob)
  await later(alice, group, 'in the group', now(server) + 600)
  assert.deepEqual(await queue(bob, group), [])
  await carol.updates()
  const sent = await alice.call('messages.sendScheduledMessages', { peer: channel.peer(alice), id: [soon.id] })
  assert.deepEqual(
    unpack(sent).map((u) => u._),
    ['updateNewChannelMessage', 'updateDeleteScheduledMessages'],
  )
  await server.clock.advance(601)
  const posts = (await historyOf(carol, channel)).filter((m) => m.message)
  assert.deepEqual(
    posts.map((m) => [m.message, m.postAuthor]),
    [
      ['by bob', 'Bob'],
      ['by alice', 'Alice'],
      ['soon', 'Bob'],
    ],
  )
  assert.deepEqual(await queue(alice, channel), [])
  await later(bob, channel, 'dropped', now(server) + 600)
  await promote(alice, channel, bob, {})
  await alice.updates()
  await server.clock.advance(601)
  const [dropped] = await alice.updatesOf('updateDeleteScheduledMessages')
  assert.equal(dropped!.sentMessages, undefined)
})
