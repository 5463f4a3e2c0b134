import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type Person, plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const text = (value: string): tl.TextWithEntities => ({ _: 'textWithEntities', text: value, entities: [] })
const option = (n: number | string) => new Uint8Array(Buffer.from(String(n)))
const rid = () => randomBytes(8).readBigInt64LE()
const page = { offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 }

function poll(set: Partial<tl.poll> = {}, extra: Partial<tl.inputMediaPoll> = {}): tl.inputMediaPoll {
  const answers = ['red', 'green', 'blue'].map((t): tl.PollAnswer => ({ _: 'inputPollAnswer', text: text(t) }))
  return {
    _: 'inputMediaPoll',
    poll: { _: 'poll', id: 0n, question: text('Which?'), answers, hash: 0n, ...set },
    ...extra,
  }
}

async function group(creator: Person, ...members: Person[]): Promise<tl.inputPeerChat> {
  const users = members.map((m) => creator.userOf(m))
  const answer = await creator.call('messages.createChat', { users, title: 'Group' })
  for (const person of [creator, ...members]) await person.updates()
  return { _: 'inputPeerChat', chatId: (answer.updates as tl.updates).chats[0]!.id }
}

async function send(who: Person, peer: tl.InputPeer, media: tl.InputMedia): Promise<number> {
  const answer = await who.call('messages.sendMedia', { peer, media, message: '', randomId: rid() })
  return unpack(answer).find((u) => u._ === 'updateMessageID').id
}

async function newest(who: Person, peer: tl.InputPeer): Promise<tl.message> {
  const answer = await who.call('messages.getHistory', { peer, ...page, limit: 1, offsetDate: 0, hash: 0n })
  return (answer as tl.messages_messages).messages[0] as tl.message
}
const shown = async (who: Person, peer: tl.InputPeer) => (await newest(who, peer)).media as tl.messageMediaPoll

const tally = (results: tl.PollResults) =>
  results.results?.map((r) => [Buffer.from(r.option).toString(), r.voters, r.chosen ?? false])

async function dialog(who: Person, peer: tl.InputPeer): Promise<tl.dialog> {
  const { dialogs } = await who.call('messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeer', peer }] })
  return dialogs[0] as tl.dialog
}

test('an anonymous poll shows its results to who has voted', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const peer = await group(alice, bob, carol)
  const id = await send(alice, peer, poll())
  const { id: msgId, media } = (await newest(bob, peer)) as tl.message & { media: tl.messageMediaPoll }
  assert.deepEqual(
    media.poll.answers.map((a) => a.text.text),
    ['red', 'green', 'blue'],
  )
  assert.deepEqual([media.results.totalVoters, media.results.results], [0, undefined])
  assert.equal(media.poll.creator, undefined)
  assert.equal((await shown(alice, peer)).poll.creator, true)
  await alice.updates()
  await bob.updates()
  const [own] = unpack(await bob.call('messages.sendVote', { peer, msgId, options: [option(1)] }))
  assert.equal(own._, 'updateMessagePoll')
  assert.deepEqual(tally(own.results), [
    ['0', 0, false],
    ['1', 1, true],
    ['2', 0, false],
  ])
  const [told] = await alice.updatesOf('updateMessagePoll')
  assert.deepEqual([told!.msgId, told!.results.totalVoters], [id, 1])
  assert.deepEqual(told!.results.recentVoters, undefined)
  await alice.call('messages.sendVote', { peer, msgId: id, options: [option(1)] })
  assert.deepEqual(tally((await bob.updatesOf('updateMessagePoll'))[0]!.results), [
    ['0', 0, false],
    ['1', 2, true],
    ['2', 0, false],
  ])
  // Changed, and taken back.
  await bob.call('messages.sendVote', { peer, msgId, options: [option(0)] })
  assert.deepEqual(tally((await shown(alice, peer)).results), [
    ['0', 1, false],
    ['1', 1, true],
    ['2', 0, false],
  ])
  await bob.call('messages.sendVote', { peer, msgId, options: [] })
  const after = await shown(bob, peer)
  assert.deepEqual([after.results.totalVoters, after.results.results], [1, undefined])
  await bob.fails('OPTION_INVALID', 'messages.sendVote', { peer, msgId, options: [option(9)] })
  await bob.fails('OPTIONS_TOO_MUCH', 'messages.sendVote', { peer, msgId, options: [option(0), option(1)] })
  await bob.fails('MESSAGE_ID_INVALID', 'messages.sendVote', { peer, msgId: 99, options: [option(0)] })
  await bob.fails('MSG_ID_INVALID', 'messages.getPollVotes', { peer, id: msgId, limit: 10 })
  const results = await bob.call('messages.getPollResults', { peer, msgId, pollHash: 0n })
  const [fetched] = unpack(results)
  assert.equal(fetched.results.totalVoters, 1)
  assert.deepEqual(unpack(await bob.call('messages.getPollResults', { peer, msgId, pollHash: fetched.poll.hash })), [])
})

test('fifty people vote at once, and every vote is counted', async () => {
  await using server = await startTestServer()
  const people = await server.people(...Array.from({ length: 50 }, (_, i) => `P${i}`))
  const [first, ...rest] = people
  const peer = await group(first!, ...rest)
  await send(first!, peer, poll({ publicVoters: true, multipleChoice: true }))
  const ids = await Promise.all(people.map(async (p) => (await newest(p, peer)).id))
  const chosen = (i: number) => (i % 2 === 0 ? [option(0), option(2)] : [option(1)])
  await Promise.all(people.map((p, i) => p.call('messages.sendVote', { peer, msgId: ids[i]!, options: chosen(i) })))
  const { results } = await shown(people[5]!, peer)
  assert.deepEqual(
    [results.totalVoters, tally(results)],
    [
      50,
      [
        ['0', 25, false],
        ['1', 25, true],
        ['2', 25, false],
      ],
    ],
  )
  assert.equal(results.recentVoters?.length, 3)
  const votes = await people[5]!.call('messages.getPollVotes', { peer, id: ids[5]!, limit: 30 })
  const more = await people[5]!.call('messages.getPollVotes', {
    peer,
    id: ids[5]!,
    limit: 30,
    offset: votes.nextOffset,
  })
  const all = [...votes.votes, ...more.votes]
  assert.deepEqual(
    [votes.count, new Set(all.map((v) => (v.peer as tl.peerUser).userId)).size, more.nextOffset],
    [50, 50, undefined],
  )
  const kinds = Map.groupBy(all, (v) => v._)
  assert.deepEqual([kinds.get('messagePeerVote')?.length, kinds.get('messagePeerVoteMultiple')?.length], [25, 25])
  const blue = await people[5]!.call('messages.getPollVotes', { peer, id: ids[5]!, option: option(2), limit: 100 })
  assert.deepEqual([blue.count, blue.votes.length, blue.votes[0]!._], [25, 25, 'messagePeerVoteInputOption'])
})

test('a quiz tells what was right once one has answered, and only then', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  await send(
    alice,
    peer,
    poll({ quiz: true, revotingDisabled: true }, { correctAnswers: [2], solution: 'Because', solutionEntities: [] }),
  )
  const message = (await newest(bob, bob.peerOf(alice))) as tl.message & { media: tl.messageMediaPoll }
  assert.deepEqual(plain(message.media.results), { _: 'pollResults', totalVoters: 0 })
  const answer = { peer: bob.peerOf(alice), msgId: message.id }
  const [own] = unpack(await bob.call('messages.sendVote', { ...answer, options: [option(0)] }))
  assert.deepEqual(
    own.results.results.map((r: tl.pollAnswerVoters) => r.correct ?? false),
    [false, false, true],
  )
  assert.equal(own.results.solution, 'Because')
  await bob.fails('REVOTE_NOT_ALLOWED', 'messages.sendVote', { ...answer, options: [option(2)] })
  await bob.fails('REVOTE_NOT_ALLOWED', 'messages.sendVote', { ...answer, options: [] })
  // Those who are shown it in another chat are not told.
  const carol = await server.person('Carol')
  const there = await group(bob, carol)
  const replyTo: tl.InputReplyTo = {
    _: 'inputReplyToMessage',
    replyToMsgId: message.id,
    replyToPeerId: bob.peerOf(alice),
  }
  await bob.call('messages.sendMessage', { peer: there, message: 'look', randomId: rid(), replyTo })
  const { replyMedia } = (await newest(carol, there)).replyTo as tl.messageReplyHeader
  assert.deepEqual(plain((replyMedia as tl.messageMediaPoll).results), { _: 'pollResults', min: true })
})

test('polls that make no sense are refused', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const answers = (...texts: string[]) => texts.map((t): tl.PollAnswer => ({ _: 'inputPollAnswer', text: text(t) }))
  const given = (t: string, o: string): tl.PollAnswer => ({ _: 'pollAnswer', text: text(t), option: option(o) })
  const cases: [string, tl.inputMediaPoll][] = [
    ['POLL_QUESTION_INVALID', poll({ question: text(' ') })],
    ['POLL_ANSWERS_INVALID', poll({ answers: answers() })],
    ['POLL_ANSWERS_INVALID', poll({ answers: answers(...'abcdefghijklm') })],
    ['POLL_ANSWER_INVALID', poll({ answers: answers('a', '') })],
    ['POLL_ANSWER_INVALID', poll({ answers: answers('a', 'b'.repeat(101)) })],
    ['POLL_OPTION_DUPLICATE', poll({ answers: [given('a', '1'), given('b', '1')] })],
    ['POLL_OPTION_INVALID', poll({ answers: [given('a', ''), given('b', '1')] })],
    ['QUIZ_CORRECT_ANSWERS_EMPTY', poll({ quiz: true })],
    ['QUIZ_CORRECT_ANSWERS_TOO_MUCH', poll({ quiz: true }, { correctAnswers: [0, 1] })],
    ['QUIZ_CORRECT_ANSWER_INVALID', poll({ quiz: true }, { correctAnswers: [7] })],
    ['QUIZ_CORRECT_ANSWER_INVALID', poll({ quiz: true, multipleChoice: true }, { correctAnswers: [0, 0] })],
    ['MEDIA_INVALID', poll({ closePeriod: 1 })],
  ]
  for (const [error, media] of cases)
    await alice.fails(error, 'messages.sendMedia', { peer, media, message: '', randomId: rid() })
})

test('a poll is closed by its author, and at its time', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = await group(alice, bob)
  const id = await send(alice, peer, poll())
  const { id: msgId } = await newest(bob, peer)
  await bob.updates()
  await bob.fails('MESSAGE_AUTHOR_REQUIRED', 'messages.editMessage', { peer, id: msgId, media: poll({ closed: true }) })
  const [closed] = unpack(
    await alice.call('messages.editMessage', { peer, id, media: poll({ closed: true, answers: [] }) }),
  )
  assert.deepEqual([closed._, closed.poll.closed, closed.poll.question.text], ['updateMessagePoll', true, 'Which?'])
  const [told] = await bob.updatesOf('updateMessagePoll')
  assert.deepEqual(
    [told!.poll!.closed, tally(told!.results)],
    [
      true,
      [
        ['0', 0, false],
        ['1', 0, false],
        ['2', 0, false],
      ],
    ],
  )
  await bob.fails('MESSAGE_POLL_CLOSED', 'messages.sendVote', { peer, msgId, options: [option(0)] })
  await alice.fails('MESSAGE_NOT_MODIFIED', 'messages.editMessage', { peer, id, media: poll({ closed: true }) })
  await send(alice, peer, poll({ closePeriod: 60, hideResultsUntilClose: true }))
  const second = (await newest(bob, peer)).id
  const [voted] = unpack(await bob.call('messages.sendVote', { peer, msgId: second, options: [option(0)] }))
  assert.deepEqual(tally(voted.results), [
    ['0', undefined, true],
    ['1', undefined, false],
    ['2', undefined, false],
  ])
  await bob.updates()
  await server.clock.advance(61)
  await server.app.jobs.run()
  const [over] = await bob.updatesOf('updateMessagePoll')
  assert.deepEqual([over!.poll!.closed, tally(over!.results)![0]], [true, ['0', 1, true]])
  await bob.fails('MESSAGE_POLL_CLOSED', 'messages.sendVote', { peer, msgId: second, options: [option(0)] })
})

test('a forwarded poll shares its votes', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const peer = await group(alice, bob)
  const id = await send(alice, peer, poll())
  await alice.call('messages.forwardMessages', {
    fromPeer: peer,
    id: [id],
    randomId: [rid()],
    toPeer: alice.peerOf(carol),
  })
  const theirs = await newest(carol, carol.peerOf(alice))
  await bob.updates()
  await carol.call('messages.sendVote', { peer: carol.peerOf(alice), msgId: theirs.id, options: [option(2)] })
  const [told] = await bob.updatesOf('updateMessagePoll')
  assert.equal(told!.results.totalVoters, 1)
  assert.equal((await shown(alice, peer)).results.totalVoters, 1)
})

test('the author sees new votes that can be seen, until they have looked', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = await group(alice, bob)
  const id = await send(alice, peer, poll({ publicVoters: true }))
  const { id: msgId } = await newest(bob, peer)
  await bob.fails('POLL_VOTE_REQUIRED', 'messages.getPollVotes', { peer, id: msgId, limit: 10 })
  await bob.call('messages.sendVote', { peer, msgId, options: [option(0)] })
  assert.equal((await dialog(alice, peer)).unreadPollVotesCount, 1)
  assert.equal((await shown(alice, peer)).results.hasUnreadVotes, true)
  const unread = await alice.call('messages.getUnreadPollVotes', { peer, ...page })
  assert.deepEqual(
    (unread as tl.messages_messages).messages.map((m) => m.id),
    [id],
  )
  await alice.call('messages.readPollVotes', { peer })
  assert.equal((await dialog(alice, peer)).unreadPollVotesCount, 0)
  assert.equal((await shown(alice, peer)).results.hasUnreadVotes, undefined)
  assert.equal(
    ((await alice.call('messages.getUnreadPollVotes', { peer, ...page })) as tl.messages_messages).messages.length,
    0,
  )
})

test('answers are added to an open poll and taken back', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const peer = await group(alice, bob, carol)
  await send(alice, peer, poll())
  const shut = (await newest(bob, peer)).id
  const answer: tl.PollAnswer = { _: 'inputPollAnswer', text: text('white') }
  await bob.fails('POLL_ANSWERS_INVALID', 'messages.addPollAnswer', { peer, msgId: shut, answer })
  const id = await send(alice, peer, poll({ openAnswers: true }))
  const { id: msgId } = await newest(bob, peer)
  await alice.updates()
  await bob.call('messages.addPollAnswer', { peer, msgId, answer })
  const told = await alice.updates()
  assert.deepEqual(told.map((u) => u._).sort(), ['updateMessagePoll', 'updateNewMessage'])
  const service = told.find((u) => u._ === 'updateNewMessage').message
  assert.deepEqual(
    [service.action._, service.action.answer.text.text, service.replyTo.replyToMsgId],
    ['messageActionPollAppendAnswer', 'white', id],
  )
  const added = told.find((u) => u._ === 'updateMessagePoll').poll.answers.at(-1)
  assert.deepEqual([added.text.text, plain(added.addedBy)], ['white', bob.peerId])
  await alice.call('messages.sendVote', { peer, msgId: id, options: [added.option] })
  await bob.fails('POLL_OPTION_DUPLICATE', 'messages.addPollAnswer', { peer, msgId, answer })
  const theirs = msgId
  await carol.fails('MESSAGE_AUTHOR_REQUIRED', 'messages.deletePollAnswer', {
    peer,
    msgId: theirs,
    option: added.option,
  })
  await server.clock.advance(301)
  await bob.fails('MESSAGE_AUTHOR_REQUIRED', 'messages.deletePollAnswer', { peer, msgId, option: added.option })
  await bob.updates()
  await alice.call('messages.deletePollAnswer', { peer, msgId: id, option: added.option })
  const update = (await bob.updatesOf('updateMessagePoll'))[0]!
  assert.deepEqual([update.poll!.answers.length, update.results.totalVoters], [3, 0])
  assert.equal(((await newest(bob, peer)) as unknown as tl.messageService).action._, 'messageActionPollDeleteAnswer')
})

test('a scheduled poll begins when it is sent', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const scheduleDate = Math.floor(server.clock.now() / 1000) + 3600
  await alice.call('messages.sendMedia', {
    peer: alice.peerOf(bob),
    media: poll({ closePeriod: 60 }),
    message: '',
    randomId: rid(),
    scheduleDate,
  })
  await server.clock.advance(3601)
  await server.app.jobs.run()
  const media = await shown(bob, bob.peerOf(alice))
  assert.ok(media.poll.closeDate! > scheduleDate && media.poll.closed === undefined)
  await bob.call('messages.sendVote', {
    peer: bob.peerOf(alice),
    msgId: (await newest(bob, bob.peerOf(alice))).id,
    options: [option(0)],
  })
  await server.clock.advance(61)
  await server.app.jobs.run()
  assert.equal((await shown(bob, bob.peerOf(alice))).poll.closed, true)
})
