import assert from 'node:assert/strict'
import { picture, upload } from '../../../test/harness/files.ts'
import { type Device, type Person, plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { history, makeGroup } from './test-group.ts'

const words = (text: string): tl.TextWithEntities => ({ _: 'textWithEntities', text, entities: [] })
const item = (id: number, title: string): tl.TodoItem => ({ _: 'todoItem', id, title: words(title) })
const option = (text: string) => new Uint8Array(Buffer.from(text))
const answer = (text: string): tl.PollAnswer => ({ _: 'inputPollAnswer', text: words(text) })
const LIST: tl.inputMediaTodo = {
  _: 'inputMediaTodo',
  todo: { _: 'todoList', title: words('Shopping'), list: [item(1, 'milk'), item(7, 'bread')] },
}
const POLL: tl.inputMediaPoll = {
  _: 'inputMediaPoll',
  poll: {
    _: 'poll',
    ...{ id: 0n, hash: 0n, openAnswers: true, question: words('Which?'), answers: ['red', 'blue'].map(answer) },
  },
}
let random = 1n

async function send(who: Person, peer: tl.InputPeer, media: tl.InputMedia): Promise<number> {
  const sent = await who.call('messages.sendMedia', { peer, media, message: '', randomId: random++ })
  return unpack(sent).find((u) => u._ === 'updateMessageID').id
}

const setPremium = (person: Person) =>
  person.server.app.store.transact((trx) =>
    trx.updateTable('user').set({ premium: 1 }).where('id', '=', person.id).execute(),
  )

const to = (replyToMsgId: number, part: Partial<tl.inputReplyToMessage>) => ({
  replyTo: { _: 'inputReplyToMessage' as const, replyToMsgId, ...part },
  message: 'this one',
})
const newest = async (who: Person | Device, peer: tl.InputPeer) => (await history(who, peer))[0]!
const header = (message: tl.message | undefined) => plain(message?.replyTo)

test('a task of a list is answered, and everybody sees which', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await setPremium(alice)
  const { peer } = await makeGroup(alice, bob, carol)
  // Her copies have other ids than his.
  await alice.say(carol, 'before')
  const id = await send(alice, peer, LIST)
  const theirs = (await newest(bob, peer)).id
  assert.notEqual(theirs, id)
  const [old, older] = [await alice.device(223), await alice.device(207)]
  for (const one of [alice, old, older]) await one.updates()
  await bob.call('messages.sendMessage', { peer, ...to(theirs, { todoItemId: 7 }), randomId: random++ })
  const told = (await alice.updates()).find((u) => u._ === 'updateNewMessage')
  const expected = { _: 'messageReplyHeader', replyToMsgId: id, todoItemId: 7 }
  assert.deepEqual(header(told.message), expected)
  assert.deepEqual(header(await newest(alice, peer)), expected)
  // Clients of the layer that brought tasks know them; those of the one before do not.
  assert.deepEqual(header(await newest(old, peer)), expected)
  assert.deepEqual(header(await newest(older, peer)), { _: 'messageReplyHeader', replyToMsgId: id })
  const found = await carol.call('messages.search', {
    ...{ peer, q: 'this', filter: { _: 'inputMessagesFilterEmpty' }, minDate: 0, maxDate: 0 },
    ...{ offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n },
  })
  const [hit] = (found as tl.messages_messages).messages as tl.message[]
  assert.equal(header(hit).todoItemId, 7)
})

test('a task or an option that is not there cannot be answered', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await setPremium(alice)
  const peer = alice.peerOf(bob)
  const [list, poll, text] = [await send(alice, peer, LIST), await send(alice, peer, POLL), await alice.say(bob, 'hi')]
  const cases: [string, number, Partial<tl.inputReplyToMessage>][] = [
    ['REPLY_MESSAGE_ID_INVALID', list, { todoItemId: 2 }],
    ['REPLY_MESSAGE_ID_INVALID', poll, { todoItemId: 1 }],
    ['REPLY_MESSAGE_ID_INVALID', text, { todoItemId: 1 }],
    ['POLL_OPTION_INVALID', poll, { pollOption: option('9') }],
    ['POLL_OPTION_INVALID', list, { pollOption: option('0') }],
    ['POLL_OPTION_INVALID', list, { todoItemId: 1, pollOption: option('0') }],
  ]
  for (const [error, id, part] of cases) {
    await alice.fails(error, 'messages.sendMessage', { peer, ...to(id, part), randomId: random++ })
  }
  assert.equal((await newest(bob, bob.peerOf(alice))).message, 'hi')
})

test('an option of a poll is answered, also one that was added, here and in another chat', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { peer } = await makeGroup(alice, bob)
  const id = await send(alice, peer, POLL)
  const theirs = (await newest(bob, peer)).id
  await bob.call('messages.addPollAnswer', { peer, msgId: theirs, answer: answer('white') })
  const told = await alice.updates()
  const added: Uint8Array = told.find((u) => u._ === 'updateMessagePoll').poll.answers[2].option
  const white = Buffer.from(added).toString('hex')
  await bob.call('messages.sendMessage', { peer, ...to(theirs, { pollOption: added }), randomId: random++ })
  const [push] = await alice.updates()
  assert.deepEqual(header(push.message), { _: 'messageReplyHeader', replyToMsgId: id, pollOption: white })
  // Carol has not got the poll: the answer shows it as it is now.
  const elsewhere = { peer: alice.peerOf(carol), ...to(id, { pollOption: added, replyToPeerId: peer }) }
  await alice.call('messages.sendMessage', { ...elsewhere, randomId: random++ })
  const { replyTo } = await newest(carol, carol.peerOf(alice))
  assert.ok(replyTo?._ === 'messageReplyHeader' && replyTo.replyMedia?._ === 'messageMediaPoll')
  assert.deepEqual([header({ replyTo } as tl.message).pollOption, replyTo.replyMedia.poll.answers.length], [white, 3])
  const old = await bob.device(223)
  assert.deepEqual(header(await newest(old, peer)), { _: 'messageReplyHeader', replyToMsgId: theirs })
})

test('drafts and scheduled messages keep what they answer', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await setPremium(alice)
  const peer = alice.peerOf(bob)
  const id = await send(alice, peer, LIST)
  const tablet = await alice.device()
  await alice.call('messages.saveDraft', { peer, ...to(id, { todoItemId: 7 }) })
  const [update] = await tablet.updatesOf('updateDraftMessage')
  assert.equal(((update!.draft as tl.draftMessage).replyTo as tl.inputReplyToMessage).todoItemId, 7)
  // A task that is gone is not answered; the list still is.
  await alice.call('messages.saveDraft', { peer, ...to(id, { todoItemId: 2 }) })
  const [other] = await tablet.updatesOf('updateDraftMessage')
  assert.deepEqual(plain((other!.draft as tl.draftMessage).replyTo), { _: 'inputReplyToMessage', replyToMsgId: id })
  const scheduleDate = Math.floor(server.clock.now() / 1000) + 3600
  await alice.call('messages.sendMessage', { peer, ...to(id, { todoItemId: 7 }), randomId: random++, scheduleDate })
  await server.clock.advance(3601)
  const sent = await newest(bob, bob.peerOf(alice))
  assert.deepEqual([sent.message, header(sent).todoItemId], ['this one', 7])
})

test('in another chat a live location shows as a place, and what is seen once is not answered', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const geoPoint: tl.InputGeoPoint = { _: 'inputGeoPoint', lat: 48, long: 11 }
  await send(bob, bob.peerOf(alice), { _: 'inputMediaGeoLive', geoPoint, period: 900 })
  const file = await upload(bob, await picture(64, 64), { name: 'p.jpg' })
  await send(bob, bob.peerOf(alice), { _: 'inputMediaUploadedPhoto', file, ttlSeconds: 0x7fffffff })
  const [photo, place] = await history(alice, alice.peerOf(bob))
  const elsewhere = (message: tl.message) => ({
    ...{ peer: alice.peerOf(carol), randomId: random++ },
    ...to(message.id, { replyToPeerId: alice.peerOf(bob) }),
  })
  await alice.call('messages.sendMessage', elsewhere(place!))
  const { replyTo } = await newest(carol, carol.peerOf(alice))
  assert.ok(replyTo?._ === 'messageReplyHeader' && replyTo.replyMedia?._ === 'messageMediaGeo')
  assert.equal((replyTo.replyMedia.geo as tl.geoPoint).lat, 48)
  await alice.fails('CHAT_FORWARDS_RESTRICTED', 'messages.sendMessage', elsewhere(photo!))
  assert.equal((await history(carol, carol.peerOf(alice))).length, 1)
})
