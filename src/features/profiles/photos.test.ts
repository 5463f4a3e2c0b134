import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import sharp from 'sharp'
import { download, movie, photoLocation, picture, upload, uploadPhoto } from '../../../test/harness/files.ts'
import { type Person, plain, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const me = { _: 'inputUserSelf' } as const
const nobody = [{ _: 'inputPrivacyValueDisallowAll' }] as tl.InputPrivacyRule[]
const input = (photo: tl.photo): tl.inputPhoto => ({ ...photo, _: 'inputPhoto' })

async function setPhoto(who: Person, options: { fallback?: boolean; side?: number } = {}): Promise<tl.photo> {
  const file = await upload(who, await picture(options.side ?? 700, options.side ?? 700))
  const { photo } = await who.call('photos.uploadProfilePhoto', { file, fallback: options.fallback })
  return photo as tl.photo
}

/** The id of the photo that somebody sees of somebody. */
async function seen(by: Person, who: Person): Promise<tl.userProfilePhoto | undefined> {
  const [user] = await by.call('users.getUsers', { id: [by.userOf(who)] })
  return (user as tl.user).photo as tl.userProfilePhoto | undefined
}

const idsOf = (photos: readonly tl.Photo[]) => photos.map((p) => p.id)

test('a profile photo is square, told to those who know me, and downloaded by whoever may see it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  await alice.say(bob, 'hello')
  await bob.updates()
  const file = await upload(alice, await picture(900, 700, 'png'))
  const answer = await alice.call('photos.uploadProfilePhoto', { file })
  const photo = answer.photo as tl.photo
  assert.deepEqual(
    (answer.users as tl.user[]).map((u) => [u.id, (u.photo as tl.userProfilePhoto).photoId]),
    [[alice.id, photo.id]],
  )
  assert.deepEqual(
    photo.sizes.flatMap((s) => (s._ === 'photoSize' ? [[s.type, s.w, s.h]] : [])),
    [
      ['a', 160, 160],
      ['b', 320, 320],
      ['c', 640, 640],
    ],
  )
  for (const one of [phone, bob]) {
    assert.deepEqual(plain(await one.updatesOf('updateUser')), [{ _: 'updateUser', userId: alice.id }])
  }
  const shown = (await seen(bob, alice))!
  assert.equal(shown.photoId, photo.id)
  assert.equal(shown.strippedThumb?.[0], 1)
  for (const [big, side] of [
    [true, 640],
    [undefined, 160],
  ] as const) {
    const peer = bob.peerOf(alice)
    const bytes = await download(bob, { _: 'inputPeerPhotoFileLocation', big, peer, photoId: photo.id })
    assert.equal((await sharp(bytes).metadata()).width, side)
  }
  const get = (photoId: bigint) => ({
    location: { _: 'inputPeerPhotoFileLocation', peer: bob.peerOf(alice), photoId } as const,
    offset: 0,
    limit: 4096,
  })
  await bob.fails('LOCATION_INVALID', 'upload.getFile', get(12345n))
  await alice.call('account.setPrivacy', { key: { _: 'inputPrivacyKeyProfilePhoto' }, rules: nobody })
  await bob.fails('LOCATION_INVALID', 'upload.getFile', get(photo.id))
  assert.equal(await seen(bob, alice), undefined)
})

test('photos pile up, the newest first, and come back when those above them go', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const [one, two, three] = [await setPhoto(alice), await setPhoto(alice), await setPhoto(alice)]
  const list = (offset: number, maxId: bigint, limit: number) =>
    bob.call('photos.getUserPhotos', { userId: bob.userOf(alice), offset, maxId, limit })
  const all = await list(0, 0n, 100)
  assert.equal(all._, 'photos.photos')
  assert.deepEqual(idsOf(all.photos), [three.id, two.id, one.id])
  assert.deepEqual(
    all.users.map((u) => u.id),
    [alice.id],
  )
  const middle = (await list(1, 0n, 1)) as tl.photos_photosSlice
  assert.deepEqual([middle._, middle.count, ...idsOf(middle.photos)], ['photos.photosSlice', 3, two.id])
  assert.deepEqual(idsOf((await list(0, three.id, 10)).photos), [two.id, one.id])
  const counted = (await list(0, 0n, 0)) as tl.photos_photosSlice
  assert.deepEqual([counted.count, counted.photos.length], [3, 0])
  await bob.fails('MAX_ID_INVALID', 'photos.getUserPhotos', {
    userId: bob.userOf(alice),
    offset: 0,
    maxId: 9n,
    limit: 1,
  })
  // An older one is put up again.
  const again = await alice.call('photos.updateProfilePhoto', { id: input(one) })
  assert.equal(again.photo.id, one.id)
  assert.deepEqual(idsOf((await list(0, 0n, 100)).photos), [one.id, three.id, two.id])
  // The current one goes: the next stands in.
  const next = await alice.call('photos.updateProfilePhoto', { id: { _: 'inputPhotoEmpty' } })
  assert.equal(next.photo.id, three.id)
  assert.equal((await seen(bob, alice))?.photoId, three.id)
  const gone = await alice.call('photos.deletePhotos', {
    id: [input(three), input(one), { ...input(two), accessHash: 1n }],
  })
  assert.deepEqual(gone, [three.id])
  assert.equal((await seen(bob, alice))?.photoId, two.id)
  assert.deepEqual(await alice.call('photos.deletePhotos', { id: [input(two)] }), [two.id])
  assert.equal(await seen(bob, alice), undefined)
  assert.deepEqual(
    await alice.call('photos.updateProfilePhoto', { id: { _: 'inputPhotoEmpty' } }).then((a) => a.photo._),
    'photoEmpty',
  )
})

test('those who may not see my photos see the one I chose for them', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const real = await setPhoto(alice)
  await alice.call('account.setPrivacy', { key: { _: 'inputPrivacyKeyProfilePhoto' }, rules: nobody })
  assert.equal(await seen(bob, alice), undefined)
  const fallback = await setPhoto(alice, { fallback: true })
  assert.equal((await seen(bob, alice))?.photoId, fallback.id)
  const list = await bob.call('photos.getUserPhotos', { userId: bob.userOf(alice), offset: 0, maxId: 0n, limit: 10 })
  assert.deepEqual(idsOf(list.photos), [fallback.id])
  const own = await alice.call('photos.getUserPhotos', { userId: me, offset: 0, maxId: 0n, limit: 10 })
  assert.deepEqual(idsOf(own.photos), [real.id])
  const peer = bob.peerOf(alice)
  await download(bob, { _: 'inputPeerPhotoFileLocation', peer, photoId: fallback.id })
  await alice.call('photos.updateProfilePhoto', { fallback: true, id: { _: 'inputPhotoEmpty' } })
  assert.equal(await seen(bob, alice), undefined)
  assert.equal((await seen(alice, alice))?.photoId, real.id)
})

test('a photo out of a message becomes a profile photo of its own', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const sent = await uploadPhoto(alice, await picture(1000, 600))
  const { photo } = await alice.call('photos.updateProfilePhoto', { id: input(sent) })
  assert.notEqual(photo.id, sent.id)
  assert.equal((await sharp(await download(alice, photoLocation(photo as tl.photo, 'c'))).metadata()).width, 600)
  await bob.fails('PHOTO_ID_INVALID', 'photos.updateProfilePhoto', { id: input(sent) })
  const tiny = await uploadPhoto(alice, await picture(100, 100))
  await alice.fails('PHOTO_CROP_SIZE_SMALL', 'photos.updateProfilePhoto', { id: input(tiny) })
})

test('what is no picture is refused', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  await alice.fails('PHOTO_FILE_MISSING', 'photos.uploadProfilePhoto', {})
  for (const [error, bytes] of [
    ['PHOTO_EXT_INVALID', randomBytes(300)],
    ['PHOTO_CROP_SIZE_SMALL', await picture(300, 120)],
    ['IMAGE_PROCESS_FAILED', (await picture(300, 300)).subarray(0, 900)],
  ] as const) {
    await alice.fails(error, 'photos.uploadProfilePhoto', { file: await upload(alice, bytes) })
  }
  const file = await upload(alice, await picture(300, 300))
  await alice.fails('VIDEO_FILE_INVALID', 'photos.uploadProfilePhoto', { file, video: file })
})

test('a profile video is kept as it came, beside its still picture', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const file = await upload(alice, await picture(640, 640))
  const mp4 = movie(640, 640)
  const video = await upload(alice, mp4)
  const { photo } = await alice.call('photos.uploadProfilePhoto', { file, video, videoStartTs: 0.5 })
  const { videoSizes } = photo as tl.photo
  assert.deepEqual(plain(videoSizes), [
    { _: 'videoSize', type: 'u', w: 640, h: 640, size: mp4.length, videoStartTs: 0.5 },
  ])
  assert.ok(mp4.equals(await download(alice, photoLocation(photo as tl.photo, 'u'))))
  const part = await alice.call('upload.getFile', {
    location: photoLocation(photo as tl.photo, 'u'),
    offset: 0,
    limit: 4096,
  })
  assert.equal((part as tl.upload_file).type._, 'storage.fileMp4')
  assert.equal((await seen(bob, alice))?.hasVideo, true)
  await alice.fails('VIDEO_FILE_INVALID', 'photos.uploadProfilePhoto', {
    file,
    video: await upload(alice, movie(2000, 2000)),
  })
  await alice.fails('PHOTO_CROP_FILE_MISSING', 'photos.uploadProfilePhoto', { video })
})

test('a photo of my own for a contact is seen by me alone', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const phone = await alice.device()
  const file = await upload(alice, await picture(400, 400))
  const userId = alice.userOf(bob)
  await alice.fails('CONTACT_MISSING', 'photos.uploadContactProfilePhoto', { userId, save: true, file })
  await alice.call('contacts.addContact', { id: userId, firstName: 'B', lastName: '', phone: '' })
  await phone.updates()
  const { photo } = await alice.call('photos.uploadContactProfilePhoto', { userId, save: true, file })
  const shown = (await seen(alice, bob))!
  assert.deepEqual([shown.photoId, shown.personal], [photo.id, true])
  assert.equal(await seen(carol, bob), undefined)
  assert.deepEqual(plain(await phone.updatesOf('updateUser')), [{ _: 'updateUser', userId: bob.id }])
  assert.deepEqual(await bob.updatesOf('updateUser'), [])
  await download(alice, { _: 'inputPeerPhotoFileLocation', peer: alice.peerOf(bob), photoId: photo.id })
  const none = await alice.call('photos.uploadContactProfilePhoto', { userId, save: true })
  assert.equal(none.photo._, 'photoEmpty')
  assert.equal(await seen(alice, bob), undefined)
  await alice.fails('NEED_ACTION_MISSING', 'photos.uploadContactProfilePhoto', { userId })
})

test('a photo suggested to somebody comes as a message, and may become theirs', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.call('contacts.addContact', { id: alice.userOf(bob), firstName: 'B', lastName: '', phone: '' })
  const file = await upload(alice, await picture(400, 400))
  await alice.call('photos.uploadContactProfilePhoto', { userId: alice.userOf(bob), suggest: true, file })
  assert.equal((await alice.updatesOf('updateNewMessage')).length, 1)
  const [update] = await bob.updatesOf('updateNewMessage')
  const action = (update!.message as tl.messageService).action as tl.messageActionSuggestProfilePhoto
  assert.equal(action._, 'messageActionSuggestProfilePhoto')
  const { photo } = await bob.call('photos.updateProfilePhoto', { id: input(action.photo as tl.photo) })
  assert.equal(photo.id, action.photo.id)
  assert.equal((await seen(alice, bob))?.photoId, photo.id)
})
