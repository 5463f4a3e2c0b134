import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { download, uploadDocument } from '../../../test/harness/files.ts'
import { plain, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { byName, FILES, item, makeSet, named, seen } from './test-stickers.ts'

const attributes = (document: tl.Document | undefined) => (document as tl.document).attributes
const alts = ({ documents }: tl.messages_stickerSet) =>
  documents.map(
    (d) => (attributes(d).find((a) => a._ === 'documentAttributeSticker') as tl.documentAttributeSticker).alt,
  )

test('a set has stickers of every format, which others see and fetch', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const tgs = FILES.tgs()
  const made = await makeSet(alice, {
    title: ' Cats ',
    shortName: 'Cats_of_all',
    stickers: [
      await item(alice, await FILES.png(300, 512), { emoji: '😀❤️', keywords: 'happy, smile' }),
      await item(alice, tgs, { emoji: '🐱' }),
      await item(alice, FILES.webm({ w: 512, h: 400 }), { emoji: '😀' }),
    ],
  })
  assert.equal(made.set.creator, true)
  const theirs = await seen(bob, { ...made, set: { ...made.set, shortName: 'cats_OF_all' } as tl.stickerSet })
  const { set, documents } = theirs
  assert.deepEqual([set.title, set.shortName, set.count, set.creator], ['Cats', 'Cats_of_all', 3, undefined])
  assert.notEqual(set.accessHash, made.set.accessHash)
  const [still, animated, video] = documents as tl.document[]
  assert.deepEqual(
    [still!.mimeType, animated!.mimeType, video!.mimeType],
    ['image/webp', 'application/x-tgsticker', 'video/webm'],
  )
  const stickerset = { _: 'inputStickerSetID', id: set.id, accessHash: set.accessHash } as const
  assert.deepEqual(
    plain(attributes(still)),
    plain([
      { _: 'documentAttributeImageSize', w: 300, h: 512 },
      { _: 'documentAttributeSticker', alt: '😀', stickerset },
      { _: 'documentAttributeFilename', fileName: 'sticker.webp' },
    ]),
  )
  assert.deepEqual(plain(attributes(video)[0]), {
    _: 'documentAttributeVideo',
    nosound: true,
    duration: 2,
    w: 512,
    h: 400,
  })
  assert.deepEqual(
    theirs.packs.map((p) => [p.emoticon, p.documents.length]),
    [
      ['😀', 2],
      ['❤', 1],
      ['🐱', 1],
    ],
  )
  assert.deepEqual(
    theirs.keywords.map((k) => k.keyword),
    [['happy', 'smile']],
  )
  const location = { ...named(animated!), _: 'inputDocumentFileLocation', thumbSize: '' } as const
  assert.deepEqual(await download(bob, location), tgs)
  // By its id, and only with what it has not got yet.
  const again = await bob.call('messages.getStickerSet', { stickerset, hash: set.hash })
  assert.equal(again._, 'messages.stickerSetNotModified')
  const strange = { ...stickerset, accessHash: made.set.accessHash }
  await bob.fails('STICKERSET_INVALID', 'messages.getStickerSet', { stickerset: strange, hash: 0 })
  const none = { _: 'inputStickerSetAnimatedEmoji' } as const
  await bob.fails('STICKERSET_INVALID', 'messages.getStickerSet', { stickerset: none, hash: 0 })
  const dice = { _: 'inputStickerSetDice', emoticon: '🎲' } as const
  await bob.fails('EMOTICON_STICKERPACK_MISSING', 'messages.getStickerSet', { stickerset: dice, hash: 0 })
})

test('what is no sticker is refused, and makes no set', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const create = {
    userId: { _: 'inputUserSelf' } as const,
    title: 'Cats',
    shortName: 'cats',
    stickers: [] as tl.InputStickerSetItem[],
  }
  const refused = async (error: string, bytes: Buffer, more: object = {}) => {
    const stickers = [await item(alice, bytes)]
    await alice.fails(error, 'stickers.createStickerSet', { ...create, stickers, ...more })
  }
  await alice.fails('STICKERS_EMPTY', 'stickers.createStickerSet', create)
  const good = await item(alice, await FILES.webp())
  const fails = (error: string, more: object) =>
    alice.fails(error, 'stickers.createStickerSet', { ...create, stickers: [good], ...more })
  await fails('PACK_TITLE_INVALID', { title: ' ' })
  await fails('PACK_TITLE_INVALID', { title: 'x'.repeat(65) })
  for (const shortName of ['', '1cat', 'cat__s', 'cat-s', 'c'.repeat(65)])
    await fails('PACK_SHORT_NAME_INVALID', { shortName })
  await fails('PACK_TYPE_INVALID', { masks: true, emojis: true })
  await fails('STICKER_EMOJI_INVALID', { stickers: [{ ...good, emoji: 'cat' }] })
  await fails('STICKER_EMOJI_INVALID', { stickers: [{ ...good, emoji: '7' }] })
  await fails('STICKER_FILE_INVALID', { stickers: [{ ...good, document: { ...good.document, accessHash: 1n } }] })
  await refused('STICKER_PNG_DIMENSIONS', await FILES.webp(500, 400))
  await refused('STICKER_PNG_DIMENSIONS', await FILES.webp(512, 512), { emojis: true })
  await refused('STICKER_PNG_NOPNG', randomBytes(1000))
  await refused('STICKER_PNG_NOPNG', (await FILES.webp()).subarray(0, 400))
  await refused('STICKER_PNG_NOPNG', FILES.tgs(), { masks: true })
  await refused('STICKER_FILE_INVALID', Buffer.alloc(513 * 1024))
  await refused('STICKER_TGS_NOTGS', FILES.tgsWith({ w: 100, h: 100 }))
  await refused('STICKER_TGS_NOTGS', FILES.tgsWith({ op: 300 }))
  await refused('STICKER_TGS_NOTGS', FILES.tgsWith({ fr: 120 }))
  await refused('STICKER_TGS_NOTGS', FILES.tgsWith({ layers: [] }))
  await refused('STICKER_TGS_NOTGS', FILES.tgsWith({ nm: 'x'.repeat(5 * 1024 * 1024) }))
  await refused('STICKER_VIDEO_NOWEBM', FILES.webm({ codec: 'V_VP8' }))
  await refused('STICKER_VIDEO_NOWEBM', FILES.webm({ audio: true }))
  await refused('STICKER_VIDEO_NOWEBM', FILES.webm({ seconds: 4 }))
  await refused('STICKER_VIDEO_NOWEBM', FILES.webm({ docType: 'matroska' }))
  await refused('STICKER_VIDEO_NOWEBM', FILES.webm().subarray(0, 60))
  await refused('STICKER_GIF_DIMENSIONS', FILES.webm({ w: 200, h: 300 }))
  await refused('STICKER_VIDEO_BIG', Buffer.concat([FILES.webm(), Buffer.alloc(300 * 1024)]))
  assert.equal(await alice.call('stickers.checkShortName', { shortName: 'cats' }), true)
})

test('a set is changed by its owner alone', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = await makeSet(alice, { stickers: [await item(alice, await FILES.webp(), { emoji: '🅰️' })] })
  const stickerset = byName(made)
  const add = async (emoji: string) =>
    alice.call('stickers.addStickerToSet', { stickerset, sticker: await item(alice, FILES.tgs(), { emoji }) })
  await add('🅱️')
  await add('🆎')
  await add('🅾️')
  const four = await seen(bob, made)
  assert.deepEqual(alts(four), ['🅰', '🅱', '🆎', '🅾'])
  assert.deepEqual([four.set.count, four.set.hash === made.set.hash], [4, false])
  const mine = await seen(alice, made)
  const at = (i: number) => named(mine.documents[i]!)
  await alice.call('stickers.changeStickerPosition', { sticker: at(3), position: 0 })
  assert.deepEqual(alts(await seen(bob, made)), ['🅾', '🅰', '🅱', '🆎'])
  await alice.call('stickers.changeStickerPosition', { sticker: at(3), position: 99 })
  await alice.call('stickers.changeSticker', { sticker: at(1), emoji: '🐶🐕', keywords: 'dog' })
  await alice.call('stickers.removeStickerFromSet', { sticker: at(0) })
  const newSticker = await item(alice, await FILES.webp(), { emoji: '🐟' })
  await alice.call('stickers.replaceSticker', { sticker: at(2), newSticker })
  await alice.call('stickers.renameStickerSet', { stickerset, title: 'Pets' })
  const { set, packs, keywords, documents } = await seen(bob, made)
  assert.deepEqual([set.title, set.count], ['Pets', 3])
  assert.deepEqual(alts(await seen(bob, made)), ['🐶', '🐟', '🅾'])
  assert.deepEqual(
    packs.map((p) => p.emoticon),
    ['🐶', '🐕', '🐟', '🅾'],
  )
  assert.deepEqual(
    keywords.map((k) => k.keyword),
    [['dog']],
  )
  // Nobody else may, nor with what is in no set any more.
  const theirs = named(documents[0]!)
  const sticker = await item(bob, await FILES.webp())
  await bob.fails('STICKERSET_INVALID', 'stickers.addStickerToSet', { stickerset, sticker })
  await bob.fails('STICKERSET_INVALID', 'stickers.renameStickerSet', { stickerset, title: 'Mine' })
  await bob.fails('STICKERSET_INVALID', 'stickers.deleteStickerSet', { stickerset })
  await bob.fails('STICKERSET_INVALID', 'stickers.setStickerSetThumb', { stickerset })
  await bob.fails('STICKER_INVALID', 'stickers.removeStickerFromSet', { sticker: theirs })
  await bob.fails('STICKER_INVALID', 'stickers.changeStickerPosition', { sticker: theirs, position: 0 })
  await bob.fails('STICKER_INVALID', 'stickers.changeSticker', { sticker: theirs, emoji: '😀' })
  await bob.fails('STICKER_INVALID', 'stickers.replaceSticker', { sticker: theirs, newSticker: sticker })
  await alice.fails('STICKER_INVALID', 'stickers.removeStickerFromSet', { sticker: at(0) })
})

test('masks have a place on a face, custom emoji a colour', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const maskCoords: tl.maskCoords = { _: 'maskCoords', n: 2, x: 0.5, y: -1, zoom: 2 }
  const masks = await makeSet(alice, { masks: true, stickers: [await item(alice, await FILES.webp(), { maskCoords })] })
  const shown = async () => attributes((await seen(bob, masks)).documents[0])[1] as tl.documentAttributeSticker
  assert.equal((await seen(bob, masks)).set.masks, true)
  assert.deepEqual(plain([(await shown()).mask, (await shown()).maskCoords]), plain([true, maskCoords]))
  const moved = { ...maskCoords, n: 0 }
  await alice.call('stickers.changeSticker', { sticker: named(masks.documents[0]!), maskCoords: moved })
  assert.deepEqual(plain((await shown()).maskCoords), plain(moved))
  const sticker = named(masks.documents[0]!)
  await alice.fails('STICKER_INVALID', 'stickers.changeSticker', { sticker, maskCoords: { ...maskCoords, n: 4 } })

  const emoji = await makeSet(alice, { emojis: true, textColor: true })
  const { set, documents } = await seen(bob, emoji)
  assert.deepEqual([set.emojis, set.textColor], [true, true])
  const attribute = attributes(documents[0])[1] as tl.documentAttributeCustomEmoji
  assert.deepEqual([attribute._, attribute.textColor, attribute.alt], ['documentAttributeCustomEmoji', true, '😀'])
  // One of them stands for the set, until it is taken out.
  const stickerset = byName(emoji)
  await alice.call('stickers.setStickerSetThumb', { stickerset, thumbDocumentId: documents[0]!.id })
  assert.equal((await seen(bob, emoji)).set.thumbDocumentId, documents[0]!.id)
  await alice.call('stickers.removeStickerFromSet', { sticker: named(emoji.documents[0]!) })
  const left = await seen(bob, emoji)
  assert.deepEqual([left.set.thumbDocumentId, left.set.count, left.documents], [undefined, 0, []])
})

test('a thumbnail of its own is fetched by whoever sees the set', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = await makeSet(alice)
  const stickerset = byName(made)
  const bytes = await FILES.webp(100, 100)
  const thumb = named(await uploadDocument(alice, bytes))
  await alice.call('stickers.setStickerSetThumb', { stickerset, thumb })
  const { set } = await seen(bob, made)
  assert.deepEqual(plain(set.thumbs), [{ _: 'photoSize', type: 's', w: 100, h: 100, size: bytes.length }])
  const location = { _: 'inputStickerSetThumb', stickerset, thumbVersion: set.thumbVersion! } as const
  assert.deepEqual(await download(bob, location), bytes)
  const large = named(await uploadDocument(alice, await FILES.webp()))
  await alice.fails('STICKER_THUMB_PNG_NOPNG', 'stickers.setStickerSetThumb', { stickerset, thumb: large })
  const tgs = named(await uploadDocument(alice, FILES.tgsWith({ w: 300, h: 300 })))
  await alice.fails('STICKER_THUMB_TGS_NOTGS', 'stickers.setStickerSetThumb', { stickerset, thumb: tgs })
  await alice.call('stickers.setStickerSetThumb', { stickerset })
  assert.equal((await seen(bob, made)).set.thumbs, undefined)
  await bob.fails('LOCATION_INVALID', 'upload.getFile', { location, offset: 0, limit: 4096 })
})

test('names of sets are checked, suggested, and given once', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await makeSet(alice, { shortName: 'Good_Cats' })
  await bob.fails('SHORT_NAME_INVALID', 'stickers.checkShortName', { shortName: '_cats' })
  await bob.fails('SHORT_NAME_OCCUPIED', 'stickers.checkShortName', { shortName: 'good_cats' })
  const stickers = [await item(bob, await FILES.webp())]
  const again = { userId: { _: 'inputUserSelf' } as const, title: 'Cats', shortName: 'GOOD_CATS', stickers }
  await bob.fails('PACK_SHORT_NAME_OCCUPIED', 'stickers.createStickerSet', again)
  const suggest = async (title: string) => (await bob.call('stickers.suggestShortName', { title })).shortName
  assert.equal(await suggest('Chats à vendre!'), 'Chats_a_vendre')
  const other = await suggest('good cats')
  assert.match(other, /^good_cats_\d+$/)
  assert.equal(await bob.call('stickers.checkShortName', { shortName: other }), true)
  assert.equal(await suggest('Коты'), 'stickers')
  await bob.fails('TITLE_INVALID', 'stickers.suggestShortName', { title: '' })
  const mine = await alice.call('messages.getMyStickers', { offsetId: 0n, limit: 10 })
  assert.deepEqual([mine.count, mine.sets.map((s) => s.set.shortName)], [1, ['Good_Cats']])
  assert.equal((await bob.call('messages.getMyStickers', { offsetId: 0n, limit: 10 })).count, 0)
})

test('a deleted set leaves the lists of those who had it, and its stickers belong to none', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await bob.device()
  const made = await makeSet(alice)
  const stickerset = byName(made)
  const [sticker] = (await seen(bob, made)).documents
  await bob.call('messages.installStickerSet', { stickerset, archived: false })
  await bob.call('messages.faveSticker', { id: named(sticker!), unfave: false })
  await phone.updates()
  await alice.call('stickers.deleteStickerSet', { stickerset })
  await server.clock.advance(1)
  assert.deepEqual(plain(await phone.updatesOf('updateStickerSets')), [{ _: 'updateStickerSets' }])
  const all = await phone.call('messages.getAllStickers', { hash: 0n })
  assert.deepEqual(all._ === 'messages.allStickers' && all.sets, [])
  await bob.fails('STICKERSET_INVALID', 'messages.getStickerSet', { stickerset, hash: 0 })
  const faved = (await phone.call('messages.getFavedStickers', { hash: 0n })) as tl.messages_favedStickers
  const attribute = attributes(faved.stickers[0]).find((a) => a._ === 'documentAttributeSticker')
  assert.equal((attribute as tl.documentAttributeSticker).stickerset._, 'inputStickerSetEmpty')
  assert.equal(await alice.call('stickers.checkShortName', { shortName: made.set.shortName }), true)
})
