import assert from 'node:assert/strict'
import sharp from 'sharp'
import { download, photoLocation, upload } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'
import { byName, FILES, item, makeSet } from '../stickers/test-stickers.ts'

const red = 0xff0000
const blue = 0x0000ff

/** The colour of a photo's upper left corner, and of its middle. */
async function coloursOf(file: Buffer): Promise<{ corner: number[]; middle: number[]; side: number }> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)]
  return { corner: at(2, 2), middle: at(info.width >> 1, info.height >> 1), side: info.width }
}
const near = (colour: number[], wanted: number[]) => colour.every((c, i) => Math.abs(c - wanted[i]!) < 24)

test('a custom emoji on a ground of colours is a profile photo, also for clients that draw none', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const set = await makeSet(alice, { emojis: true })
  const videoEmojiMarkup: tl.VideoSize = {
    ...{ _: 'videoSizeEmojiMarkup', emojiId: set.documents[0]!.id },
    backgroundColors: [red, blue],
  }
  await alice.say(bob, 'hello')
  const { photo } = await alice.call('photos.uploadProfilePhoto', { videoEmojiMarkup })
  assert.deepEqual((photo as tl.photo).videoSizes, [videoEmojiMarkup])
  const { photos } = await bob.call('photos.getUserPhotos', {
    userId: bob.userOf(alice),
    offset: 0,
    maxId: 0n,
    limit: 9,
  })
  const seen = photos[0] as tl.photo
  assert.deepEqual(seen.videoSizes, [videoEmojiMarkup])
  const [user] = await bob.call('users.getUsers', { id: [bob.userOf(alice)] })
  assert.equal(((user as tl.user).photo as tl.userProfilePhoto).hasVideo, true)
  const { corner, middle, side } = await coloursOf(await download(bob, photoLocation(seen, 'c')))
  const sticker = await sharp(await FILES.webp(100, 100)).stats()
  assert.equal(side, 640)
  assert.ok(near(corner, [255, 0, 0]), `${corner}`)
  assert.ok(sticker.channels.length >= 3 && !near(middle, [127, 0, 127]), `${middle}`)
  const bad = [
    { ...videoEmojiMarkup, backgroundColors: [] },
    { ...videoEmojiMarkup, backgroundColors: [red, red, red, red, red] },
    { ...videoEmojiMarkup, backgroundColors: [0x1000000] },
    { ...videoEmojiMarkup, emojiId: 5n },
    { _: 'videoSize' as const, type: 'u', w: 1, h: 1, size: 1 },
  ]
  for (const one of bad) {
    await alice.fails('EMOJI_MARKUP_INVALID', 'photos.uploadProfilePhoto', { videoEmojiMarkup: one })
  }
})

test('a sticker is the photo of a group, with the picture that came along or without', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  // An animation cannot be drawn here: the ground alone is seen where it is not.
  const set = await makeSet(alice, { stickers: [await item(alice, FILES.tgs())] })
  const other = await makeSet(alice)
  const stickerId = set.documents[0]!.id
  const markup = { _: 'videoSizeStickerMarkup' as const, stickerset: byName(set), stickerId, backgroundColors: [blue] }
  const edit = (photo: Partial<tl.inputChatUploadedPhoto>) => ({
    ...{ channel: group.of(alice), photo: { _: 'inputChatUploadedPhoto' as const, ...photo } },
  })
  const shown = async () => {
    const { fullChat } = await bob.call('channels.getFullChannel', { channel: group.of(bob) })
    const photo = (fullChat as tl.channelFull).chatPhoto as tl.photo
    return { photo, ...(await coloursOf(await download(bob, photoLocation(photo, 'c')))) }
  }
  await alice.call('channels.editPhoto', edit({ videoEmojiMarkup: markup }))
  const drawn = await shown()
  assert.ok(near(drawn.corner, [0, 0, 255]) && near(drawn.middle, [0, 0, 255]))
  const [size] = drawn.photo.videoSizes as [tl.videoSizeStickerMarkup]
  // The set is named as whoever looks may name it.
  const found = await bob.call('messages.getStickerSet', { stickerset: size.stickerset, hash: 0 })
  assert.equal((found as tl.messages_stickerSet).set.shortName, set.set.shortName)
  const file = await upload(
    alice,
    await sharp({ create: { width: 640, height: 640, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  )
  await alice.call('channels.editPhoto', edit({ file, videoEmojiMarkup: markup }))
  const given = await shown()
  assert.ok(near(given.middle, [255, 0, 0]))
  assert.equal((given.photo.videoSizes as [tl.videoSizeStickerMarkup])[0].stickerId, stickerId)
  const wrong = { ...markup, stickerset: byName(other) }
  await alice.fails('PHOTO_INVALID', 'channels.editPhoto', edit({ videoEmojiMarkup: wrong }))
})
