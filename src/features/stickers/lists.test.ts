import assert from 'node:assert/strict'
import { picture, upload, uploadDocument } from '../../../test/harness/files.ts'
import { type Device, type Person, plain, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { byName, FILES, item, makeSet, named, seen } from './test-stickers.ts'

type Caller = Pick<Person | Device, 'call'>

async function all(who: Caller, hash = 0n): Promise<string[] | undefined> {
  const answer = await who.call('messages.getAllStickers', { hash })
  return answer._ === 'messages.allStickers' ? answer.sets.map((set) => set.title) : undefined
}

async function archived(who: Caller, more: object = {}): Promise<string[]> {
  const answer = await who.call('messages.getArchivedStickers', { offsetId: 0n, limit: 100, ...more })
  return answer.sets.map((covered) => covered.set.title)
}

const install = (who: Caller, set: tl.messages_stickerSet, into = false) =>
  who.call('messages.installStickerSet', { stickerset: byName(set), archived: into })

test('an installed set shows on every device, on top, with a hash by which it is not sent twice', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await bob.device()
  const [cats, dogs] = [await makeSet(alice, { title: 'Cats' }), await makeSet(alice, { title: 'Dogs' })]
  await install(bob, cats)
  await install(bob, dogs)
  await install(bob, dogs)
  const told = await phone.updatesOf('updateNewStickerSet')
  assert.deepEqual(
    told.map((u) => (u.stickerset as tl.messages_stickerSet).set.title),
    ['Cats', 'Dogs'],
  )
  const sent = (told[0]!.stickerset as tl.messages_stickerSet).set
  assert.deepEqual([sent.installedDate !== undefined, sent.creator], [true, undefined])
  assert.deepEqual(await all(phone), ['Dogs', 'Cats'])
  const { hash } = (await phone.call('messages.getAllStickers', { hash: 0n })) as tl.messages_allStickers
  assert.equal(await all(phone, hash), undefined)
  assert.equal((await seen(bob, cats)).set.installedDate, sent.installedDate)
  assert.equal((await seen(alice, cats)).set.installedDate, undefined)
  // What its owner changes shows in the hash.
  await alice.call('stickers.renameStickerSet', { stickerset: byName(dogs), title: 'Puppies' })
  assert.deepEqual(await all(phone, hash), ['Puppies', 'Cats'])

  const order = [BigInt(cats.set.id), BigInt(dogs.set.id)]
  await bob.call('messages.reorderStickerSets', { order })
  assert.deepEqual(
    plain(await phone.updatesOf('updateStickerSetsOrder')),
    plain([{ _: 'updateStickerSetsOrder', order }]),
  )
  assert.deepEqual(await all(phone), ['Cats', 'Puppies'])
  await bob.call('messages.uninstallStickerSet', { stickerset: byName(cats) })
  await bob.call('messages.uninstallStickerSet', { stickerset: byName(cats) })
  assert.deepEqual(plain(await phone.updatesOf('updateStickerSets')), [{ _: 'updateStickerSets' }])
  assert.deepEqual(await all(phone), ['Puppies'])
  const none = { _: 'inputStickerSetShortName', shortName: 'nothing' } as const
  await bob.fails('STICKERSET_INVALID', 'messages.installStickerSet', { stickerset: none, archived: false })
})

test('masks and custom emoji have lists of their own', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const phone = await alice.device()
  const masks = await makeSet(alice, { title: 'Hats', masks: true })
  const emojis = await makeSet(alice, { title: 'Faces', emojis: true })
  await install(alice, masks)
  await install(alice, emojis)
  assert.deepEqual(await all(phone), [])
  const worn = (await phone.call('messages.getMaskStickers', { hash: 0n })) as tl.messages_allStickers
  assert.deepEqual(
    worn.sets.map((set) => set.title),
    ['Hats'],
  )
  await phone.updates()
  await install(alice, emojis, true)
  assert.deepEqual(plain(await phone.updatesOf('updateStickerSets')), [{ _: 'updateStickerSets', emojis: true }])
  assert.deepEqual([await archived(phone), await archived(phone, { emojis: true })], [[], ['Faces']])
})

test('of more sets than may be installed the last ones go into the archive', async () => {
  await using server = await startTestServer({ settings: { limits: { stickerSets: 2 } } })
  const [alice] = await server.people('Alice')
  const phone = await alice.device()
  const sets = [] as tl.messages_stickerSet[]
  for (const title of ['A', 'B', 'C']) sets.push(await makeSet(alice, { title }))
  await install(alice, sets[0]!)
  await install(alice, sets[1]!)
  const result = await install(alice, sets[2]!)
  assert.equal(result._, 'messages.stickerSetInstallResultArchive')
  const [gone] = (result as tl.messages_stickerSetInstallResultArchive).sets
  assert.deepEqual([gone!._, gone!.set.title, gone!.set.archived], ['stickerSetCovered', 'A', true])
  assert.deepEqual([await all(phone), await archived(phone)], [['C', 'B'], ['A']])
  assert.equal((await phone.updatesOf('updateStickerSets')).length, 1)
  const several = (flags: object, ...which: number[]) =>
    alice.call('messages.toggleStickerSets', { ...flags, stickersets: which.map((i) => byName(sets[i]!)) })
  await several({ archive: true }, 1, 2)
  assert.deepEqual([await all(phone), await archived(phone)], [[], ['C', 'B', 'A']])
  const { id } = sets[2]!.set
  assert.deepEqual(await archived(phone, { limit: 1 }), ['C'])
  assert.deepEqual(await archived(phone, { limit: 1, offsetId: id }), ['B'])
  await several({ unarchive: true }, 0)
  await several({ uninstall: true }, 1)
  assert.deepEqual([await all(phone), await archived(phone)], [['A'], ['C']])
})

test('a sticker that was sent is recent, its set on top, and who gets it finds the set', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  const [cats, dogs] = [await makeSet(alice, { title: 'Cats' }), await makeSet(alice, { title: 'Dogs' })]
  await install(alice, cats)
  await install(alice, dogs)
  await phone.updates()
  const media: tl.inputMediaDocument = { _: 'inputMediaDocument', id: named(cats.documents[0]!) }
  const say = (message: string, more: object = {}) =>
    alice.call('messages.sendMedia', {
      peer: alice.peerOf(bob),
      media,
      message,
      randomId: BigInt(message.length + 1),
      ...more,
    })
  await say('')
  assert.deepEqual(plain(await phone.updatesOf('updateRecentStickers')), [{ _: 'updateRecentStickers' }])
  assert.deepEqual(await all(phone), ['Dogs', 'Cats'])
  const answer = (await say('a', { updateStickersetsOrder: true })) as tl.updates
  const raised = { _: 'updateMoveStickerSetToTop', stickerset: cats.set.id }
  assert.deepEqual(plain(answer.updates.filter((u) => u._ === 'updateMoveStickerSetToTop')), plain([raised]))
  assert.deepEqual(plain(await phone.updatesOf('updateMoveStickerSetToTop')), plain([raised]))
  assert.deepEqual(await all(phone), ['Cats', 'Dogs'])
  await say('bb', { updateStickersetsOrder: true })
  assert.deepEqual(await phone.updatesOf('updateMoveStickerSetToTop'), [])

  const [message] = await bob.updatesOf('updateNewMessage')
  const document = ((message!.message as tl.message).media as tl.messageMediaDocument).document as tl.document
  const attribute = document.attributes.find((a) => a._ === 'documentAttributeSticker') as tl.documentAttributeSticker
  const found = await bob.call('messages.getStickerSet', { stickerset: attribute.stickerset, hash: 0 })
  assert.equal((found as tl.messages_stickerSet).set.title, 'Cats')

  const recent = (await phone.call('messages.getRecentStickers', { hash: 0n })) as tl.messages_recentStickers
  assert.deepEqual(
    recent.stickers.map((d) => d.id),
    [document.id],
  )
  assert.deepEqual([recent.dates.length, recent.packs.map((p) => p.emoticon)], [1, ['😀']])
  const same = await phone.call('messages.getRecentStickers', { hash: recent.hash })
  assert.equal(same._, 'messages.recentStickersNotModified')
})

test('recent stickers and favourites are kept by hand, too, the newest first', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const phone = await alice.device()
  const { documents } = await makeSet(alice, {
    stickers: [await item(alice, FILES.tgs()), await item(alice, await FILES.webp())],
  })
  const [one, two] = documents as [tl.document, tl.document]
  const recent = async (attached = false) =>
    (
      (await phone.call('messages.getRecentStickers', { attached, hash: 0n })) as tl.messages_recentStickers
    ).stickers.map((d) => d.id)
  const faved = async () =>
    ((await phone.call('messages.getFavedStickers', { hash: 0n })) as tl.messages_favedStickers).stickers.map(
      (d) => d.id,
    )
  for (const id of [one, two, one, one])
    await alice.call('messages.saveRecentSticker', { id: named(id), unsave: false })
  assert.equal((await phone.updatesOf('updateRecentStickers')).length, 3)
  assert.deepEqual([await recent(), await recent(true)], [[one.id, two.id], []])
  await alice.call('messages.saveRecentSticker', { attached: true, id: named(two), unsave: false })
  await alice.call('messages.saveRecentSticker', { id: named(one), unsave: true })
  assert.deepEqual([await recent(), await recent(true)], [[two.id], [two.id]])
  await alice.call('messages.clearRecentStickers', { attached: true })
  assert.deepEqual([await recent(), await recent(true)], [[two.id], []])

  await phone.updates()
  await alice.call('messages.faveSticker', { id: named(one), unfave: false })
  await alice.call('messages.faveSticker', { id: named(two), unfave: false })
  assert.equal((await phone.updatesOf('updateFavedStickers')).length, 2)
  assert.deepEqual(await faved(), [two.id, one.id])
  await alice.call('messages.faveSticker', { id: named(two), unfave: true })
  assert.deepEqual(await faved(), [one.id])
  const file = named(await uploadDocument(alice, Buffer.from('text')))
  await alice.fails('STICKER_ID_INVALID', 'messages.faveSticker', { id: file, unfave: false })
  await alice.fails('STICKER_ID_INVALID', 'messages.saveRecentSticker', { id: file, unsave: false })
})

test('stickers are found by emoji and by words, sets by their names', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const cats = await makeSet(alice, {
    title: 'Grumpy Cats',
    shortName: 'grumpy_ones',
    stickers: [await item(alice, FILES.tgs(), { emoji: '😾', keywords: 'angry,no' })],
  })
  const more = await makeSet(alice, {
    title: 'Grumpy dogs',
    shortName: 'grumpy_others',
    stickers: [await item(alice, FILES.tgs(), { emoji: '😾🐶' })],
  })
  const emojis = await makeSet(alice, { title: 'Grumpy faces', emojis: true })
  await install(bob, more)
  const [first, second] = [cats.documents[0]!.id, more.documents[0]!.id]
  const byEmoji = async (emoticon: string) =>
    ((await bob.call('messages.getStickers', { emoticon, hash: 0n })) as tl.messages_stickers).stickers.map((d) => d.id)
  // One's own come first.
  assert.deepEqual(await byEmoji('😾'), [second, first])
  assert.deepEqual([await byEmoji('🐶'), await byEmoji('🐶⭐️'), await byEmoji('x')], [[second], [], []])
  await bob.fails('EMOTICON_EMPTY', 'messages.getStickers', { emoticon: '', hash: 0n })
  const search = async (q: string, emoticon = '', more: object = {}) =>
    (await bob.call('messages.searchStickers', {
      q,
      emoticon,
      langCode: ['en'],
      offset: 0,
      limit: 10,
      hash: 0n,
      ...more,
    })) as tl.messages_foundStickers
  const ids = async (...asked: Parameters<typeof search>) => (await search(...asked)).stickers.map((d) => d.id)
  assert.deepEqual([await ids('Ang'), await ids('nothing'), await ids('', '😾')], [[first], [], [second, first]])
  const page = await search('', '😾', { limit: 1 })
  assert.deepEqual([page.stickers.length, page.nextOffset], [1, 1])
  assert.deepEqual(await ids('', '😀', { emojis: true }), [emojis.documents[0]!.id])
  const sets = async (method: 'messages.searchStickerSets' | 'messages.searchEmojiStickerSets', q: string) =>
    ((await bob.call(method, { q, hash: 0n })) as tl.messages_foundStickerSets).sets.map((s) => [s._, s.set.title])
  assert.deepEqual(await sets('messages.searchStickerSets', 'grum CAT'), [['stickerSetMultiCovered', 'Grumpy Cats']])
  assert.deepEqual(await sets('messages.searchStickerSets', 'grumpy_ones'), [['stickerSetMultiCovered', 'Grumpy Cats']])
  assert.deepEqual(await sets('messages.searchStickerSets', ' '), [])
  assert.deepEqual(await sets('messages.searchEmojiStickerSets', 'grumpy'), [['stickerSetFullCovered', 'Grumpy faces']])
})

test('whose stickers are on a photo can be asked by whoever sees it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const hats = await makeSet(alice, { title: 'Hats', masks: true })
  const stickers = [named(hats.documents[0]!)]
  const file = await upload(alice, await picture(200, 200), { name: 'a.jpg' })
  const media: tl.inputMediaUploadedPhoto = { _: 'inputMediaUploadedPhoto', file, stickers }
  await alice.call('messages.sendMedia', { peer: alice.peerOf(bob), media, message: '', randomId: 1n })
  const [update] = await bob.updatesOf('updateNewMessage')
  const { photo } = (update!.message as tl.message).media as tl.messageMediaPhoto
  const { id, accessHash, fileReference, hasStickers } = photo as tl.photo
  assert.equal(hasStickers, true)
  const photoId: tl.inputPhoto = { _: 'inputPhoto', id, accessHash, fileReference }
  const found = await bob.call('messages.getAttachedStickers', {
    media: { _: 'inputStickeredMediaPhoto', id: photoId },
  })
  assert.deepEqual(
    found.map((covered) => covered.set.title),
    ['Hats'],
  )
  const video: tl.InputMedia = {
    _: 'inputMediaUploadedDocument',
    file: await upload(alice, Buffer.from('video')),
    mimeType: 'video/mp4',
    attributes: [{ _: 'documentAttributeVideo', duration: 1, w: 1, h: 1 }],
    stickers,
  }
  const kept = (await alice.call('messages.uploadMedia', {
    peer: alice.peerOf(bob),
    media: video,
  })) as tl.messageMediaDocument
  assert.ok((kept.document as tl.document).attributes.some((a) => a._ === 'documentAttributeHasStickers'))
  const document: tl.InputStickeredMedia = { _: 'inputStickeredMediaDocument', id: named(kept.document!) }
  assert.equal((await alice.call('messages.getAttachedStickers', { media: document })).length, 1)
  await bob.fails('MEDIA_EMPTY', 'messages.getAttachedStickers', { media: document })
})
