import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { answer, makeGroup, messageOf, repliesOf } from './test-discussion.ts'

test('answers in a group make a thread, which is counted and read by pages', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice, bob, carol)
  const root = await alice.say(group.peer(alice), 'what do you think?')
  const first = await answer(bob, group.peer(bob), root, 'fine')
  server.clock.advance(10)
  const second = await answer(carol, group.peer(carol), first, 'no')
  const third = await answer(alice, group.peer(alice), second, 'hm')
  await alice.say(group.peer(alice), 'something else')
  const headers = (await bob.updatesOf('updateNewChannelMessage')).map((u) => (u.message as tl.message).replyTo)
  assert.deepEqual(headers.slice(1), [
    { _: 'messageReplyHeader', replyToMsgId: first, replyToTopId: root },
    { _: 'messageReplyHeader', replyToMsgId: second, replyToTopId: root },
    undefined,
  ])
  const { replies } = await messageOf(bob, group, root)
  assert.deepEqual([replies!.replies, replies!.maxId, replies!.comments], [3, third, undefined])
  assert.equal(replies!.readMaxId, undefined)
  await bob.call('channels.readHistory', { channel: group.of(bob), maxId: second })
  assert.equal((await messageOf(bob, group, root)).replies!.readMaxId, second)
  assert.equal((await messageOf(bob, group, first)).replies, undefined)
  const all = await repliesOf(carol, group.peer(carol), root)
  assert.deepEqual([all.count, all.messages.map((m) => m.id)], [3, [third, second, first]])
  // Whoever names an answer means the thread that it is in.
  assert.equal((await repliesOf(carol, group.peer(carol), second)).count, 3)
  const page = { offsetDate: 0, addOffset: 0, maxId: 0, minId: 0, hash: 0n }
  const at = { peer: group.peer(bob), msgId: root, ...page }
  const before = (await bob.call('messages.getReplies', { ...at, offsetId: third, limit: 1 })) as typeof all
  assert.deepEqual(
    before.messages.map((m) => m.id),
    [second],
  )
  const date = (await messageOf(bob, group, second)).date
  const older = (await bob.call('messages.getReplies', {
    ...at,
    offsetId: 0,
    offsetDate: date,
    limit: 5,
  })) as typeof all
  assert.deepEqual(
    older.messages.map((m) => m.id),
    [first],
  )
  await alice.call('channels.deleteMessages', { channel: group.of(alice), id: [first, second] })
  assert.equal((await messageOf(bob, group, root)).replies!.replies, 1)
  await bob.fails('MSG_ID_INVALID', 'messages.getReplies', { ...at, msgId: 999, offsetId: 0, limit: 5 })
  await bob.fails('PEER_ID_INVALID', 'messages.getReplies', { ...at, peer: bob.peerOf(alice), offsetId: 0, limit: 5 })
})

test('a thread is read: the reader’s devices and the authors are told', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeGroup(alice, bob)
  const tablet = await bob.device()
  const root = await alice.say(group.peer(alice), 'question')
  const id = await answer(alice, group.peer(alice), root, 'and more of it')
  await alice.updates()
  await tablet.updates()
  const shown = await bob.call('messages.getDiscussionMessage', { peer: group.peer(bob), msgId: root })
  assert.deepEqual([shown.messages[0]!.id, shown.maxId, shown.unreadCount], [root, id, 1])
  const read = { peer: group.peer(bob), msgId: root, readMaxId: 1000 }
  assert.equal(await bob.call('messages.readDiscussion', read), true)
  assert.deepEqual(await tablet.updates(), [
    { _: 'updateReadChannelDiscussionInbox', channelId: group.id, topMsgId: root, readMaxId: id },
  ])
  assert.deepEqual(await alice.updates(), [
    { _: 'updateReadChannelDiscussionOutbox', channelId: group.id, topMsgId: root, readMaxId: id },
  ])
  await bob.call('messages.readDiscussion', read)
  assert.deepEqual(await tablet.updates(), [])
  const after = await bob.call('messages.getDiscussionMessage', { peer: group.peer(bob), msgId: root })
  assert.deepEqual([after.readInboxMaxId, after.unreadCount], [id, 0])
  assert.equal((await messageOf(bob, group, root)).replies!.readMaxId, id)
  const mine = await alice.call('messages.getDiscussionMessage', { peer: group.peer(alice), msgId: root })
  assert.equal(mine.readOutboxMaxId, id)
})

test('answers that come at once are all counted', async () => {
  await using server = await startTestServer()
  const people = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const [alice, ...others] = people
  const group = await makeGroup(alice!, ...others)
  const root = await alice!.say(group.peer(alice!), 'go')
  await Promise.all(
    people.flatMap((who) => [1, 2, 3, 4, 5].map((n) => answer(who, group.peer(who), root, `${who.firstName} ${n}`))),
  )
  assert.equal((await messageOf(alice!, group, root)).replies!.replies, 20)
  assert.equal((await repliesOf(alice!, group.peer(alice!), root)).messages.length, 20)
})
