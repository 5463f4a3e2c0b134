import assert from 'node:assert/strict'
import { picture, upload } from '../../../test/harness/files.ts'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import { ANTISPAM_ACCOUNT } from '../../domain/antispam.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel } from '../channels/test-channel.ts'

const settings = { limits: { antispamMembers: 4 } }

test('spam of newcomers is deleted in the system’s own name, and an administrator can clear who wrote it', async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const group = await makeChannel('group', alice, bob, carol)
  const on = { channel: group.of(alice), enabled: true }
  await alice.fails('PARTICIPANTS_TOO_FEW', 'channels.toggleAntiSpam', on)
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(dave)] })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.toggleAntiSpam', { channel: group.of(bob), enabled: true })
  await alice.call('channels.toggleAntiSpam', on)
  await alice.fails('CHAT_NOT_MODIFIED', 'channels.toggleAntiSpam', on)
  const full = await bob.call('channels.getFullChannel', { channel: group.of(bob) })
  assert.equal((full.fullChat as tl.channelFull).antispam, true)
  await carol.updates()
  const id = await bob.say(group.peer(bob), 'buy at https://example.com now')
  await carol.updates()
  await server.clock.advance(1)
  const [gone] = await carol.updatesOf('updateDeleteChannelMessages')
  assert.deepEqual(gone?.messages, [id])
  assert.ok(!(await historyOf(carol, group)).some((m) => m.id === id))
  assert.deepEqual((await bob.updatesOf('updateDeleteChannelMessages'))[0]?.messages, [id])
  const log = await alice.call('channels.getAdminLog', {
    channel: group.of(alice),
    q: '',
    eventsFilter: { _: 'channelAdminLogEventsFilter', delete: true },
    maxId: 0n,
    minId: 0n,
    limit: 10,
  })
  assert.equal(log.events[0]!.userId, ANTISPAM_ACCOUNT)
  assert.ok(log.users.some((user) => user.id === ANTISPAM_ACCOUNT))
  // Plain words stay, and so does what administrators say.
  const kept = [
    await bob.say(group.peer(bob), 'good morning'),
    await alice.say(group.peer(alice), 'see https://example.com'),
  ]
  await server.clock.advance(1)
  const unreadOf = async (who: Person) => {
    const peers: tl.InputDialogPeer[] = [{ _: 'inputDialogPeer', peer: group.peer(who) }]
    return ((await who.call('messages.getPeerDialogs', { peers })).dialogs[0] as tl.dialog).unreadCount
  }
  const unread = await unreadOf(dave)
  const wrong = { channel: group.of(alice), msgId: id }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.reportAntiSpamFalsePositive', { ...wrong, channel: group.of(bob) })
  await alice.fails('MESSAGE_ID_INVALID', 'channels.reportAntiSpamFalsePositive', { ...wrong, msgId: kept[0]! })
  await carol.updates()
  await bob.updates()
  await alice.call('channels.reportAntiSpamFalsePositive', wrong)
  // It is there again for everybody, in its author's name.
  const [back] = await carol.updatesOf('updateNewChannelMessage')
  const { message, fromId, entities } = back!.message as tl.message
  assert.deepEqual(
    [message, fromId, entities?.[0]?._],
    ['buy at https://example.com now', bob.peerId, 'messageEntityUrl'],
  )
  assert.equal(((await bob.updatesOf('updateNewChannelMessage'))[0]!.message as tl.message).out, true)
  assert.equal((await historyOf(dave, group))[0]!.id, back!.message.id)
  assert.equal((await unreadOf(dave)) - unread, 1)
  // Once, and it is not taken for spam again.
  await alice.call('channels.reportAntiSpamFalsePositive', wrong)
  await server.clock.advance(1)
  assert.deepEqual(await carol.updates(), [])
  assert.ok((await runCommand(server.app, 'reports', []))[0]!.includes('antispam'))
  const again = await bob.say(group.peer(bob), 'once more https://example.com')
  await server.clock.advance(1)
  const ids = (await historyOf(carol, group)).map((m) => m.id)
  for (const one of [again, ...kept]) assert.ok(ids.includes(one))
})

test('forwards from channels, many names and the same text over and over are spam, links of old members are not', async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const group = await makeChannel('group', alice, bob, carol, dave)
  await alice.call('channels.toggleAntiSpam', { channel: group.of(alice), enabled: true })
  const own = await makeChannel('channel', bob)
  const post = await bob.say(own.peer(bob), 'advertisement')
  await bob.call('messages.forwardMessages', {
    ...{ fromPeer: own.peer(bob), toPeer: group.peer(bob), id: [post], randomId: [5n] },
  })
  await bob.say(group.peer(bob), '@aaaaa @bbbbb @ccccc @ddddd @eeeee')
  await server.clock.advance(1)
  const said = async () => (await historyOf(carol, group)).filter((m) => m._ === 'message').map((m) => m.message)
  assert.deepEqual(await said(), [])
  await server.clock.advance(86_400)
  await bob.say(group.peer(bob), 'https://example.com is where I work')
  for (let i = 0; i < 4; i++) await carol.say(group.peer(carol), 'the very same words')
  await server.clock.advance(1)
  assert.deepEqual(await said(), ['the very same words', 'the very same words', 'https://example.com is where I work'])
})

test('what was deleted comes back with its picture, and what it answered', async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const group = await makeChannel('group', alice, bob, carol, dave)
  await alice.call('channels.toggleAntiSpam', { channel: group.of(alice), enabled: true })
  await alice.call('channels.toggleSlowMode', { channel: group.of(alice), seconds: 60 })
  const question = await carol.say(group.peer(carol), 'where do I find it?')
  await bob.call('messages.sendMedia', {
    ...{ peer: group.peer(bob), message: 'at https://example.com', randomId: 7n },
    media: { _: 'inputMediaUploadedPhoto', file: await upload(bob, await picture(320, 200)) },
    replyTo: { _: 'inputReplyToMessage', replyToMsgId: question },
  })
  const [said] = await historyOf(carol, group)
  const photo = (said!.media as tl.messageMediaPhoto).photo as tl.photo
  await server.clock.advance(1)
  assert.equal((await historyOf(carol, group))[0]!.id, question)
  const wrong = { channel: group.of(alice), msgId: said!.id }
  await alice.call('channels.reportAntiSpamFalsePositive', wrong)
  const [back] = await historyOf(carol, group)
  assert.equal(((back!.media as tl.messageMediaPhoto).photo as tl.photo).id, photo.id)
  assert.equal((back!.replyTo as tl.messageReplyHeader).replyToMsgId, question)
  assert.equal(back!.mentioned, true)
  // Two days later nobody can tell any more what it was.
  const other = await dave.say(group.peer(dave), 'https://example.com')
  await server.clock.advance(1)
  await server.clock.advance(48 * 3600 + 1)
  const before = await historyOf(carol, group)
  await alice.call('channels.reportAntiSpamFalsePositive', { ...wrong, msgId: other })
  assert.deepEqual(await historyOf(carol, group), before)
})
