import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { picture, upload, uploadDocument, uploadPhoto } from '../../../test/harness/files.ts'
import { type Person, plain, startTestServer, test } from '../../../test/harness/index.ts'
import { makeMedia } from '../../domain/media.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

const self = { _: 'inputPeerSelf' } as const
const media = (who: Person, given: tl.InputMedia) => who.call('messages.uploadMedia', { peer: self, media: given })
const refused = (who: Person, error: string, given: tl.InputMedia) =>
  who.fails(error, 'messages.uploadMedia', { peer: self, media: given })

test('a document is what its uploader says within bounds, and never a sticker', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const document = await uploadDocument(alice, randomBytes(10), {
    mimeType: 'Audio/OGG',
    attributes: [
      { _: 'documentAttributeFilename', fileName: '../a\u202egpj.exe\n' },
      { _: 'documentAttributeFilename', fileName: 'second' },
      { _: 'documentAttributeSticker', alt: '😀', stickerset: { _: 'inputStickerSetEmpty' } },
      { _: 'documentAttributeHasStickers' },
      { _: 'documentAttributeAnimated' },
      { _: 'documentAttributeAudio', voice: true, duration: -4, title: 't', waveform: new Uint8Array(63).fill(9) },
    ],
  })
  assert.equal(document.mimeType, 'audio/ogg')
  assert.deepEqual(plain(document.attributes), [
    { _: 'documentAttributeFilename', fileName: '.._agpj.exe' },
    { _: 'documentAttributeAudio', voice: true, duration: 0, waveform: '09'.repeat(63) },
  ])
  const odd = await uploadDocument(alice, Buffer.from('%PDF-1.7'), { mimeType: 'no type', name: 'a.pdf' })
  assert.equal(odd.mimeType, 'application/pdf')
  assert.deepEqual(odd.attributes, [{ _: 'documentAttributeFilename', fileName: 'a.pdf' }])
})

test('media of documents tell what they are', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const file = await upload(alice, randomBytes(100))
  const video: tl.documentAttributeVideo = { _: 'documentAttributeVideo', duration: 1, w: 10, h: 10 }
  const kind = async (attributes: tl.DocumentAttribute[], more: Partial<tl.inputMediaUploadedDocument> = {}) => {
    const given = { _: 'inputMediaUploadedDocument', file, mimeType: 'video/mp4', attributes, ...more } as const
    const { video: v, round, voice, spoiler, ttlSeconds } = (await media(alice, given)) as tl.messageMediaDocument
    return plain({ v, round, voice, spoiler, ttlSeconds })
  }
  assert.deepEqual(await kind([video]), { v: true })
  assert.deepEqual(await kind([{ ...video, roundMessage: true }]), { round: true })
  assert.deepEqual(await kind([{ _: 'documentAttributeAudio', voice: true, duration: 1 }]), { voice: true })
  assert.deepEqual(await kind([video, { _: 'documentAttributeAnimated' }]), {})
  assert.deepEqual(await kind([video], { forceFile: true }), {})
  assert.deepEqual(await kind([video], { spoiler: true, ttlSeconds: 5 }), { v: true, spoiler: true, ttlSeconds: 5 })
})

test('photos and documents go out again by their ids, for those who have met them', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const photo = await uploadPhoto(alice, await picture(500, 400))
  const document = await uploadDocument(alice, randomBytes(50))
  const asPhoto = (change: Partial<tl.inputPhoto> = {}): tl.inputMediaPhoto => ({
    _: 'inputMediaPhoto',
    id: { ...photo, ...change, _: 'inputPhoto' },
  })
  const asDocument: tl.inputMediaDocument = { _: 'inputMediaDocument', id: { ...document, _: 'inputDocument' } }
  assert.deepEqual(plain(((await media(alice, asPhoto())) as tl.messageMediaPhoto).photo), plain(photo))
  assert.deepEqual(plain(((await media(alice, asDocument)) as tl.messageMediaDocument).document), plain(document))
  await refused(bob, 'MEDIA_INVALID', asPhoto())
  await refused(bob, 'MEDIA_INVALID', asDocument)
  await refused(alice, 'MEDIA_INVALID', asPhoto({ id: 12345n }))
  await refused(alice, 'FILE_REFERENCE_EMPTY', asPhoto({ fileReference: new Uint8Array(0) }))
  await refused(alice, 'MEDIA_INVALID', { _: 'inputMediaPhoto', id: { _: 'inputPhotoEmpty' } })
  await refused(alice, 'MEDIA_INVALID', { _: 'inputMediaEmpty' })
})

test('places, venues, contacts', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const geoPoint: tl.inputGeoPoint = { _: 'inputGeoPoint', lat: 51.5, long: -0.12, accuracyRadius: 20 }
  const geo = { _: 'geoPoint', lat: 51.5, long: -0.12, accessHash: 0n, accuracyRadius: 20 }
  assert.deepEqual(plain(await media(alice, { _: 'inputMediaGeoPoint', geoPoint })), { _: 'messageMediaGeo', geo })
  await refused(alice, 'MEDIA_INVALID', { _: 'inputMediaGeoPoint', geoPoint: { ...geoPoint, lat: 91 } })
  await refused(alice, 'MEDIA_INVALID', { _: 'inputMediaGeoPoint', geoPoint: { ...geoPoint, long: Number.NaN } })
  const text = { title: 'Pub', address: 'Street', provider: 'foursquare', venueId: '1', venueType: 'x' }
  assert.deepEqual(plain(await media(alice, { _: 'inputMediaVenue', geoPoint, ...text })), {
    _: 'messageMediaVenue',
    geo,
    ...text,
  })
  const card = { firstName: 'B', lastName: '', vcard: '' }
  const contact = async (phoneNumber: string) =>
    ((await media(alice, { _: 'inputMediaContact', phoneNumber, ...card })) as tl.messageMediaContact).userId
  assert.equal(await contact(`+${bob.phone}`), bob.id)
  assert.equal(await contact('+44 20 7946 0000'), 0)
  await refused(alice, 'MEDIA_INVALID', { _: 'inputMediaContact', phoneNumber: '', ...card })
})

test('a live location has a period, goes on while it lasts, and ends when it is stopped', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const geoPoint: tl.inputGeoPoint = { _: 'inputGeoPoint', lat: 1, long: 2 }
  const live: tl.inputMediaGeoLive = { _: 'inputMediaGeoLive', geoPoint, period: 900, heading: 90 }
  const first = (await media(alice, live)) as tl.messageMediaGeoLive
  assert.deepEqual([first.period, first.heading], [900, 90])
  await refused(alice, 'MEDIA_INVALID', { ...live, period: 59 })
  await refused(alice, 'MEDIA_INVALID', { ...live, period: 86_401 })
  await refused(alice, 'MEDIA_INVALID', { ...live, heading: 361 })
  await refused(alice, 'MEDIA_INVALID', { ...live, stopped: true })
  const ctx = new Context(server.app, alice.id)
  const previous = { media: first, date: ctx.now }
  await server.clock.advance(100)
  const moved = await makeMedia(ctx, { _: 'inputMediaGeoLive', geoPoint: { ...geoPoint, lat: 5 } }, { previous })
  assert.equal((moved as tl.messageMediaGeoLive).period, 900)
  const stopped = { _: 'inputMediaGeoLive', geoPoint: { _: 'inputGeoPointEmpty' }, stopped: true } as const
  assert.equal(((await makeMedia(ctx, stopped, { previous })) as tl.messageMediaGeoLive).period, 100)
})

test('dice show every value that they have, and no other', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  for (const [emoticon, sides] of [
    ['🎲', 6],
    ['🎯', 6],
    ['🎳', 6],
    ['🏀', 5],
    ['⚽️', 5],
  ] as const) {
    const seen = new Set<number>()
    for (let i = 0; i < 120; i++) {
      seen.add(((await media(alice, { _: 'inputMediaDice', emoticon })) as tl.messageMediaDice).value)
    }
    // The chance to miss one of six in 120 throws is one to five hundred million.
    assert.deepEqual(
      [...seen].sort(),
      Array.from({ length: sides }, (_, i) => i + 1),
    )
  }
  const slots = (await media(alice, { _: 'inputMediaDice', emoticon: '🎰' })) as tl.messageMediaDice
  assert.ok(slots.value >= 1 && slots.value <= 64)
  await refused(alice, 'MEDIA_INVALID', { _: 'inputMediaDice', emoticon: '🍕' })
})
