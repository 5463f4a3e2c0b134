import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { picture, uploadPhoto } from '../../../test/harness/files.ts'
import { type Person, startTestServer, type TestServer, test, unpack } from '../../../test/harness/index.ts'
import { listHash } from '../../domain/list-hash.ts'
import { sendDue } from '../../domain/scheduled-send.ts'
import { systemCtx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

const now = (server: TestServer) => Math.floor(server.clock.now() / 1000)
let random = 1n

/** Schedules a text and gives the message as it waits. */
async function later(who: Person, peer: tl.InputPeer, message: string, scheduleDate: number): Promise<tl.message> {
  const answer = await who.call('messages.sendMessage', { peer, message, randomId: random++, scheduleDate })
  const [id, queued] = unpack(answer)
  assert.equal(id._, 'updateMessageID')
  assert.equal(queued._, 'updateNewScheduledMessage')
  assert.equal(id.id, queued.message.id)
  return queued.message
}

async function queue(who: Person, peer: tl.InputPeer): Promise<tl.message[]> {
  const answer = await who.call('messages.getScheduledHistory', { peer, hash: 0n })
  return (answer as tl.messages_messages).messages as tl.message[]
}

const texts = (messages: tl.message[]) => messages.map((m) => m.message)

test('a scheduled message waits on every device of its author, and is sent when it is due', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.say(bob, 'now')
  await bob.updates()
  const phone = await alice.device()
  const date = now(server) + 3600
  const waiting = await later(alice, alice.peerOf(bob), 'in an hour', date)
  assert.deepEqual([waiting.id, waiting.date, waiting.message, waiting.fromScheduled], [1, date, 'in an hour', true])
  assert.deepEqual(await phone.updates(), [{ _: 'updateNewScheduledMessage', message: waiting }])
  assert.deepEqual(await queue(alice, alice.peerOf(bob)), [waiting])
  assert.deepEqual(await bob.updates(), [])
  await server.clock.advance(3590)
  assert.deepEqual(await bob.updates(), [])
  await server.clock.advance(10)
  const [sent, gone] = await phone.updates()
  assert.equal(sent._, 'updateNewMessage')
  assert.equal(sent.message.fromScheduled, true)
  assert.ok(sent.message.date >= date)
  const left = { _: 'updateDeleteScheduledMessages', peer: bob.peerId, messages: [1], sentMessages: [sent.message.id] }
  assert.deepEqual(gone, left)
  assert.deepEqual(await bob.texts(), ['in an hour'])
  assert.deepEqual(await queue(alice, alice.peerOf(bob)), [])
})

test('a queue has ids of its own, an order, and a hash', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  await later(alice, peer, 'late', now(server) + 500)
  await later(alice, peer, 'soon', now(server) + 100)
  const reminder = await later(alice, { _: 'inputPeerSelf' }, 'note to self', now(server) + 100)
  assert.equal(reminder.id, 1)
  const waiting = await queue(alice, peer)
  assert.deepEqual(texts(waiting), ['late', 'soon'])
  const hash = listHash(waiting.flatMap((m) => [m.id, m.editDate ?? 0, m.date]))
  assert.deepEqual(await alice.call('messages.getScheduledHistory', { peer, hash }), {
    _: 'messages.messagesNotModified',
    count: 2,
  })
  const some = await alice.call('messages.getScheduledMessages', { peer, id: [2, 9] })
  assert.deepEqual((some as tl.messages_messages).messages, [
    waiting[1],
    { _: 'messageEmpty', id: 9, peerId: bob.peerId },
  ])
  assert.deepEqual(await queue(bob, bob.peerOf(alice)), [])
  await alice.fails('PEER_ID_INVALID', 'messages.getScheduledHistory', { peer: { ...peer, accessHash: 1n }, hash: 0n })
})

test('an author sends what waits at once, or drops it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  for (const text of ['one', 'two', 'three']) await later(alice, peer, text, now(server) + 1000)
  const phone = await alice.device()
  const answer = unpack(await alice.call('messages.sendScheduledMessages', { peer, id: [3, 1] }))
  const sent = answer.filter((u) => u._ === 'updateNewMessage').map((u) => u.message)
  assert.deepEqual(
    sent.map((m) => [m.message, m.fromScheduled]),
    [
      ['one', true],
      ['three', true],
    ],
  )
  const left = {
    _: 'updateDeleteScheduledMessages',
    peer: bob.peerId,
    messages: [1, 3],
    sentMessages: sent.map((m) => m.id),
  }
  assert.deepEqual(answer.at(-1), left)
  assert.deepEqual(await phone.updatesOf('updateDeleteScheduledMessages'), [left])
  await alice.fails('MESSAGE_ID_INVALID', 'messages.sendScheduledMessages', { peer, id: [1] })
  await alice.call('messages.deleteScheduledMessages', { peer, id: [2, 77] })
  const dropped = { _: 'updateDeleteScheduledMessages', peer: bob.peerId, messages: [2] }
  assert.deepEqual(await phone.updatesOf('updateDeleteScheduledMessages'), [dropped])
  await server.clock.advance(2000)
  assert.deepEqual(await bob.texts(), ['one', 'three'])
})

test('what is scheduled for now is sent now, and nothing is scheduled too far ahead or too often', async () => {
  await using server = await startTestServer({ settings: { limits: { scheduledMessages: 1 } } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const at = (scheduleDate: number) => ({ peer: alice.peerOf(bob), message: 'x', randomId: random++, scheduleDate })
  const soon = await alice.call('messages.sendMessage', at(now(server) + 10))
  assert.equal(soon._, 'updateShortSentMessage')
  await alice.fails('SCHEDULE_DATE_TOO_LATE', 'messages.sendMessage', at(now(server) + 366 * 86_400))
  const once = at(now(server) + 100)
  const first = await alice.call('messages.sendMessage', once)
  assert.deepEqual(unpack(await alice.call('messages.sendMessage', once)), unpack(first))
  await alice.fails('SCHEDULE_TOO_MUCH', 'messages.sendMessage', at(now(server) + 200))
  await server.clock.advance(100)
  // Once it has left the queue its sender's repetition sends nothing more.
  await alice.call('messages.sendMessage', once)
  assert.equal((await bob.texts()).length, 2)
})

test('a message waits until the other side comes online', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  for (const who of [bob, carol]) await who.call('account.updateStatus', { offline: true })
  await server.clock.advance(400)
  const WHEN_ONLINE = 0x7ffffffe
  const waiting = await later(alice, alice.peerOf(bob), 'good morning', WHEN_ONLINE)
  assert.equal(waiting.date, WHEN_ONLINE)
  await server.clock.advance(5000)
  assert.deepEqual(await bob.texts(), [])
  await bob.call('account.updateStatus', { offline: false })
  await server.clock.advance(1)
  assert.deepEqual(await bob.texts(), ['good morning'])
  await carol.call('account.setPrivacy', {
    key: { _: 'inputPrivacyKeyStatusTimestamp' },
    rules: [{ _: 'inputPrivacyValueDisallowAll' }],
  })
  const ask = (peer: tl.InputPeer) => ({ peer, message: 'x', randomId: random++, scheduleDate: WHEN_ONLINE })
  await alice.fails('SCHEDULE_STATUS_PRIVATE', 'messages.sendMessage', ask(alice.peerOf(carol)))
  await alice.fails('SCHEDULE_STATUS_PRIVATE', 'messages.sendMessage', ask({ _: 'inputPeerSelf' }))
})

test('a waiting message is edited and moved', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const { id, date } = await later(alice, peer, 'draft', now(server) + 100)
  const phone = await alice.device()
  await alice.call('messages.editMessage', { peer, id, message: 'final', scheduleDate: date + 100 })
  const [told] = await phone.updatesOf('updateNewScheduledMessage')
  const edited = told!.message as tl.message
  assert.deepEqual([edited.id, edited.message, edited.date], [id, 'final', date + 100])
  assert.ok(edited.editDate! <= now(server))
  const again = { peer, id, message: 'final', scheduleDate: date + 100 }
  await alice.fails('MESSAGE_NOT_MODIFIED', 'messages.editMessage', again)
  await alice.fails('SCHEDULE_DATE_INVALID', 'messages.editMessage', { ...again, scheduleDate: now(server) - 1 })
  await alice.fails('MESSAGE_ID_INVALID', 'messages.editMessage', { ...again, id: 50 })
  await server.clock.advance(100)
  assert.deepEqual(await bob.texts(), [])
  await server.clock.advance(100)
  assert.deepEqual(await bob.texts(), ['final'])
})

test('the job that sends may run twice', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await later(alice, alice.peerOf(bob), 'once', now(server) + 60)
  const job = { id: 'x', owner: alice.id, data: { peer: bob.id } }
  await server.clock.advance(60)
  await sendDue(systemCtx(server.app, alice.id), job)
  await sendDue(systemCtx(server.app, alice.id), job)
  assert.deepEqual(await bob.texts(), ['once'])
})

test('what may not be said any more when it is due is dropped', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = await alice.call('messages.createChat', { title: 'Trip', users: [alice.userOf(bob)] })
  const chatId = (made.updates as tl.updates).chats[0]!.id
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId }
  await later(bob, peer, 'I am still here', now(server) + 60)
  await alice.call('messages.deleteChatUser', { chatId, userId: alice.userOf(bob) })
  await bob.updates()
  await alice.updates()
  await server.clock.advance(60)
  assert.deepEqual(await bob.updates(), [
    { _: 'updateDeleteScheduledMessages', peer: { _: 'peerChat', chatId }, messages: [1] },
  ])
  assert.deepEqual(await alice.texts(), [])
})

test('Premium accounts have a message sent again and again', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const daily = {
    peer,
    message: 'tick',
    randomId: random++,
    scheduleDate: now(server) + 60,
    scheduleRepeatPeriod: 86_400,
  }
  await alice.fails('PREMIUM_ACCOUNT_REQUIRED', 'messages.sendMessage', daily)
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ premium: 1 }).where('id', '=', alice.id).execute(),
  )
  await alice.call('messages.sendMessage', daily)
  await server.clock.advance(60)
  const [next] = await queue(alice, peer)
  assert.deepEqual([next!.id, next!.date, next!.scheduleRepeatPeriod], [2, daily.scheduleDate + 86_400, 86_400])
  await server.clock.advance(86_400)
  assert.deepEqual(await bob.texts(), ['tick', 'tick'])
})

test('an album and forwarded messages wait as well, and are sent whole', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const id = await bob.say(alice, 'pass it on').then(async () => {
    const [pushed] = await alice.updates()
    return (pushed.message.id ?? pushed.id) as number
  })
  const peer = alice.peerOf(carol)
  const scheduleDate = now(server) + 60
  const media = async (): Promise<tl.inputSingleMedia> => ({
    _: 'inputSingleMedia',
    media: { _: 'inputMediaPhoto', id: await photo(alice) },
    randomId: random++,
    message: '',
  })
  const multiMedia = [await media(), await media()]
  await alice.call('messages.sendMultiMedia', { peer, multiMedia, scheduleDate })
  await alice.call('messages.forwardMessages', {
    fromPeer: alice.peerOf(bob),
    toPeer: peer,
    id: [id],
    randomId: [random++],
    scheduleDate,
  })
  const waiting = await queue(alice, peer)
  assert.deepEqual(
    waiting.map((m) => [m.id, m.media?._, m.fwdFrom?.fromId]),
    [
      [3, undefined, bob.peerId],
      [2, 'messageMediaPhoto', undefined],
      [1, 'messageMediaPhoto', undefined],
    ],
  )
  assert.equal(waiting[1]!.groupedId, waiting[2]!.groupedId)
  await carol.updates()
  await server.clock.advance(60)
  const sent = (await carol.updatesOf('updateNewMessage')).map((u) => u.message as tl.message)
  assert.deepEqual(
    sent.map((m) => [m.groupedId, m.fwdFrom?.fromId]),
    [
      [waiting[1]!.groupedId, undefined],
      [waiting[1]!.groupedId, undefined],
      [undefined, bob.peerId],
    ],
  )
})

async function photo(who: Person): Promise<tl.InputPhoto> {
  const { id, accessHash, fileReference } = await uploadPhoto(who, await picture(20, 20))
  return { _: 'inputPhoto', id, accessHash, fileReference }
}

test('what waits is sent by the server that is there when it is due', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'chappe-scheduled-'))
  const settings = { database: `sqlite:${join(dir, 'chappe.sqlite')}` }
  try {
    let bobId: number
    {
      await using server = await startTestServer({ settings })
      const [alice, bob] = await server.people('Alice', 'Bob')
      bobId = bob.id
      await later(alice, alice.peerOf(bob), 'later', now(server) + 3600)
    }
    await using server = await startTestServer({ settings })
    const received = () =>
      server.app.store.db
        .selectFrom('message')
        .select('text')
        .where('owner', '=', bobId)
        .where('text', '=', 'later')
        .execute()
    assert.deepEqual(await received(), [])
    await server.clock.advance(7200)
    assert.deepEqual(await received(), [{ text: 'later' }])
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
