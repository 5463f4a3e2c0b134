import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type Device, type Person, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel } from '../channels/test-channel.ts'

const text = (value: string): tl.TextWithEntities => ({ _: 'textWithEntities', text: value, entities: [] })
const option = (n: number) => new Uint8Array(Buffer.from(String(n)))
const rid = () => randomBytes(8).readBigInt64LE()

const poll = (set: Partial<tl.poll> = {}, extra: Partial<tl.inputMediaPoll> = {}): tl.inputMediaPoll => ({
  _: 'inputMediaPoll',
  poll: {
    ...{ _: 'poll', id: 0n, question: text('Which?'), hash: 0n },
    answers: ['2', '3', '4'].map((t, i) => ({ _: 'pollAnswer', text: text(t), option: option(i) })),
    ...set,
  },
  ...extra,
})

async function send(who: Person | Device, peer: tl.InputPeer, media: tl.InputMedia): Promise<number> {
  const answer = await who.call('messages.sendMedia', { peer, media, message: '', randomId: rid() })
  return unpack(answer).find((u) => u._ === 'updateMessageID').id
}

const right = (results: tl.PollResults) => results.results?.map((r) => r.correct ?? false)
const voters = (results: tl.PollResults) => results.results?.map((r) => r.voters)

test('a quiz has several right answers, and is voted in again unless its maker does not want that', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const peer = group.peer(bob)
  await send(alice, group.peer(alice), poll({ quiz: true, multipleChoice: true }, { correctAnswers: [0, 1] }))
  const [message] = await historyOf(bob, group)
  assert.equal((message!.media as tl.messageMediaPoll).results.results, undefined)
  const vote = { peer, msgId: message!.id }
  const [voted] = unpack(await bob.call('messages.sendVote', { ...vote, options: [option(0), option(2)] }))
  assert.deepEqual(right(voted.results), [true, true, false])
  const [again] = unpack(await bob.call('messages.sendVote', { ...vote, options: [option(0), option(1)] }))
  assert.deepEqual(voters(again.results), [1, 1, 0])
  // Whoever takes a vote back is not to know any more.
  const [none] = unpack(await bob.call('messages.sendVote', { ...vote, options: [] }))
  assert.deepEqual([none.results.results, none.results.totalVoters], [undefined, 0])

  // Clients that know nothing of it mean that a vote in a quiz is final.
  const old = await alice.device(223)
  await send(old, group.peer(alice), poll({ quiz: true }, { correctAnswers: [0] }))
  const [second] = await historyOf(bob, group)
  assert.equal((second!.media as tl.messageMediaPoll).poll.revotingDisabled, true)
  await bob.call('messages.sendVote', { peer, msgId: second!.id, options: [option(0)] })
  await bob.fails('REVOTE_NOT_ALLOWED', 'messages.sendVote', { peer, msgId: second!.id, options: [option(1)] })
  const several = poll({ quiz: true, multipleChoice: true }, { correctAnswers: [0] })
  const refused = { peer: group.peer(alice), media: several, message: '', randomId: rid() }
  await old.fails('QUIZ_MULTIPLE_INVALID', 'messages.sendMedia', refused)
})

test('whoever made a poll follows its results without voting, also where others wait for its end', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const msgId = await send(alice, group.peer(alice), poll({ hideResultsUntilClose: true }))
  await alice.updates()
  await bob.call('messages.sendVote', { peer: group.peer(bob), msgId, options: [option(1)] })
  const [told] = await alice.updatesOf('updateMessagePoll')
  assert.deepEqual(voters(told!.results), [0, 1, 0])
  const [seen] = await historyOf(bob, group)
  assert.deepEqual(voters((seen!.media as tl.messageMediaPoll).results), [undefined, undefined, undefined])
})

test('a bot sends a poll that is closed already, with a longer question; people do not', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('ends_bot')
  const group = await makeChannel('group', alice, bob)
  const channel = group.of(alice)
  await alice.call('channels.inviteToChannel', { channel, users: [alice.userOf(bot)] })
  await bob.updates()
  const media = poll({ closed: true, closePeriod: 60, question: text('q'.repeat(300)) })
  const msgId = await send(bot, group.peer(bot), media)
  const [told] = await bob.updatesOf('updateNewChannelMessage')
  const shown = (told!.message as tl.message).media as tl.messageMediaPoll
  assert.deepEqual([shown.poll.closed, shown.poll.question.text.length], [true, 300])
  const vote = { peer: group.peer(bob), msgId, options: [option(0)] }
  await bob.fails('MESSAGE_POLL_CLOSED', 'messages.sendVote', vote)
  for (const [error, own] of [
    ['MEDIA_INVALID', poll({ closed: true })],
    ['POLL_QUESTION_INVALID', poll({ question: text('q'.repeat(300)) })],
  ] as const) {
    const sent = { peer: group.peer(alice), media: own, message: '', randomId: rid() }
    await alice.fails(error, 'messages.sendMedia', sent)
  }
})

test('a poll that is forwarded as one’s own is asked anew; a quiz only by who knows what is right in it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob)
  const elsewhere = await makeChannel('group', bob, carol)
  const quiz = poll({ quiz: true }, { correctAnswers: [1], solution: 'because', solutionEntities: [] })
  const id = await send(alice, group.peer(alice), quiz)
  const forward = {
    ...{ fromPeer: group.peer(bob), toPeer: elsewhere.peer(bob), id: [id], dropAuthor: true },
    randomId: [rid()],
  }
  await bob.fails('QUIZ_ANSWER_MISSING', 'messages.forwardMessages', forward)
  await bob.call('messages.sendVote', { peer: group.peer(bob), msgId: id, options: [option(0)] })
  await bob.call('messages.forwardMessages', forward)
  const [told] = await carol.updatesOf('updateNewChannelMessage')
  const { media, fwdFrom, id: theirs } = told!.message as tl.message
  const asked = media as tl.messageMediaPoll
  assert.deepEqual([fwdFrom, asked.results.totalVoters, asked.results.results], [undefined, 0, undefined])
  const vote = { peer: elsewhere.peer(carol), msgId: theirs, options: [option(1)] }
  const [voted] = unpack(await carol.call('messages.sendVote', vote))
  assert.deepEqual([right(voted.results), voted.results.solution], [[false, true, false], 'because'])
  const [own] = await historyOf(bob, elsewhere)
  assert.equal((own!.media as tl.messageMediaPoll).poll.creator, true)
  // The first one goes on by itself.
  const [first] = await historyOf(alice, group)
  assert.equal((first!.media as tl.messageMediaPoll).results.totalVoters, 1)
})
