import assert from 'node:assert/strict'
import { picture, upload } from '../../../test/harness/files.ts'
import { type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import { dhCreate } from '../../mtproto/dh.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'

/** What the operator sees, without the dates. */
const listed = async (server: TestServer) =>
  (await runCommand(server.app, 'reports', [])).map((line) => line.split('\t').slice(1))
const option = (text: string) => Buffer.from(text)
const none = new Uint8Array(0)

/** Bob's message to Alice, as Alice knows it. */
async function received(alice: Person, bob: Person, text: string): Promise<number> {
  await bob.say(alice, text)
  const found = await alice.call('messages.getHistory', {
    ...{ peer: alice.peerOf(bob), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: 0n },
  })
  return (found as tl.messages_messages).messages[0]!.id
}

test('a message is reported step by step, and the operator sees what it said', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  assert.deepEqual(await runCommand(server.app, 'reports', []), ['no reports'])
  const id = await received(alice, bob, 'buy\tmy weapons')
  const report = (chosen: Uint8Array, message = '') => ({ peer: alice.peerOf(bob), id: [id], option: chosen, message })
  const first = await alice.call('messages.report', report(none))
  assert.ok(first._ === 'reportResultChooseOption')
  const goods = first.options.find((o) => o.text === 'Illegal goods and services')!
  const second = await alice.call('messages.report', report(goods.option))
  assert.ok(second._ === 'reportResultChooseOption' && second.title === goods.text)
  const weapons = second.options.find((o) => o.text === 'Weapons')!
  const third = await alice.call('messages.report', report(weapons.option))
  assert.ok(third._ === 'reportResultAddComment' && third.optional)
  const done = await alice.call('messages.report', report(third.option, 'look at this'))
  assert.deepEqual(done, { _: 'reportResultReported' })
  // Without a comment, and again: the same report.
  assert.deepEqual(await alice.call('messages.report', report(third.option)), { _: 'reportResultReported' })
  const bobs = String(bob.id)
  assert.deepEqual(await listed(server), [
    [String(alice.id), 'messages', bobs, 'goods/weapons', String(id), '', 'buy my weapons'],
  ])

  const other = await alice.call('messages.report', report(option('other')))
  assert.ok(other._ === 'reportResultAddComment' && !other.optional)
  await alice.fails('MESSAGE_REQUIRED', 'messages.report', report(other.option))
  await alice.fails('OPTION_INVALID', 'messages.report', report(option('nonsense')))
  await alice.fails('OPTION_INVALID', 'messages.report', report(option('violence#')))
  await alice.fails('OPTION_INVALID', 'messages.report', report(option('constructor')))
  await alice.fails('MESSAGE_ID_INVALID', 'messages.report', { ...report(none), id: [id + 100] })
  await alice.fails('MESSAGE_ID_INVALID', 'messages.report', { ...report(none), id: [] })
})

test('a stranger is reported as spam from the bar, which goes on every device', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  await bob.say(alice, 'free money')
  const settings = async () => (await alice.call('messages.getPeerSettings', { peer: alice.peerOf(bob) })).settings
  assert.equal((await settings()).reportSpam, true)
  await phone.updates()
  assert.equal(await alice.call('messages.reportSpam', { peer: alice.peerOf(bob) }), true)
  assert.equal((await settings()).reportSpam, undefined)
  assert.deepEqual(
    (await phone.updatesOf('updatePeerSettings')).map((u) => u.settings),
    [{ _: 'peerSettings' }],
  )
  assert.deepEqual(await listed(server), [[String(alice.id), 'spam', String(bob.id), '', '', '', '']])
  await alice.fails('PEER_ID_INVALID', 'messages.reportSpam', { peer: { _: 'inputPeerSelf' } })
})

test('accounts, groups, photos and secret chats are reported with a reason', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const reason: tl.ReportReason = { _: 'inputReportReasonChildAbuse' }
  await alice.call('account.reportPeer', { peer: alice.peerOf(bob), reason, message: 'his name' })
  await alice.fails('PEER_ID_INVALID', 'account.reportPeer', { peer: { _: 'inputPeerSelf' }, reason, message: '' })

  const made = await bob.call('messages.createChat', { title: 'Group', users: [bob.userOf(alice)] })
  const chat = (made.updates as tl.updates).chats[0]!
  const group: tl.InputPeer = { _: 'inputPeerChat', chatId: chat.id }
  await alice.call('account.reportPeer', { peer: group, reason: { _: 'inputReportReasonSpam' }, message: '' })

  const file = await upload(bob, await picture(200, 200), { name: 'me.jpg' })
  await bob.call('photos.uploadProfilePhoto', { file })
  const photos = await alice.call('photos.getUserPhotos', { userId: alice.userOf(bob), offset: 0, maxId: 0n, limit: 1 })
  const shown = photos.photos[0] as tl.photo
  const { id, fileReference } = shown
  const photoId: tl.inputPhoto = { _: 'inputPhoto', id, accessHash: shown.accessHash, fileReference }
  await alice.call('account.reportProfilePhoto', { peer: alice.peerOf(bob), photoId, reason, message: '' })
  const wrong = { ...photoId, accessHash: shown.accessHash + 1n }
  const photo = { peer: alice.peerOf(bob), reason, message: '' }
  await alice.fails('PHOTO_ID_INVALID', 'account.reportProfilePhoto', { ...photo, photoId: wrong })

  await bob.updates()
  await alice.call('messages.requestEncryption', { userId: alice.userOf(bob), randomId: 5, gA: dhCreate().power })
  const [asked] = await bob.updatesOf('updateEncryption')
  const { accessHash: hash } = asked!.chat as tl.encryptedChatRequested
  const peer = { _: 'inputEncryptedChat' as const, chatId: 5, accessHash: hash }
  await bob.call('messages.acceptEncryption', { peer, gB: dhCreate().power, keyFingerprint: 1n })
  await bob.call('messages.reportEncryptedSpam', { peer })
  await bob.fails('CHAT_ID_INVALID', 'messages.reportEncryptedSpam', { peer: { ...peer, accessHash: 1n } })
  // Who sends it may end the chat before they are reported, or never get an answer.
  await alice.call('messages.requestEncryption', { userId: alice.userOf(bob), randomId: 6, gA: dhCreate().power })
  await alice.call('messages.discardEncryption', { chatId: 5 })
  await bob.call('messages.reportEncryptedSpam', { peer })
  const [unanswered] = await bob.updatesOf('updateEncryption')
  const { id: chatId, accessHash } = unanswered!.chat as tl.encryptedChatRequested
  await bob.call('messages.reportEncryptedSpam', { peer: { _: 'inputEncryptedChat', chatId, accessHash } })

  assert.deepEqual(
    (await listed(server)).map((row) => row.slice(0, 4)).sort(),
    [
      [String(alice.id), 'peer', String(bob.id), 'ChildAbuse'],
      [String(alice.id), 'peer', String(-chat.id), 'Spam'],
      [String(alice.id), 'photo', String(bob.id), 'ChildAbuse'],
      [String(bob.id), 'secret', String(alice.id), ''],
      [String(bob.id), 'secret', String(alice.id), ''],
    ].sort(),
  )
})

test('an administrator of a supergroup reports what one participant wrote there', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  await bob.say(group.peer(bob), 'buy now')
  const [got] = await carol.updatesOf('updateNewChannelMessage')
  const report = { channel: group.of(alice), participant: alice.peerOf(bob), id: [got!.message.id] }
  await alice.call('channels.reportSpam', report)
  await alice.fails('MSG_ID_INVALID', 'channels.reportSpam', { ...report, participant: alice.peerOf(carol) })
  const hers = { ...report, channel: group.of(carol), participant: carol.peerOf(bob) }
  await carol.fails('CHAT_ADMIN_REQUIRED', 'channels.reportSpam', hers)
  // Any administrator may, whatever else they may do.
  const adminRights: tl.chatAdminRights = { _: 'chatAdminRights', inviteUsers: true }
  await alice.call('channels.editAdmin', {
    ...{ channel: group.of(alice), userId: alice.userOf(carol), adminRights, rank: '' },
  })
  await carol.call('channels.reportSpam', hers)
  const [line, other, ...more] = await listed(server)
  assert.deepEqual(more, [])
  assert.equal(other![0], String(carol.id))
  assert.deepEqual(
    [line![1], line![2], line![4], line![6]],
    ['member', String(bob.id), String(got!.message.id), 'buy now'],
  )
})
