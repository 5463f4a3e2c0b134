import assert from 'node:assert/strict'
import { uploadDocument } from '../../../test/harness/files.ts'
import { plain, startTestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import type * as tl from '../../tl/gen/types.ts'
import { byName, FILES, item, makeSet } from '../stickers/test-stickers.ts'

test('whoever reads a custom emoji gets its document, and nothing else by its id alone', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const { documents } = await makeSet(alice, { emojis: true })
  const [{ id }] = documents as [tl.document]
  const entities: tl.MessageEntity[] = [{ _: 'messageEntityCustomEmoji', offset: 0, length: 2, documentId: id }]
  await alice.call('messages.sendMessage', { peer: alice.peerOf(bob), message: '😀', entities, randomId: 1n })
  const [told] = await bob.updatesOf('updateNewMessage')
  const [entity] = (told!.message as tl.message).entities!
  const named = (entity as tl.messageEntityCustomEmoji).documentId
  const file = await uploadDocument(alice, Buffer.from('of Alice alone'))
  const found = await bob.call('messages.getCustomEmojiDocuments', { documentId: [file.id, named, 5n] })
  assert.deepEqual(
    found.map((d) => d.id),
    [id],
  )
  const attribute = (found[0] as tl.document).attributes.find((a) => a._ === 'documentAttributeCustomEmoji')
  const { stickerset } = attribute as tl.documentAttributeCustomEmoji
  const set = await bob.call('messages.getStickerSet', { stickerset, hash: 0 })
  assert.equal((set as tl.messages_stickerSet).documents.length, 1)
})

test('sets of custom emoji are installed, featured and searched apart from stickers', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await bob.device()
  const stickers = [await item(alice, FILES.tgs(), { emoji: '🐱' }), await item(alice, FILES.tgs(), { emoji: '🐶' })]
  const pets = await makeSet(alice, { title: 'Pets', emojis: true, stickers })
  const wild = await makeSet(alice, { title: 'Wild', emojis: true, stickers: [stickers[0]!] })
  await makeSet(alice, { title: 'Not emoji', stickers })
  const ids = (set: tl.messages_stickerSet) => set.documents.map((d) => d.id)
  const search = async (emoticon: string, hash = 0n) => bob.call('messages.searchCustomEmoji', { emoticon, hash })
  await bob.call('messages.installStickerSet', { stickerset: byName(wild), archived: false })
  const cats = (await search('🐱')) as tl.emojiList
  assert.deepEqual(cats.documentId, [ids(wild)[0], ids(pets)[0]])
  assert.equal((await search('🐱', cats.hash))._, 'emojiListNotModified')
  await bob.fails('EMOTICON_EMPTY', 'messages.searchCustomEmoji', { emoticon: '', hash: 0n })
  const own = (await phone.call('messages.getEmojiStickers', { hash: 0n })) as tl.messages_allStickers
  assert.deepEqual(
    own.sets.map((set) => set.title),
    ['Wild'],
  )

  await runCommand(server.app, 'stickers feature', [pets.set.shortName])
  const featured = async () =>
    (await phone.call('messages.getFeaturedEmojiStickers', { hash: 0n })) as tl.messages_featuredStickers
  const [shown] = (await featured()).sets
  assert.ok(shown?._ === 'stickerSetFullCovered' && shown.set.title === 'Pets')
  assert.deepEqual([shown.documents.length, (await featured()).unread], [2, [pets.set.id]])
  await phone.updates()
  await bob.call('messages.readFeaturedStickers', { id: [pets.set.id] })
  assert.deepEqual(plain(await phone.updatesOf('updateReadFeaturedEmojiStickers')), [
    { _: 'updateReadFeaturedEmojiStickers' },
  ])
  assert.deepEqual((await featured()).unread, [])
})
