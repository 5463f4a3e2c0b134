import assert from 'node:assert/strict'
import { movie, picture, upload, uploadDocument, uploadPhoto } from '../../../test/harness/files.ts'
import { type Person, plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { copies, history, makeGroup } from './test-group.ts'

const geo = (lat = 1, long = 2): tl.inputGeoPoint => ({ _: 'inputGeoPoint', lat, long })

async function photoOf(who: Person): Promise<tl.inputMediaPhoto> {
  const { id, accessHash, fileReference } = await uploadPhoto(who, await picture(64, 64))
  return { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id, accessHash, fileReference } }
}

async function voiceOf(who: Person): Promise<tl.inputMediaUploadedDocument> {
  const file = await upload(who, Buffer.from('OggS'), { name: 'v.ogg' })
  const attributes: tl.DocumentAttribute[] = [{ _: 'documentAttributeAudio', voice: true, duration: 3 }]
  return { _: 'inputMediaUploadedDocument', file, mimeType: 'audio/ogg', attributes }
}

const newMessage = (updates: tl.Updates): tl.message => unpack(updates).find((u) => u._ === 'updateNewMessage').message

test('media are sent with a caption, and the other side can have them', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const sent = await alice.call('messages.sendMedia', {
    peer,
    media: await photoOf(alice),
    message: ' look: a.com ',
    randomId: 1n,
  })
  const mine = newMessage(sent)
  assert.equal(mine.message, 'look: a.com')
  assert.ok(mine.media?._ === 'messageMediaPhoto' && mine.media.photo?._ === 'photo')
  const [theirs] = await history(bob, bob.peerOf(alice))
  assert.ok(theirs?.media?._ === 'messageMediaPhoto' && theirs.media.photo?._ === 'photo')
  assert.equal(theirs.media.photo.id, mine.media.photo.id)
  assert.notEqual(theirs.media.photo.accessHash, mine.media.photo.accessHash)
  assert.deepEqual(
    theirs.entities?.map((e) => e._),
    ['messageEntityUrl'],
  )
  const { id, accessHash, fileReference, sizes } = theirs.media.photo
  const thumbSize = (sizes.at(-1) as tl.photoSize).type
  const location = { _: 'inputPhotoFileLocation', id, accessHash, fileReference, thumbSize } as const
  const part = await bob.call('upload.getFile', { location, offset: 0, limit: 65_536 })
  assert.ok(part._ === 'upload.file' && part.bytes.length > 0)
  const long = { peer, media: await photoOf(alice), message: 'x'.repeat(1025), randomId: 2n }
  await alice.fails('MEDIA_CAPTION_TOO_LONG', 'messages.sendMedia', long)
  await alice.fails('MEDIA_EMPTY', 'messages.sendMedia', {
    peer,
    media: { _: 'inputMediaEmpty' },
    message: '',
    randomId: 3n,
  })
})

test('an album is sent at once, and forwarded as a new one', async () => {
  await using server = await startTestServer({ undocumented: ['messages.sendMultiMedia RANDOM_ID_DUPLICATE'] })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const one = async (randomId: bigint, message = ''): Promise<tl.inputSingleMedia> => ({
    _: 'inputSingleMedia',
    media: await photoOf(alice),
    randomId,
    message,
  })
  const peer = alice.peerOf(bob)
  const answer = await alice.call('messages.sendMultiMedia', {
    peer,
    multiMedia: [await one(1n, 'three'), await one(2n), await one(3n)],
  })
  assert.deepEqual(
    unpack(answer).map((u) => u._),
    [...Array(3).fill('updateMessageID'), ...Array(3).fill('updateNewMessage')],
  )
  const got = await history(bob, bob.peerOf(alice))
  assert.equal(got.length, 3)
  assert.equal(new Set(got.map((m) => m.groupedId)).size, 1)
  assert.ok(got[0]!.groupedId)
  const forward = {
    fromPeer: bob.peerOf(alice),
    id: got.map((m) => m.id).reverse(),
    randomId: [1n, 2n, 3n],
    toPeer: bob.peerOf(carol),
  }
  await bob.call('messages.forwardMessages', { ...forward, dropMediaCaptions: true })
  const passed = await history(carol, carol.peerOf(bob))
  assert.equal(new Set(passed.map((m) => m.groupedId)).size, 1)
  assert.notEqual(passed[0]!.groupedId, got[0]!.groupedId)
  assert.deepEqual(
    passed.map((m) => [m.message, m.fwdFrom]),
    Array(3).fill(['', undefined]),
  )
  const same = await one(9n)
  await alice.fails('RANDOM_ID_DUPLICATE', 'messages.sendMultiMedia', { peer, multiMedia: [same, same] })
  await alice.fails('RANDOM_ID_EMPTY', 'messages.sendMultiMedia', { peer, multiMedia: [await one(0n)] })
  await alice.fails('MULTI_MEDIA_TOO_LONG', 'messages.sendMultiMedia', { peer, multiMedia: Array(11).fill(same) })
  await alice.fails('MEDIA_EMPTY', 'messages.sendMultiMedia', { peer, multiMedia: [] })
  const place: tl.inputSingleMedia = { ...same, randomId: 10n, media: { _: 'inputMediaGeoPoint', geoPoint: geo() } }
  await alice.fails('MEDIA_INVALID', 'messages.sendMultiMedia', { peer, multiMedia: [same, place] })
})

test('a voice message is unheard until somebody listens, and its author is told', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const sent = newMessage(
    await alice.call('messages.sendMedia', {
      peer: alice.peerOf(bob),
      media: await voiceOf(alice),
      message: '',
      randomId: 1n,
    }),
  )
  assert.equal(sent.mediaUnread, true)
  const phone = await bob.device()
  const [got] = await history(bob, bob.peerOf(alice))
  assert.equal(got?.mediaUnread, true)
  const answer = await bob.call('messages.readMessageContents', { id: [got!.id] })
  assert.equal(answer.ptsCount, 1)
  assert.deepEqual(
    (await phone.updates()).map((u) => [u._, u.messages]),
    [['updateReadMessagesContents', [got!.id]]],
  )
  assert.deepEqual(
    (await alice.updates()).map((u) => [u._, u.messages]),
    [['updateReadMessagesContents', [sent.id]]],
  )
  assert.equal((await copies(alice, sent.id))[0]?.mediaUnread, undefined)
  assert.equal((await bob.call('messages.readMessageContents', { id: [got!.id] })).ptsCount, 0)
  await alice.call('messages.readMessageContents', { id: [sent.id] })
  assert.deepEqual(await bob.updatesOf('updateReadMessagesContents'), [])
})

test('media that go when they were seen go, in both copies', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const send = async (ttlSeconds: number, randomId: bigint) =>
    newMessage(
      await alice.call('messages.sendMedia', {
        peer: alice.peerOf(bob),
        media: { ...(await photoOf(alice)), ttlSeconds },
        message: '',
        randomId,
      }),
    ).id
  const photo = (message: tl.message | undefined) => (message!.media as tl.messageMediaPhoto).photo?._
  const timed = await send(60, 1n)
  const [got] = await history(bob, bob.peerOf(alice))
  await server.clock.advance(3600)
  assert.equal(photo((await copies(bob, got!.id))[0]), 'photo', 'nobody has seen it yet')
  await bob.call('messages.readMessageContents', { id: [got!.id] })
  await server.clock.advance(30)
  assert.equal(photo((await copies(bob, got!.id))[0]), 'photo')
  await bob.updates()
  await server.clock.advance(31)
  for (const [who, id] of [
    [bob, got!.id],
    [alice, timed],
  ] as const) {
    const [message] = await copies(who, id)
    assert.deepEqual(plain(message?.media), { _: 'messageMediaPhoto', ttlSeconds: 60 })
  }
  assert.deepEqual(
    (await bob.updatesOf('updateEditMessage')).map((u) => u.message.id),
    [got!.id],
  )
  await send(0x7fffffff, 2n)
  const [once] = await history(bob, bob.peerOf(alice))
  await bob.fails('MESSAGE_ID_INVALID', 'messages.forwardMessages', {
    fromPeer: bob.peerOf(alice),
    id: [once!.id],
    randomId: [5n],
    toPeer: { _: 'inputPeerSelf' },
  })
  await bob.call('messages.readMessageContents', { id: [once!.id] })
  assert.equal(photo((await copies(bob, once!.id))[0]), undefined)
  const group = await makeGroup(alice, bob)
  await alice.fails('TTL_MEDIA_INVALID', 'messages.sendMedia', {
    peer: group.peer,
    media: { ...(await photoOf(alice)), ttlSeconds: 5 },
    message: '',
    randomId: 3n,
  })
})

test('media take the place of others of their kind, captions change alone', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const { id } = newMessage(
    await alice.call('messages.sendMedia', { peer, media: await photoOf(alice), message: 'one', randomId: 1n }),
  )
  assert.deepEqual(plain(await alice.call('messages.getMessageEditData', { peer, id })), {
    _: 'messages.messageEditData',
    caption: true,
  })
  await alice.call('messages.editMessage', { peer, id, message: '' })
  const [bare] = await history(bob, bob.peerOf(alice))
  assert.deepEqual([bare!.message, bare!.media?._], ['', 'messageMediaPhoto'])
  const document = await uploadDocument(alice, Buffer.from('text'), { mimeType: 'text/plain' })
  const media: tl.InputMedia = { _: 'inputMediaDocument', id: { ...document, _: 'inputDocument' } }
  await alice.call('messages.editMessage', { peer, id, media, message: 'two' })
  const [edited] = await history(bob, bob.peerOf(alice))
  assert.deepEqual([edited!.message, edited!.media?._], ['two', 'messageMediaDocument'])
  await alice.fails('MEDIA_NEW_INVALID', 'messages.editMessage', {
    peer,
    id,
    media: { _: 'inputMediaDice', emoticon: '🎲' },
  })
  const dice = newMessage(
    await alice.call('messages.sendMedia', {
      peer,
      media: { _: 'inputMediaDice', emoticon: '🎲' },
      message: '',
      randomId: 2n,
    }),
  )
  assert.ok(dice.media?._ === 'messageMediaDice' && dice.media.value >= 1 && dice.media.value <= 6)
  await alice.fails('MEDIA_PREV_INVALID', 'messages.editMessage', { peer, id: dice.id, message: 'six' })
  await alice.fails('MEDIA_PREV_INVALID', 'messages.editMessage', { peer, id: dice.id, media })
  const text = await alice.say(bob, 'text')
  assert.deepEqual(plain(await alice.call('messages.getMessageEditData', { peer, id: text })), {
    _: 'messages.messageEditData',
  })
  await bob.fails('MESSAGE_AUTHOR_REQUIRED', 'messages.getMessageEditData', { peer: bob.peerOf(alice), id: edited!.id })
})

test('a video begins where its sender says, also when it is forwarded, and has the cover they gave it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const peer = alice.peerOf(bob)
  const phone = await alice.device()
  const cover = (await photoOf(alice)).id as tl.inputPhoto
  const attributes: tl.DocumentAttribute[] = [{ _: 'documentAttributeVideo', duration: 90, w: 320, h: 240 }]
  const { id, accessHash, fileReference } = await uploadDocument(alice, movie(320, 240, 90), {
    ...{ name: 'v.mp4', mimeType: 'video/mp4', attributes },
  })
  const media: tl.inputMediaDocument = {
    ...{ _: 'inputMediaDocument', id: { _: 'inputDocument', id, accessHash, fileReference } },
    ...{ videoCover: cover, videoTimestamp: 42 },
  }
  // Another device sends the draft as it finds it there.
  await alice.call('messages.saveDraft', { peer, message: '', media })
  const [told] = await phone.updatesOf('updateDraftMessage')
  const drafted = (told!.draft as tl.draftMessage).media!
  await phone.call('messages.sendMedia', { peer, media: drafted, message: '', randomId: 1n })
  const [theirs] = await history(bob, bob.peerOf(alice))
  const begins = (m: tl.message | undefined) => {
    assert.ok(m?.media?._ === 'messageMediaDocument' && m.media.videoCover?._ === 'photo')
    return [m.media.videoCover.id === cover.id, m.media.videoTimestamp]
  }
  assert.deepEqual(begins(theirs), [true, 42])
  const forward = async (randomId: bigint, options: { videoTimestamp?: number }) => {
    const to = { fromPeer: bob.peerOf(alice), toPeer: bob.peerOf(carol) }
    await bob.call('messages.forwardMessages', { ...to, id: [theirs!.id], randomId: [randomId], ...options })
    const [update] = await carol.updatesOf('updateNewMessage')
    return begins(update!.message as tl.message)
  }
  assert.deepEqual(await forward(1n, {}), [true, 42])
  assert.deepEqual(await forward(2n, { videoTimestamp: 7 }), [true, 7])
  assert.deepEqual(await forward(3n, { videoTimestamp: 0 }), [true, undefined])
})

test('a live location moves, stops and is listed while it lives', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const live = (point: tl.InputGeoPoint, rest = {}): tl.inputMediaGeoLive => ({
    _: 'inputMediaGeoLive',
    geoPoint: point,
    ...rest,
  })
  const { id } = newMessage(
    await alice.call('messages.sendMedia', { peer, media: live(geo(), { period: 900 }), message: '', randomId: 1n }),
  )
  await bob.updates()
  const recent = async () =>
    (
      (await bob.call('messages.getRecentLocations', {
        peer: bob.peerOf(alice),
        limit: 10,
        hash: 0n,
      })) as tl.messages_messages
    ).messages
  assert.equal((await recent()).length, 1)
  await server.clock.advance(60)
  await alice.call('messages.editMessage', { peer, id, media: live(geo(3, 4)) })
  const [moved] = await bob.updatesOf('updateEditMessage')
  const message = moved!.message as tl.message
  assert.ok(message.media?._ === 'messageMediaGeoLive' && message.media.geo._ === 'geoPoint')
  assert.deepEqual([message.media.geo.lat, message.media.period, message.editHide], [3, 900, true])
  await alice.call('messages.editMessage', { peer, id, media: live({ _: 'inputGeoPointEmpty' }, { stopped: true }) })
  assert.deepEqual(await recent(), [])
  const again = newMessage(
    await alice.call('messages.sendMedia', { peer, media: live(geo(), { period: 600 }), message: '', randomId: 2n }),
  )
  assert.equal((await recent()).length, 1)
  await server.clock.advance(601)
  assert.deepEqual(await recent(), [])
  await alice.fails('MESSAGE_EDIT_TIME_EXPIRED', 'messages.editMessage', { peer, id: again.id, media: live(geo(5, 6)) })
})

test('voice messages go only to whom takes them', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const rules = JSON.stringify([{ rule: 'disallowAll' }])
  await server.app.store.transact((trx) =>
    trx.insertInto('privacy').values({ owner: bob.id, key: 'voiceMessages', rules }).execute(),
  )
  await alice.fails('VOICE_MESSAGES_FORBIDDEN', 'messages.sendMedia', {
    peer: alice.peerOf(bob),
    media: await voiceOf(alice),
    message: '',
    randomId: 1n,
  })
  await alice.call('messages.sendMedia', {
    peer: alice.peerOf(bob),
    media: await photoOf(alice),
    message: '',
    randomId: 2n,
  })
})
