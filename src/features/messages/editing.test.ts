import assert from 'node:assert/strict'
import { plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { copies, history, makeGroup, texts } from './test-group.ts'

test('an edit changes every copy and is told to everybody who has one', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice, bob, carol)
  const id = await alice.say(group.peer, 'befor')
  for (const person of [alice, bob, carol]) await person.updates()
  const phone = await alice.device()
  await server.clock.advance(10)
  const entities: tl.MessageEntity[] = [{ _: 'messageEntityBold', offset: 0, length: 6 }]
  const answer = await alice.call('messages.editMessage', { peer: group.peer, id, message: 'before @xyz_1', entities })
  const [edit] = unpack(answer)
  assert.equal(edit.message.message, 'before @xyz_1')
  assert.ok(edit.message.editDate >= edit.message.date + 10)
  assert.deepEqual(
    (await phone.updates()).map((u) => [u._, u.pts]),
    [['updateEditMessage', edit.pts]],
  )
  for (const person of [bob, carol]) {
    const [told] = await person.updatesOf('updateEditMessage')
    const { message, entities: kept } = told!.message as tl.message
    assert.equal(message, 'before @xyz_1')
    assert.deepEqual(
      kept?.map((e) => e._),
      ['messageEntityBold', 'messageEntityMention'],
    )
    assert.deepEqual(texts(await history(person, group.peer, { limit: 1 })), ['before @xyz_1'])
  }
})

test('what is not one’s own, too old or the same is not edited', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const id = await alice.say(bob, 'mine')
  const theirs = (await history(bob, bob.peerOf(alice)))[0]!.id
  await bob.fails('MESSAGE_AUTHOR_REQUIRED', 'messages.editMessage', {
    peer: bob.peerOf(alice),
    id: theirs,
    message: 'x',
  })
  await alice.fails('MESSAGE_NOT_MODIFIED', 'messages.editMessage', { peer, id, message: ' mine ' })
  await alice.fails('MESSAGE_NOT_MODIFIED', 'messages.editMessage', { peer, id })
  await alice.fails('MESSAGE_EMPTY', 'messages.editMessage', { peer, id, message: '' })
  await alice.fails('MESSAGE_TOO_LONG', 'messages.editMessage', { peer, id, message: 'x'.repeat(4097) })
  await alice.fails('MESSAGE_ID_INVALID', 'messages.editMessage', { peer, id: 99, message: 'x' })
  await alice.fails('MESSAGE_ID_INVALID', 'messages.editMessage', { peer: { _: 'inputPeerSelf' }, id, message: 'x' })
  const note = unpack(
    await alice.call('messages.sendMessage', { peer: { _: 'inputPeerSelf' }, message: 'note', randomId: 1n }),
  )[0].id
  await server.clock.advance(2 * 86_400 + 1)
  await alice.fails('MESSAGE_EDIT_TIME_EXPIRED', 'messages.editMessage', { peer, id, message: 'late' })
  await alice.call('messages.editMessage', { peer: { _: 'inputPeerSelf' }, id: note, message: 'edited' })
  assert.equal((await copies(alice, note))[0]?.message, 'edited')
  assert.deepEqual(await bob.texts(), ['mine'])
})

const replyTo = (replyToMsgId: number, rest: Partial<tl.inputReplyToMessage> = {}): tl.inputReplyToMessage => ({
  _: 'inputReplyToMessage',
  replyToMsgId,
  ...rest,
})

test('a reply names the message by each reader’s own id', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await bob.say(carol, 'moves the ids apart')
  const first = await alice.say(bob, 'question')
  const there = (await history(bob, bob.peerOf(alice)))[0]!.id
  assert.notEqual(first, there)
  await bob.call('messages.sendMessage', {
    peer: bob.peerOf(alice),
    message: 'answer',
    replyTo: replyTo(there),
    randomId: 1n,
  })
  const reply = (who: tl.message | undefined) => plain(who?.replyTo)
  assert.deepEqual(reply((await history(bob, bob.peerOf(alice)))[0]), { _: 'messageReplyHeader', replyToMsgId: there })
  assert.deepEqual(reply((await history(alice, alice.peerOf(bob)))[0]), {
    _: 'messageReplyHeader',
    replyToMsgId: first,
  })
  await bob.fails('REPLY_MESSAGE_ID_INVALID', 'messages.sendMessage', {
    peer: bob.peerOf(carol),
    message: 'x',
    replyTo: replyTo(there),
    randomId: 2n,
  })
  await bob.fails('REPLY_MESSAGE_ID_INVALID', 'messages.sendMessage', {
    peer: bob.peerOf(alice),
    message: 'x',
    replyTo: replyTo(999),
    randomId: 3n,
  })
})

test('a quote must stand in the message', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const id = await alice.say(bob, 'so it is and so it was')
  const quoting = (rest: Partial<tl.inputReplyToMessage>, randomId: bigint) =>
    ({ peer: alice.peerOf(bob), message: 'yes', replyTo: replyTo(id, rest), randomId }) as const
  await alice.call(
    'messages.sendMessage',
    quoting(
      {
        quoteText: 'so it',
        quoteOffset: 15,
        quoteEntities: [
          { _: 'messageEntityItalic', offset: 0, length: 2 },
          { _: 'messageEntityUrl', offset: 3, length: 2 },
        ],
      },
      1n,
    ),
  )
  const [got] = await history(bob, bob.peerOf(alice))
  assert.ok(got?.replyTo?._ === 'messageReplyHeader')
  assert.deepEqual([got.replyTo.quote, got.replyTo.quoteText, got.replyTo.quoteOffset], [true, 'so it', 13])
  assert.deepEqual(
    got.replyTo.quoteEntities?.map((e) => e._),
    ['messageEntityItalic'],
  )
  await alice.fails('QUOTE_TEXT_INVALID', 'messages.sendMessage', quoting({ quoteText: 'so is it' }, 2n))
  await alice.fails('QUOTE_TEXT_INVALID', 'messages.sendMessage', quoting({ quoteText: 'x'.repeat(1025) }, 3n))
})

test('a reply to a message of another chat tells what it was, and leads there only who has it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await bob.say(alice, 'said in private')
  const [source] = await history(alice, alice.peerOf(bob))
  const reply = replyTo(source!.id, { replyToPeerId: alice.peerOf(bob) })
  await alice.call('messages.sendMessage', { peer: alice.peerOf(carol), message: 'look', replyTo: reply, randomId: 1n })
  const [mine] = await history(alice, alice.peerOf(carol))
  assert.ok(mine?.replyTo?._ === 'messageReplyHeader')
  assert.deepEqual([mine.replyTo.replyToMsgId, mine.replyTo.replyToPeerId], [source!.id, bob.peerId])
  const [theirs] = await history(carol, carol.peerOf(alice))
  assert.ok(theirs?.replyTo?._ === 'messageReplyHeader')
  assert.deepEqual([theirs.replyTo.replyToMsgId, theirs.replyTo.replyToPeerId], [undefined, undefined])
  assert.equal(theirs.replyTo.quoteText, 'said in private')
  assert.deepEqual(theirs.replyTo.replyFrom?.fromId, bob.peerId)
})

test('who is replied to or named in a group finds it among their mentions', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice, bob, carol)
  const id = await bob.say(group.peer, 'question')
  const [question] = await history(alice, group.peer)
  await alice.call('messages.sendMessage', {
    peer: group.peer,
    message: 'answer',
    replyTo: replyTo(question!.id),
    randomId: 1n,
  })
  const [toBob] = await history(bob, group.peer)
  assert.deepEqual([toBob?.mentioned, toBob?.mediaUnread, (toBob!.replyTo as any).replyToMsgId], [true, true, id])
  const [toCarol] = await history(carol, group.peer)
  assert.equal(toCarol?.mentioned, undefined)
  const name: tl.MessageEntity = {
    _: 'inputMessageEntityMentionName',
    offset: 0,
    length: 5,
    userId: alice.userOf(carol),
  }
  await alice.call('messages.sendMessage', { peer: group.peer, message: 'Carol!', entities: [name], randomId: 2n })
  assert.equal((await history(carol, group.peer))[0]?.mentioned, true)
  assert.equal((await history(bob, group.peer))[0]?.mentioned, undefined)
})
