import assert from 'node:assert/strict'
import { type Person, startTestServer, type TestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from '../channels/test-channel.ts'

const text = (value: string): tl.TextWithEntities => ({ _: 'textWithEntities', text: value, entities: [] })
const red = [new Uint8Array(Buffer.from('0'))]
const start = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n }
let count = 0n

function poll(set: Partial<tl.poll>, extra: Partial<tl.inputMediaPoll> = {}): tl.inputMediaPoll {
  const answers = ['red', 'green'].map((t): tl.PollAnswer => ({ _: 'inputPollAnswer', text: text(t) }))
  return {
    _: 'inputMediaPoll',
    poll: { _: 'poll', id: 0n, question: text('Which?'), answers, hash: 0n, ...set },
    ...extra,
  }
}

async function post(who: Person, peer: tl.InputPeer, media: tl.inputMediaPoll): Promise<number> {
  const answer = await who.call('messages.sendMedia', { peer, media, message: '', randomId: ++count })
  return unpack(answer).find((u) => u._ === 'updateMessageID').id
}

async function shown(who: Person, peer: tl.InputPeer, id: number): Promise<tl.messageMediaPoll> {
  const { messages } = (await who.call('messages.getHistory', { peer, ...start })) as tl.messages_messages
  return (messages.find((m) => m.id === id) as tl.message).media as tl.messageMediaPoll
}

/** Gives somebody a number by which their country shows. */
const moveTo = (server: TestServer, who: Person, phone: string) =>
  server.app.store.transact((trx) => trx.updateTable('user').set({ phone }).where('id', '=', who.id).execute())

const join = (who: Person, channel: TestChannel) => who.call('channels.joinChannel', { channel: channel.of(who) })

test('in a poll for members those vote who were in the channel a day before it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const channel = await makeChannel('channel', alice, bob)
  await alice.call('channels.updateUsername', { channel: channel.of(alice), username: 'members_only' })
  await server.clock.advance(86_399)
  await join(carol, channel)
  await server.clock.advance(1)
  const id = await post(alice, channel.peer(alice), poll({ subscribersOnly: true }))
  await join(dave, channel)
  await server.clock.advance(3 * 86_400)
  const vote = (who: Person) => ({ peer: channel.peer(who), msgId: id, options: red })
  for (const late of [carol, dave]) await late.fails('MESSAGE_POLL_CLOSED', 'messages.sendVote', vote(late))
  await bob.call('messages.sendVote', vote(bob))
  const media = await shown(carol, channel.peer(carol), id)
  assert.equal(media.poll.subscribersOnly, true)
  // Who cannot vote sees how the others did.
  assert.deepEqual(
    media.results.results?.map((r) => r.voters),
    [1, 0],
  )
  // Whoever leaves is no member, forwarded or not.
  await bob.call('messages.forwardMessages', {
    ...{ fromPeer: channel.peer(bob), toPeer: bob.peerOf(carol), id: [id], randomId: [++count] },
  })
  const [told] = await carol.updatesOf('updateNewMessage')
  const forwarded = { peer: carol.peerOf(bob), msgId: told!.message.id, options: red }
  assert.equal(((told!.message as tl.message).media as tl.messageMediaPoll).poll.subscribersOnly, true)
  await carol.fails('MESSAGE_POLL_CLOSED', 'messages.sendVote', forwarded)
  await bob.call('channels.leaveChannel', { channel: channel.of(bob) })
  const { messages } = (await bob.call('messages.getHistory', {
    ...{ peer: bob.peerOf(carol), ...start },
  })) as tl.messages_messages
  const own = { peer: bob.peerOf(carol), msgId: messages[0]!.id }
  await bob.fails('MESSAGE_POLL_CLOSED', 'messages.sendVote', { ...own, options: [] })
  await bob.fails('MESSAGE_POLL_CLOSED', 'messages.sendVote', vote(bob))
  await dave.updates()
  await alice.call('messages.editMessage', {
    ...{ peer: channel.peer(alice), id, media: poll({ subscribersOnly: true, closed: true }) },
  })
  const [closed] = await dave.updatesOf('updateMessagePoll')
  assert.deepEqual([closed!.poll?.closed, closed!.results.totalVoters], [true, 1])
})

test('in a poll of countries those vote whose numbers are of one', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await moveTo(server, bob, '33612345678')
  const group = await makeChannel('group', alice, bob, carol)
  const quiz = poll({ countriesIso2: ['DE', 'FR', 'FR'], quiz: true, publicVoters: true }, { correctAnswers: [0] })
  const id = await post(alice, group.peer(alice), quiz)
  const vote = (who: Person) => ({ peer: group.peer(who), msgId: id, options: red })
  await carol.updates()
  await carol.fails('MESSAGE_POLL_CLOSED', 'messages.sendVote', vote(carol))
  await bob.call('messages.sendVote', vote(bob))
  const [update] = await carol.updatesOf('updateMessagePoll')
  assert.deepEqual(
    update!.results.results?.map((r) => [r.voters, r.correct]),
    [
      [1, undefined],
      [0, undefined],
    ],
  )
  const { poll: seen } = await shown(carol, group.peer(carol), id)
  assert.deepEqual(seen.countriesIso2, ['DE', 'FR'])
  const votes = await carol.call('messages.getPollVotes', { peer: group.peer(carol), id, limit: 10 })
  assert.deepEqual(
    votes.votes.map((v) => v.peer),
    [bob.peerId],
  )
  const config = async (who: Person) => {
    const { config } = (await who.call('help.getAppConfig', { hash: 0 })) as tl.help_appConfig
    const found = (config as tl.jsonObject).value.find((v) => v.key === 'phone_country_iso2')!.value
    return (found as tl.jsonString).value
  }
  assert.deepEqual([await config(bob), await config(carol)], ['FR', ''])
  const many = Array.from({ length: 13 }, (_, i) => `A${String.fromCharCode(65 + i)}`)
  for (const countriesIso2 of [many, ['fr'], ['FRA']]) {
    await alice.fails('MEDIA_INVALID', 'messages.sendMedia', {
      ...{ peer: group.peer(alice), media: poll({ countriesIso2 }), message: '', randomId: ++count },
    })
  }
})
