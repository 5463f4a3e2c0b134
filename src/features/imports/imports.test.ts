import assert from 'node:assert/strict'
import { picture, upload } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type { Person } from '../../../test/harness/person.ts'
import type * as tl from '../../tl/gen/types.ts'

const CHAT = [
  '12/30/20, 9:05 PM - Messages and calls are end-to-end encrypted.',
  '12/30/20, 9:06 PM - Ann: Hello https://example.com',
  '12/31/20, 12:01 AM - Ben: IMG-1.jpg (file attached)',
  'a caption',
  '12/31/20, 12:02 AM - Ben: IMG-2.jpg (file attached)',
].join('\n')
const at = (text: string) => Date.parse(text) / 1000

async function befriend(a: Person, b: Person): Promise<void> {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    await one.call('contacts.addContact', {
      id: one.userOf(other),
      firstName: other.firstName,
      lastName: '',
      phone: '',
    })
  }
}

const history = async (who: Person, peer: tl.InputPeer, limit = 100) => {
  const range = { offsetId: 0, offsetDate: 0, addOffset: 0, limit, maxId: 0, minId: 0, hash: 0n }
  return ((await who.call('messages.getHistory', { peer, ...range })) as tl.messages_messages).messages as tl.message[]
}

async function begin(who: Person, peer: tl.InputPeer, text: string, mediaCount = 0): Promise<bigint> {
  const file = await upload(who, Buffer.from(text), { name: '_chat.txt' })
  return (await who.call('messages.initHistoryImport', { peer, file, mediaCount })).id
}

test('an export is recognised by its beginning', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const parsed = await alice.call('messages.checkHistoryImport', { importHead: CHAT })
  assert.deepEqual([parsed.pm, parsed.group ?? false], [true, false])
  const group = await alice.call('messages.checkHistoryImport', {
    importHead: '[LINE] Chat history in Trip\nSaved on: x\n',
  })
  assert.deepEqual([group.group, group.title], [true, 'Trip'])
  await alice.fails('IMPORT_FORMAT_UNRECOGNIZED', 'messages.checkHistoryImport', { importHead: 'hello' })
})

test('a history comes into a chat with a mutual contact, with its files, names and dates', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  await alice.fails('USER_NOT_MUTUAL_CONTACT', 'messages.checkHistoryImportPeer', { peer })
  await alice.fails('PEER_ID_INVALID', 'messages.checkHistoryImportPeer', { peer: { _: 'inputPeerSelf' } })
  await befriend(alice, bob)
  assert.match((await alice.call('messages.checkHistoryImportPeer', { peer })).confirmText, /Bob/)

  const importId = await begin(alice, peer, CHAT, 1)
  const uploadMedia = async (fileName: string, id = importId) => ({
    peer,
    importId: id,
    fileName,
    media: {
      _: 'inputMediaUploadedPhoto' as const,
      file: await upload(alice, await picture(200, 100), { name: fileName }),
    },
  })
  const media = await alice.call('messages.uploadImportedMedia', await uploadMedia('IMG-1.jpg'))
  assert.equal(media._, 'messageMediaPhoto')
  // One file was announced.
  await alice.fails('MEDIA_INVALID', 'messages.uploadImportedMedia', await uploadMedia('IMG-2.jpg'))
  await alice.fails('IMPORT_ID_INVALID', 'messages.uploadImportedMedia', await uploadMedia('IMG-1.jpg', importId + 1n))
  await bob.fails('IMPORT_ID_INVALID', 'messages.startHistoryImport', { peer: bob.peerOf(alice), importId })

  await bob.updates()
  assert.equal(await alice.call('messages.startHistoryImport', { peer, importId }), true)
  await alice.fails('IMPORT_ID_INVALID', 'messages.startHistoryImport', { peer, importId })
  await alice.fails('PREVIOUS_CHAT_IMPORT_ACTIVE_WAIT_10MIN', 'messages.initHistoryImport', {
    ...{ peer, file: await upload(alice, Buffer.from(CHAT)), mediaCount: 0 },
  })
  await server.clock.advance(2)
  const typing = (await bob.updates()).filter((u) => u._ === 'updateUserTyping')
  assert.deepEqual(
    typing.map((u) => [u.action._, u.action.progress]),
    [['sendMessageHistoryImportAction', 100]],
  )
  const messages = (await history(bob, bob.peerOf(alice))).filter((m) => m._ === 'message').reverse()
  assert.deepEqual(
    messages.map((m) => [m.message, m.media?._, m.fwdFrom?.imported, m.fwdFrom?.fromName, m.fwdFrom?.date]),
    [
      ['Hello https://example.com', undefined, true, 'Ann', at('2020-12-30T21:06:00Z')],
      ['a caption', 'messageMediaPhoto', true, 'Ben', at('2020-12-31T00:01:00Z')],
      ['IMG-2.jpg (file attached)', undefined, true, 'Ben', at('2020-12-31T00:02:00Z')],
    ],
  )
  assert.equal(messages[0]!.entities?.[0]?._, 'messageEntityUrl')
  // It is over: another can begin.
  await begin(alice, peer, CHAT)
})

test('a long history comes in parts, into a group that its importer administers', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = await alice.call('messages.createChat', { users: [alice.userOf(bob)], title: 'Group' })
  const { id } = ((made as tl.messages_invitedUsers).updates as tl.updates).chats[0] as tl.chat
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId: Number(id) }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.checkHistoryImportPeer', { peer })
  const lines = Array.from({ length: 450 }, (_, i) => `${String(i % 60).padStart(2, '0')}:00\tAnn\tmessage ${i}`)
  const text = `[LINE] Chat history in Trip\nSaved on: x\n\n2021.01.27 Wednesday\n${lines.join('\n').replace(/^(\d\d)/gm, '12')}`
  const importId = await begin(alice, peer, text)
  await alice.call('messages.startHistoryImport', { peer, importId })
  const progress: number[] = []
  for (let i = 0; i < 4; i++) {
    await server.clock.advance(1)
    for (const u of await bob.updates()) if (u._ === 'updateChatUserTyping') progress.push(u.action.progress)
  }
  assert.deepEqual(progress, [44, 88, 100])
  const count = await bob.call('messages.search', {
    ...{ peer, q: 'message', filter: { _: 'inputMessagesFilterEmpty' }, minDate: 0, maxDate: 0, offsetId: 0 },
    ...{ addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: 0n },
  })
  assert.equal((count as tl.messages_messagesSlice).count, 450)
  const [last] = await history(bob, peer, 1)
  assert.equal(last!.message, 'message 449')
})

test('what is no export is refused, and what is not started is dropped', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await befriend(alice, bob)
  const peer = alice.peerOf(bob)
  const init = async (text: string, mediaCount = 0) => ({
    peer,
    file: await upload(alice, Buffer.from(text)),
    mediaCount,
  })
  await alice.fails('IMPORT_FORMAT_UNRECOGNIZED', 'messages.initHistoryImport', await init('hello'))
  await alice.fails('IMPORT_FORMAT_DATE_INVALID', 'messages.initHistoryImport', await init('31/31/20, 10:00 - A: x'))
  await alice.fails('IMPORT_FILE_INVALID', 'messages.initHistoryImport', await init(CHAT, -1))
  await alice.fails('IMPORT_FILE_INVALID', 'messages.initHistoryImport', {
    ...{ peer, file: { _: 'inputFile', id: 5n, parts: 1, name: 'x', md5Checksum: '' }, mediaCount: 0 },
  })
  const importId = await begin(alice, peer, CHAT)
  await server.clock.advance(2 * 86_400)
  await alice.fails('IMPORT_ID_INVALID', 'messages.startHistoryImport', { peer, importId })
})
