import assert from 'node:assert/strict'
import { type Person, startTestServer, type TestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, type TestChannel } from '../channels/test-channel.ts'
import { answerIn, makeDirect } from '../saved/test-monoforum.ts'

const now = (server: TestServer) => Math.floor(server.clock.now() / 1000)
let n = 100n
async function suggest(
  who: Person,
  direct: TestChannel,
  message: string,
  post: Partial<tl.suggestedPost> = {},
  more: Partial<tl.Methods['messages.sendMessage']['params']> = {},
): Promise<number> {
  const suggestedPost: tl.suggestedPost = { _: 'suggestedPost', ...post }
  const sent = { peer: direct.peer(who), message, randomId: ++n, suggestedPost, ...more }
  return unpack(await who.call('messages.sendMessage', sent)).find((u) => u._ === 'updateMessageID').id
}
const decide = (
  who: Person,
  direct: TestChannel,
  msgId: number,
  more: { reject?: boolean; rejectComment?: string; scheduleDate?: number } = {},
) => who.call('messages.toggleSuggestedPostApproval', { peer: direct.peer(who), msgId, ...more })
const posts = async (who: Person, place: TestChannel) =>
  (await historyOf(who, place)).flatMap((m) => (m._ === 'message' ? [m.message] : []))
const shown = async (who: Person, direct: TestChannel, id: number) =>
  (await historyOf(who, direct)).find((m) => m.id === id)!.suggestedPost

test('a suggestion is approved and posted at once, or at its time', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { channel, direct } = await makeDirect(alice, carol)
  const first = await suggest(bob, direct, 'post this')
  const [told] = await alice.updatesOf('updateNewChannelMessage')
  assert.deepEqual((told!.message as tl.message).suggestedPost, { _: 'suggestedPost' })
  assert.deepEqual(await shown(bob, direct, first), { _: 'suggestedPost' })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.toggleSuggestedPostApproval', {
    peer: direct.peer(bob),
    msgId: first,
  })
  await bob.updates()
  const answer = unpack(await decide(alice, direct, first))
  assert.deepEqual(
    answer.map((u) => u._),
    ['updateEditChannelMessage', 'updateNewChannelMessage'],
  )
  const [edit, service] = await bob.updates()
  assert.equal(edit.message.suggestedPost.accepted, true)
  assert.deepEqual(service.message.action, {
    _: 'messageActionSuggestedPostApproval',
    scheduleDate: now(server),
  })
  assert.deepEqual([service.message.replyTo.replyToMsgId, service.message.savedPeerId], [first, bob.peerId])
  assert.deepEqual(await posts(carol, channel), ['post this'])
  await alice.fails('MESSAGE_ID_INVALID', 'messages.toggleSuggestedPostApproval', {
    peer: direct.peer(alice),
    msgId: first,
  })
  const date = now(server) + 600
  const second = await suggest(bob, direct, 'in ten minutes', { scheduleDate: date })
  await decide(alice, direct, second)
  assert.equal((await shown(bob, direct, second))!.scheduleDate, date)
  const queue = await alice.call('messages.getScheduledHistory', { peer: channel.peer(alice), hash: 0n })
  assert.ok('messages' in queue)
  assert.deepEqual(
    queue.messages.map((m) => [(m as tl.message).message, (m as tl.message).date]),
    [['in ten minutes', date]],
  )
  const third = await suggest(bob, direct, 'when you like')
  await decide(alice, direct, third, { scheduleDate: date + 300 })
  assert.deepEqual(await posts(carol, channel), ['post this'])
  await server.clock.advance(601)
  assert.deepEqual(await posts(carol, channel), ['in ten minutes', 'post this'])
  await server.clock.advance(300)
  assert.deepEqual(await posts(carol, channel), ['when you like', 'in ten minutes', 'post this'])
})

test('a suggestion is rejected with a comment, or suggested anew by the other side', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { channel, direct } = await makeDirect(alice, carol)
  const first = await suggest(bob, direct, 'draft')
  await bob.updates()
  await decide(alice, direct, first, { reject: true, rejectComment: 'too short' })
  const [edit, service] = await bob.updates()
  assert.equal(edit.message.suggestedPost.rejected, true)
  assert.deepEqual(service.message.action, {
    _: 'messageActionSuggestedPostApproval',
    rejected: true,
    rejectComment: 'too short',
  })
  const second = await suggest(bob, direct, 'a longer draft')
  const better = await answerIn(alice, direct, bob, 'a better draft', {
    replyTo: { _: 'inputReplyToMessage', replyToMsgId: second, monoforumPeerId: alice.peerOf(bob) },
    suggestedPost: { _: 'suggestedPost' },
  })
  await alice.fails('MESSAGE_ID_INVALID', 'messages.toggleSuggestedPostApproval', {
    peer: direct.peer(alice),
    msgId: better,
  })
  await decide(bob, direct, better)
  assert.deepEqual(await posts(carol, channel), ['a better draft'])
  const plain = await bob.say(direct.peer(bob), 'no suggestion')
  await alice.fails('MESSAGE_ID_INVALID', 'messages.toggleSuggestedPostApproval', {
    peer: direct.peer(alice),
    msgId: plain,
  })
  await alice.fails('PEER_ID_INVALID', 'messages.toggleSuggestedPostApproval', {
    peer: channel.peer(alice),
    msgId: 1,
  })
})

test('suggestions have a place, a time and a price within bounds; who approves has to be able to post', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { channel, direct } = await makeDirect(alice, carol)
  const stars = (amount: bigint): tl.starsAmount => ({ _: 'starsAmount', amount, nanos: 0 })
  const refused = (error: string, post: Partial<tl.suggestedPost>, peer: tl.InputPeer = direct.peer(bob)) =>
    bob.fails(error, 'messages.sendMessage', {
      peer,
      message: 'x',
      randomId: ++n,
      suggestedPost: { _: 'suggestedPost', ...post },
    })
  await refused('SUGGESTED_POST_PEER_INVALID', {}, bob.peerOf(alice))
  await refused('SUGGESTED_POST_AMOUNT_INVALID', { price: stars(1n) })
  await refused('SCHEDULE_DATE_INVALID', { scheduleDate: now(server) + 10 })
  const paid = await suggest(bob, direct, 'for money', { price: stars(50n) })
  assert.deepEqual((await shown(alice, direct, paid))!.price, stars(50n))
  await alice.fails('NOT_IMPLEMENTED', 'messages.toggleSuggestedPostApproval', {
    peer: direct.peer(alice),
    msgId: paid,
  })
  const free = await suggest(bob, direct, 'for free')
  await alice.call('channels.editAdmin', {
    channel: channel.of(alice),
    userId: alice.userOf(carol),
    adminRights: { _: 'chatAdminRights', manageDirectMessages: true },
  })
  await carol.fails('CHAT_ADMIN_REQUIRED', 'messages.toggleSuggestedPostApproval', {
    peer: direct.peer(carol),
    msgId: free,
  })
  await decide(carol, direct, free, { reject: true })
  // Forwarded messages can be suggested, too.
  await bob.say(bob.peerFor(bob), 'noted')
  const [note] = (
    (await bob.call('messages.getHistory', {
      ...{ peer: { _: 'inputPeerSelf' }, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1 },
      ...{ maxId: 0, minId: 0, hash: 0n },
    })) as tl.messages_messages
  ).messages
  const sent = await bob.call('messages.forwardMessages', {
    fromPeer: { _: 'inputPeerSelf' },
    id: [note!.id],
    randomId: [++n],
    toPeer: direct.peer(bob),
    suggestedPost: { _: 'suggestedPost' },
  })
  const { id } = unpack(sent).find((u) => u._ === 'updateMessageID')
  await decide(alice, direct, id)
  assert.deepEqual(await posts(alice, channel), ['noted'])
})
