import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { strippedPhotoToJpg } from '@mtcute/core/utils.js'
import sharp from 'sharp'
import {
  documentLocation,
  download,
  photoLocation,
  picture,
  upload,
  uploadDocument,
  uploadPhoto,
} from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const self = { _: 'inputPeerSelf' } as const

const sidesOf = (sizes: readonly tl.PhotoSize[] | undefined) =>
  (sizes ?? []).flatMap((s) => (s._ === 'photoSize' || s._ === 'photoSizeProgressive' ? [[s.type, s.w, s.h]] : []))

test('a photo has the sizes that its picture fills, each of them a JPEG of those sides', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  for (const [w, h, format, expected] of [
    [90, 60, 'png', [['s', 90, 60]]],
    [
      300,
      200,
      'jpeg',
      [
        ['s', 100, 67],
        ['m', 300, 200],
      ],
    ],
    [
      1000,
      500,
      'webp',
      [
        ['s', 100, 50],
        ['m', 320, 160],
        ['x', 800, 400],
        ['y', 1000, 500],
      ],
    ],
    [
      3000,
      3000,
      'jpeg',
      [
        ['s', 100, 100],
        ['m', 320, 320],
        ['x', 800, 800],
        ['y', 1280, 1280],
        ['w', 2560, 2560],
      ],
    ],
    [
      400,
      300,
      'gif',
      [
        ['s', 100, 75],
        ['m', 320, 240],
        ['x', 400, 300],
      ],
    ],
    [
      120,
      120,
      'avif',
      [
        ['s', 100, 100],
        ['m', 120, 120],
      ],
    ],
  ] as const) {
    const photo = await uploadPhoto(alice, await picture(w, h, format))
    assert.deepEqual(sidesOf(photo.sizes), expected, format)
    for (const [type, width, height] of expected) {
      const meta = await sharp(await download(alice, photoLocation(photo, type))).metadata()
      assert.deepEqual([meta.format, meta.width, meta.height], ['jpeg', width, height])
    }
    await bob.fails('FILE_ID_INVALID', 'upload.getFile', {
      location: photoLocation(photo, 'm'),
      offset: 0,
      limit: 4096,
    })
    await alice.fails('LOCATION_INVALID', 'upload.getFile', {
      location: photoLocation(photo, 'q'),
      offset: 0,
      limit: 4096,
    })
  }
})

test("a client makes a picture of a photo's inline thumbnail with the header it has built in", async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const photo = await uploadPhoto(alice, await picture(800, 600))
  const inline = photo.sizes.find((s) => s._ === 'photoStrippedSize') as tl.photoStrippedSize
  assert.ok(inline.bytes.length < 1500)
  const jpeg = Buffer.from(strippedPhotoToJpg(inline.bytes))
  const { data, info } = await sharp(jpeg, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true })
  assert.deepEqual([info.width, info.height], [40, 30])
  // Its colours are the picture's: red above, green in the middle, blue below.
  const at = (x: number, y: number) => [...data.subarray((y * 40 + x) * 3, (y * 40 + x) * 3 + 3)]
  const [red, green, blue] = [at(2, 2), at(20, 15), at(2, 27)] as [number[], number[], number[]]
  assert.ok(red[0]! > 150 && red[1]! < 110)
  assert.ok(green[1]! > 130 && green[0]! < 110)
  assert.ok(blue[2]! > 70 && blue[0]! < 80)
})

test('the largest size is progressive: each prefix told of is a picture already', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const photo = await uploadPhoto(alice, await picture(1200, 900))
  const last = photo.sizes.at(-1) as tl.photoSizeProgressive
  assert.equal(last._, 'photoSizeProgressive')
  const bytes = await download(alice, photoLocation(photo, last.type))
  assert.equal(last.sizes.at(-1), bytes.length)
  assert.deepEqual(
    last.sizes,
    [...last.sizes].sort((a, b) => a - b),
  )
  for (const size of last.sizes) {
    const meta = await sharp(bytes.subarray(0, size), { failOn: 'none' })
      .resize(10)
      .raw()
      .toBuffer({ resolveWithObject: true })
    assert.equal(meta.info.width, 10)
  }
})

test('photos are turned upright and say nothing of where they were taken', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const exif = { IFD0: { Make: 'SecretCamera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' } }
  const sideways = await sharp(await picture(600, 400))
    .withMetadata({ orientation: 6 })
    .withExifMerge(exif)
    .jpeg()
    .toBuffer()
  assert.ok(sideways.includes('SecretCamera'))
  const photo = await uploadPhoto(alice, sideways)
  assert.deepEqual(sidesOf(photo.sizes).at(-1), ['x', 400, 600])
  for (const [type] of sidesOf(photo.sizes)) {
    const bytes = await download(alice, photoLocation(photo, String(type)))
    assert.ok(!bytes.includes('SecretCamera') && !bytes.includes('Exif'))
  }
})

test('what is no photo is refused by name, and the server goes on', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const refused = async (error: string, bytes: Uint8Array, name = 'photo.jpg') => {
    const file = await upload(alice, bytes, { name })
    await alice.fails(error, 'messages.uploadMedia', { peer: self, media: { _: 'inputMediaUploadedPhoto', file } })
  }
  const good = await picture(300, 300)
  await refused('PHOTO_EXT_INVALID', Buffer.from('hello'))
  await refused('PHOTO_EXT_INVALID', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))
  await refused('IMAGE_PROCESS_FAILED', Buffer.concat([good.subarray(0, 200), randomBytes(200)]))
  await refused('IMAGE_PROCESS_FAILED', good.subarray(0, good.length / 2))
  await refused('PHOTO_INVALID_DIMENSIONS', await picture(9000, 1100, 'png'))
  await refused('PHOTO_INVALID_DIMENSIONS', await picture(2100, 100, 'png'))
  await refused('PHOTO_SAVE_FILE_INVALID', Buffer.concat([good, Buffer.alloc(10 * 1024 * 1024)]))
  // A few bytes that claim to be enormous.
  const bomb = Buffer.from(await picture(64, 64, 'png'))
  bomb.writeUInt32BE(60_000, 16)
  bomb.writeUInt32BE(60_000, 20)
  await refused('IMAGE_PROCESS_FAILED', bomb)
  assert.equal((await uploadPhoto(alice, good))._, 'photo')
})

test('an image sent as a file keeps its bytes and has a thumbnail', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const bytes = await picture(1000, 500, 'png')
  const document = await uploadDocument(alice, bytes, { name: 'a.png', mimeType: 'image/png', forceFile: true })
  assert.deepEqual(sidesOf(document.thumbs), [['m', 320, 160]])
  assert.deepEqual(document.attributes, [
    { _: 'documentAttributeImageSize', w: 1000, h: 500 },
    { _: 'documentAttributeFilename', fileName: 'a.png' },
  ])
  assert.ok(bytes.equals(await download(alice, documentLocation(document))))
  const thumb = await sharp(await download(alice, documentLocation(document, 'm'))).metadata()
  assert.deepEqual([thumb.format, thumb.width], ['jpeg', 320])
  const part = await alice.call('upload.getFile', { location: documentLocation(document), offset: 0, limit: 4096 })
  assert.equal((part as tl.upload_file).type._, 'storage.filePng')
})

test("a video's thumbnail is the one that came with it; one that is no image is left out", async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const video = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0'), randomBytes(1000)])
  const attributes: tl.DocumentAttribute[] = [
    { _: 'documentAttributeVideo', duration: 3.5, w: 640, h: 360, supportsStreaming: true },
  ]
  const thumb = await upload(alice, await picture(640, 360))
  const options = { mimeType: 'video/mp4', attributes }
  const document = await uploadDocument(alice, video, { ...options, thumb })
  assert.deepEqual(sidesOf(document.thumbs), [['m', 320, 180]])
  assert.equal(document.thumbs?.[0]?._, 'photoStrippedSize')
  assert.equal((document.attributes[0] as tl.documentAttributeVideo).duration, 3.5)
  const bad = await upload(alice, randomBytes(100))
  assert.equal((await uploadDocument(alice, video, { ...options, thumb: bad })).thumbs, undefined)
})
