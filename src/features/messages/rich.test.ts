import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { picture, uploadPhoto } from '../../../test/harness/files.ts'
import { startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import type { Person } from '../../../test/harness/person.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'

const rid = () => randomBytes(8).readBigInt64LE()
const plain = (text: string): tl.textPlain => ({ _: 'textPlain', text })
const EMPTY: tl.textEmpty = { _: 'textEmpty' }
const NO_CAPTION: tl.pageCaption = { _: 'pageCaption', text: EMPTY, credit: EMPTY }
const paragraph = (text: string): tl.PageBlock => ({ _: 'pageBlockParagraph', text: plain(text) })
const blocks = (...list: tl.PageBlock[]): tl.inputRichMessage => ({ _: 'inputRichMessage', blocks: list })
const html = (text: string, rest: Partial<tl.inputRichMessageHTML> = {}): tl.inputRichMessageHTML => {
  return { _: 'inputRichMessageHTML', html: text, ...rest }
}
const markdown = (text: string): tl.inputRichMessageMarkdown => ({ _: 'inputRichMessageMarkdown', markdown: text })

/** What people without Premium may not. */
async function premium(server: TestServer, ...people: Person[]): Promise<void> {
  const ids = people.map((one) => one.id)
  await server.app.store.transact((trx) => trx.updateTable('user').set({ premium: 1 }).where('id', 'in', ids).execute())
}

function send(from: Person, peer: tl.InputPeer, richMessage: tl.InputRichMessage) {
  return from.call('messages.sendMessage', { peer, message: '', richMessage, randomId: rid() })
}

/** The id that its sender's copy got. */
const sentId = (updates: tl.Updates): number =>
  (updates as tl.updates).updates.find((one) => one._ === 'updateMessageID')!.id

test('a rich message of blocks is what the other side reads, and older clients read its text', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await premium(server, alice)
  const old = await bob.device(198)
  const list: tl.PageBlock = {
    _: 'pageBlockList',
    items: [{ _: 'pageListItemText', checkbox: true, text: plain('milk') }],
  }
  const given = blocks({ _: 'pageBlockHeading1', text: plain('Shopping') }, list, paragraph('at https://example.com'))
  await send(alice, alice.peerOf(bob), given)
  const [update] = await bob.updatesOf('updateNewMessage')
  const message = update!.message as tl.message
  assert.equal(message.message, '')
  assert.equal(message.media, undefined)
  assert.deepEqual(message.richMessage, {
    _: 'richMessage',
    blocks: [
      { _: 'pageBlockHeading1', text: plain('Shopping') },
      list,
      {
        _: 'pageBlockParagraph',
        text: {
          _: 'textConcat',
          texts: [plain('at '), { _: 'textAutoUrl', text: plain('https://example.com') }],
        },
      },
    ],
    photos: [],
    documents: [],
  })
  const [seen] = await old.updatesOf('updateNewMessage')
  assert.equal((seen!.message as tl.message).message, 'Shopping\n☐ milk\nat https://example.com')
  // It is found by what it says, and among links.
  const search = { q: 'milk', filter: { _: 'inputMessagesFilterEmpty' as const }, ...NONE }
  const found = await bob.call('messages.search', { peer: bob.peerOf(alice), ...search })
  assert.deepEqual(
    (found as tl.messages_messages).messages.map((one) => one.id),
    [message.id],
  )
  const links = { ...search, q: '', filter: { _: 'inputMessagesFilterUrl' as const } }
  assert.equal(
    ((await bob.call('messages.search', { peer: bob.peerOf(alice), ...links })) as tl.messages_messages).messages
      .length,
    1,
  )
})

const NONE = { minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n }

test('HTML and Markdown become the same blocks, with photos that came along', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await premium(server, alice)
  const photo = await uploadPhoto(alice, await picture(300, 200))
  const files: tl.InputRichFile[] = [
    {
      _: 'inputRichFilePhoto',
      id: 'cat',
      photo: { _: 'inputPhoto', id: photo.id, accessHash: photo.accessHash, fileReference: photo.fileReference },
    },
  ]
  await send(
    alice,
    alice.peerOf(bob),
    html(
      '<h2>Cats</h2><p>are <b>soft</b></p><figure><img src="tg://photo?id=cat"/><figcaption>one</figcaption></figure>',
      {
        files,
      },
    ),
  )
  await send(alice, alice.peerOf(bob), {
    ...markdown('## Cats\n\nare **soft**\n\n![](tg://photo?id=cat "one")'),
    files,
  })
  const [first, second] = (await bob.updatesOf('updateNewMessage')).map((u) => (u.message as tl.message).richMessage!)
  assert.deepEqual(first!.blocks, [
    { _: 'pageBlockHeading2', text: plain('Cats') },
    {
      _: 'pageBlockParagraph',
      text: { _: 'textConcat', texts: [plain('are '), { _: 'textBold', text: plain('soft') }] },
    },
    { _: 'pageBlockPhoto', photoId: photo.id, caption: { ...NO_CAPTION, text: plain('one') } },
  ])
  assert.deepEqual(second!.blocks, first!.blocks)
  const shown = first!.photos[0] as tl.photo
  assert.equal(shown.id, photo.id)
  // Bob's own name of the photo opens it.
  assert.notEqual(shown.accessHash, photo.accessHash)
  const location = { _: 'inputPhotoFileLocation' as const, thumbSize: (shown.sizes.at(-1) as tl.photoSize).type }
  const { id, accessHash, fileReference } = shown
  const file = await bob.call('upload.getFile', {
    location: { ...location, id, accessHash, fileReference },
    offset: 0,
    limit: 4096,
  })
  assert.equal(file._, 'upload.file')
})

test('what is too much, too deep, empty or not allowed is refused, each by its own name', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const fails = (error: string, richMessage: tl.InputRichMessage) =>
    alice.fails(error, 'messages.sendMessage', { peer, message: '', richMessage, randomId: rid() })
  await fails('RICH_MESSAGE_UNSUPPORTED', blocks(paragraph('x')))
  await premium(server, alice)
  await fails('RICH_MESSAGE_EMPTY', blocks())
  await fails('RICH_MESSAGE_EMPTY', blocks(paragraph(' '), { _: 'pageBlockDivider' }))
  await fails('RICH_MESSAGE_TEXT_TOO_LONG', blocks(paragraph('x'.repeat(32_769))))
  await fails('RICH_MESSAGE_TEXT_TOO_LONG', html('x'.repeat(100_000)))
  await fails('RICH_MESSAGE_BLOCKS_TOO_MANY', markdown('x\n\n'.repeat(501)))
  await fails('RICH_MESSAGE_DEPTH_INVALID', markdown(`${'> '.repeat(17)}x`))
  await fails('RICH_MESSAGE_TABLE_COLS_TOO_MANY', markdown(`${'|a'.repeat(21)}|\n${'|-'.repeat(21)}|`))
  await fails('RICH_MESSAGE_URL_INVALID', markdown('[x](notes.md)'))
  await fails('RICH_MESSAGE_EMAIL_INVALID', markdown('[x](mailto:a:b@c)'))
  await fails('RICH_MESSAGE_EMOJI_INVALID', html('<tg-emoji emoji-id="5">word</tg-emoji>'))
  await fails('RICH_MESSAGE_PHOTO_INVALID', html('<img src="tg://photo?id=none"/>'))
  await fails('RICH_MESSAGE_PHOTO_NO_MEDIA_FOUND', html('<img src="http://127.0.0.1:9/cat.jpg"/>'))
  await fails('RICH_MESSAGE_MEDIA_TOO_MANY', html('<tg-map lat="1" long="2"/>'.repeat(51)))
  await fails('RICH_MESSAGE_CONTENT_REQUIRED', blocks({ _: 'pageBlockList', items: [] }))
  await fails('RICH_MESSAGE_TOO_LARGE', html('a<br>'.repeat(17_000)))
  await fails('RICH_VALIDATE_CTOR_NOT_ALLOWED', blocks({ _: 'pageBlockTitle', text: plain('x') }))
  await fails('RICH_VALIDATE_CTOR_NOT_ALLOWED', blocks({ _: 'pageBlockThinking', text: plain('x') }))
  const auto: tl.PageBlock = { _: 'pageBlockParagraph', text: { _: 'textHashtag', text: plain('#x') } }
  await fails('RICH_VALIDATE_CTOR_NOT_ALLOWED', blocks(auto))
  await fails('DOCUMENT_INVALID', blocks({ _: 'pageBlockAudio', audioId: 5n, caption: NO_CAPTION }))
  await fails('RICH_MESSAGE_CONTENT_REQUIRED', html('<tg-map lat="91" long="2"/>'))
  assert.deepEqual(await bob.updates(), [])
  // What is just not too much.
  await send(alice, peer, markdown(`${'> '.repeat(16)}x`))
  await send(alice, peer, blocks(...Array.from({ length: 500 }, () => paragraph('x'))))
  await send(alice, peer, blocks(paragraph('😀'.repeat(32_768))))
  assert.equal((await bob.updatesOf('updateNewMessage')).length, 3)
})

test('of a long one a part comes along, and the whole when it is asked for', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await premium(server, alice)
  const given = Array.from({ length: 120 }, (_, i) => paragraph(`line ${i}`))
  await send(alice, alice.peerOf(bob), blocks(...given))
  const [update] = await bob.updatesOf('updateNewMessage')
  const { id, richMessage } = update!.message as tl.message
  assert.equal(richMessage!.part, true)
  assert.deepEqual(richMessage!.blocks, given.slice(0, 100))
  const peer = bob.peerOf(alice)
  const whole = (await bob.call('messages.getRichMessage', { peer, id })) as tl.messages_messages
  const message = whole.messages[0] as tl.message
  assert.equal(message.id, id)
  assert.equal(message.richMessage!.part, undefined)
  assert.deepEqual(message.richMessage!.blocks, given)
  await bob.fails('MESSAGE_ID_INVALID', 'messages.getRichMessage', { peer, id: await bob.say(alice, 'plain') })
  await bob.fails('MESSAGE_ID_INVALID', 'messages.getRichMessage', { peer, id: 99_999 })
})

test('a text becomes rich and plain again by edits; the other side is told each time', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await premium(server, alice)
  const peer = alice.peerOf(bob)
  const { id } = (await alice.call('messages.sendMessage', {
    peer,
    message: 'text',
    randomId: rid(),
  })) as tl.updateShortSentMessage
  await bob.updates()
  const seen = async () => (await bob.updatesOf('updateEditMessage')).map((u) => u.message as tl.message)
  await alice.call('messages.editMessage', { peer, id, richMessage: blocks(paragraph('rich')) })
  const [rich] = await seen()
  assert.equal(rich!.message, '')
  assert.deepEqual(rich!.richMessage!.blocks, [paragraph('rich')])
  await alice.fails('MESSAGE_NOT_MODIFIED', 'messages.editMessage', {
    peer,
    id,
    richMessage: blocks(paragraph('rich')),
  })
  const edit = (await alice.call('messages.getMessageEditData', { peer, id })) as tl.messages_messageEditData
  assert.equal(edit.caption, undefined)
  await alice.call('messages.editMessage', { peer, id, message: 'text again' })
  const [text] = await seen()
  assert.equal(text!.message, 'text again')
  assert.equal(text!.richMessage, undefined)
  const search = { q: 'rich', filter: { _: 'inputMessagesFilterEmpty' as const }, ...NONE }
  const found = await bob.call('messages.search', { peer: bob.peerOf(alice), ...search })
  assert.deepEqual((found as tl.messages_messages).messages, [])
})

test('rich messages are forwarded, quoted and scheduled like others', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await premium(server, alice)
  const sent = await send(alice, alice.peerOf(bob), blocks(paragraph('to be quoted')))
  await bob.updates()
  const id = sentId(sent)
  await alice.call('messages.forwardMessages', {
    fromPeer: alice.peerOf(bob),
    id: [id],
    randomId: [rid()],
    toPeer: alice.peerOf(carol),
  })
  const [forwarded] = (await carol.updatesOf('updateNewMessage')).map((u) => u.message as tl.message)
  assert.deepEqual(forwarded!.richMessage!.blocks, [paragraph('to be quoted')])
  assert.deepEqual(forwarded!.fwdFrom!.fromId, alice.peerId)
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: id, quoteText: 'be quoted' }
  await alice.call('messages.sendMessage', { peer: alice.peerOf(bob), message: 'hm', replyTo, randomId: rid() })
  const [reply] = (await bob.updatesOf('updateNewMessage')).map((u) => u.message as tl.message)
  assert.equal((reply!.replyTo as tl.messageReplyHeader).quoteText, 'be quoted')

  const peer = alice.peerOf(bob)
  const scheduleDate = server.clock.now() / 1000 + 3600
  const later = { peer, message: '', randomId: rid(), scheduleDate: Math.floor(scheduleDate) }
  const queued = await alice.call('messages.sendMessage', { ...later, richMessage: blocks(paragraph('later')) })
  const waiting = (queued as tl.updates).updates.find((u) => u._ === 'updateNewScheduledMessage')!.message as tl.message
  assert.deepEqual(waiting.richMessage!.blocks, [paragraph('later')])
  const change = { peer, id: waiting.id, scheduleDate: later.scheduleDate }
  await alice.call('messages.editMessage', { ...change, richMessage: blocks(paragraph('much later')) })
  await server.clock.advance(3601)
  const [due] = (await bob.updatesOf('updateNewMessage')).map((u) => u.message as tl.message)
  assert.deepEqual(due!.richMessage!.blocks, [paragraph('much later')])
})

test('in a group rich messages need the rights of what is in them, and name people', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await premium(server, bob)
  const made = (await alice.call('messages.createChat', { title: 'Group', users: [alice.userOf(bob)] })).updates
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId: (made as tl.updates).chats[0]!.id }
  await alice.updates()
  const naming: tl.PageBlock = {
    _: 'pageBlockParagraph',
    text: { _: 'textMentionName', text: plain('you'), userId: alice.id },
  }
  await send(bob, peer, { ...blocks(naming), users: [bob.userOf(alice)] })
  // Nobody is named by a number alone.
  await send(bob, peer, blocks(naming))
  const [named, bare] = (await alice.updatesOf('updateNewMessage')).map((u) => u.message as tl.message)
  assert.equal(named!.mentioned, true)
  assert.deepEqual(named!.richMessage!.blocks, [naming])
  assert.equal(bare!.mentioned, undefined)
  assert.deepEqual(bare!.richMessage!.blocks, [paragraph('you')])
  const bannedRights: tl.chatBannedRights = { _: 'chatBannedRights', sendPhotos: true, untilDate: 0 }
  await alice.call('messages.editChatDefaultBannedRights', { peer, bannedRights })
  const { id, accessHash, fileReference } = await uploadPhoto(bob, await picture(100, 100))
  const photos: tl.InputPhoto[] = [{ _: 'inputPhoto', id, accessHash, fileReference }]
  const shown: tl.PageBlock = { _: 'pageBlockPhoto', photoId: id, caption: NO_CAPTION }
  const withPhoto = { ...blocks(shown), photos }
  await bob.fails('CHAT_SEND_PHOTOS_FORBIDDEN', 'messages.sendMessage', {
    ...{ peer, message: '', randomId: rid() },
    richMessage: withPhoto,
  })
  await send(bob, peer, blocks(paragraph('no photo')))
})

test('a rich post with a photo is the same for all members of a channel, each opens the photo', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await premium(server, alice)
  const channel = await makeChannel('channel', alice, bob, carol)
  for (const one of [bob, carol]) await one.updates()
  const { id, accessHash, fileReference } = await uploadPhoto(alice, await picture(100, 100))
  const photos: tl.InputPhoto[] = [{ _: 'inputPhoto', id, accessHash, fileReference }]
  const shown: tl.PageBlock = { _: 'pageBlockPhoto', photoId: id, caption: { ...NO_CAPTION, text: plain('see') } }
  await send(alice, channel.peer(alice), { ...blocks(shown), photos })
  for (const one of [bob, carol]) {
    const [update] = await one.updatesOf('updateNewChannelMessage')
    const { richMessage } = update!.message as tl.message
    assert.deepEqual(richMessage!.blocks, [shown])
    const photo = richMessage!.photos[0] as tl.photo
    const location = { _: 'inputPhotoFileLocation' as const, thumbSize: (photo.sizes.at(-1) as tl.photoSize).type }
    const named = { id: photo.id, accessHash: photo.accessHash, fileReference: photo.fileReference }
    const ask = { location: { ...location, ...named }, offset: 0, limit: 4096 }
    assert.equal((await one.call('upload.getFile', ask))._, 'upload.file')
    const search = { q: '', filter: { _: 'inputMessagesFilterPhotos' as const }, ...NONE }
    const found = await one.call('messages.search', { peer: channel.peer(one), ...search })
    assert.equal((found as tl.messages_channelMessages).messages.length, 1)
  }
})
