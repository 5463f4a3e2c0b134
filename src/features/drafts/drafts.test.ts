import assert from 'node:assert/strict'
import { picture, uploadPhoto } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

test('what is being written shows on every other device, and in the list', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const id = await alice.say(bob, 'hi')
  const phone = await alice.device()
  const entities: tl.MessageEntity[] = [{ _: 'messageEntityBold', offset: 0, length: 5 }]
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: id }
  await alice.call('messages.saveDraft', { peer: alice.peerOf(bob), message: 'hello ', entities, replyTo })
  const [pushed] = await phone.updatesOf('updateDraftMessage')
  const { date } = pushed!.draft as tl.draftMessage
  assert.ok(date <= server.clock.now() / 1000)
  const draft = { _: 'draftMessage', message: 'hello ', entities, replyTo, date }
  const told = { _: 'updateDraftMessage', peer: bob.peerId, draft }
  assert.deepEqual(pushed, told)
  assert.deepEqual(((await phone.call('messages.getAllDrafts', {})) as tl.updates).updates, [told])
  const list = await phone.call('messages.getPeerDialogs', {
    peers: [{ _: 'inputDialogPeer', peer: alice.peerOf(bob) }],
  })
  assert.deepEqual((list.dialogs[0] as tl.dialog).draft, draft)
  await phone.call('messages.saveDraft', { peer: alice.peerOf(bob), message: '' })
  const [cleared] = await alice.updatesOf('updateDraftMessage')
  assert.equal(cleared!.draft._, 'draftMessageEmpty')
  assert.deepEqual(((await alice.call('messages.getAllDrafts', {})) as tl.updates).updates, [])
  assert.deepEqual(await bob.updatesOf('updateDraftMessage'), [])
})

test('a draft where nothing was said yet is kept without a place in the list', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  await alice.call('messages.saveDraft', { peer: alice.peerOf(bob), message: 'dare I' })
  const drafts = (await phone.call('messages.getAllDrafts', {})) as tl.updates
  assert.equal((drafts.updates[0] as tl.updateDraftMessage).draft._, 'draftMessage')
  assert.equal(drafts.users[0]!.id, bob.id)
  const dialogs = (await phone.call('messages.getDialogs', {
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: { _: 'inputPeerEmpty' },
    limit: 10,
    hash: 0n,
  })) as tl.messages_dialogs
  assert.deepEqual(dialogs.dialogs, [])
})

test('sending what was written clears the draft everywhere', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const phone = await alice.device()
  const peer = alice.peerOf(bob)
  await alice.call('messages.saveDraft', { peer, message: 'hel' })
  await alice.call('messages.saveDraft', { peer: alice.peerOf(carol), message: 'other' })
  await phone.updates()
  await alice.call('messages.sendMessage', { peer, message: 'hello', randomId: 1n, clearDraft: true })
  const [cleared] = await phone.updatesOf('updateDraftMessage')
  assert.deepEqual([cleared!.peer, cleared!.draft._], [bob.peerId, 'draftMessageEmpty'])
  await alice.call('messages.clearAllDrafts', {})
  const [other] = await phone.updatesOf('updateDraftMessage')
  assert.deepEqual(other!.peer, carol.peerId)
  assert.deepEqual(((await phone.call('messages.getAllDrafts', {})) as tl.updates).updates, [])
})

test('drafts are refused where they cannot be', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  await alice.fails('PEER_ID_INVALID', 'messages.saveDraft', { peer: { ...peer, accessHash: 1n }, message: 'x' })
  await alice.fails('ENTITY_BOUNDS_INVALID', 'messages.saveDraft', {
    peer,
    message: 'x',
    entities: [{ _: 'messageEntityBold', offset: 0, length: 2 }],
  })
  // A message that is gone is not answered any more: without it nothing is left of this draft.
  await alice.call('messages.saveDraft', {
    peer,
    message: '',
    replyTo: { _: 'inputReplyToMessage', replyToMsgId: 99 },
  })
  assert.deepEqual(((await alice.call('messages.getAllDrafts', {})) as tl.updates).updates, [])
})

test('a rich message being written shows on other devices with photos that they can open', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  const peer = alice.peerOf(bob)
  const text: tl.RichText = { _: 'textPlain', text: 'half a thought' }
  const paragraph: tl.PageBlock = { _: 'pageBlockParagraph', text }
  const richMessage: tl.inputRichMessage = { _: 'inputRichMessage', blocks: [paragraph] }
  await alice.call('messages.saveDraft', { peer, message: '', richMessage })
  const [first] = await phone.updatesOf('updateDraftMessage')
  assert.deepEqual((first!.draft as tl.draftMessage).richMessage!.blocks, [paragraph])
  const { id, accessHash, fileReference } = await uploadPhoto(alice, await picture(100, 100))
  const empty: tl.RichText = { _: 'textEmpty' }
  const photo: tl.PageBlock = {
    _: 'pageBlockPhoto',
    photoId: id,
    caption: { _: 'pageCaption', text: empty, credit: empty },
  }
  const photos: tl.InputPhoto[] = [{ _: 'inputPhoto', id, accessHash, fileReference }]
  await alice.call('messages.saveDraft', {
    peer,
    message: '',
    richMessage: { ...richMessage, blocks: [photo], photos },
  })
  const [second] = await phone.updatesOf('updateDraftMessage')
  const shown = (second!.draft as tl.draftMessage).richMessage!.photos[0] as tl.photo
  const all = (await phone.call('messages.getAllDrafts', {})) as tl.updates
  const listed = ((all.updates[0] as tl.updateDraftMessage).draft as tl.draftMessage).richMessage!
  const dialogs = await phone.call('messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeer', peer }] })
  const inList = ((dialogs.dialogs[0] as tl.dialog).draft as tl.draftMessage).richMessage!
  for (const one of [shown, listed.photos[0] as tl.photo, inList.photos[0] as tl.photo]) {
    const location = {
      _: 'inputPhotoFileLocation' as const,
      thumbSize: (one.sizes.at(-1) as tl.photoSize).type,
      ...{ id: one.id, accessHash: one.accessHash, fileReference: one.fileReference },
    }
    assert.equal((await phone.call('upload.getFile', { location, offset: 0, limit: 4096 }))._, 'upload.file')
  }
  await alice.fails('RICH_MESSAGE_EMPTY', 'messages.saveDraft', {
    ...{ peer, message: '', richMessage: { ...richMessage, blocks: [] } },
  })
  await alice.fails('RICH_MESSAGE_PHOTO_INVALID', 'messages.saveDraft', {
    ...{ peer, message: '', richMessage: { ...richMessage, blocks: [photo] } },
  })
})

test('what is to be sent with a draft is kept by name, for devices that did not upload it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  const peer = alice.peerOf(bob)
  const { id, accessHash, fileReference } = await uploadPhoto(alice, await picture(100, 100))
  const media: tl.InputMedia = { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id, accessHash, fileReference } }
  await alice.call('messages.saveDraft', { peer, message: 'look', media })
  const [told] = await phone.updatesOf('updateDraftMessage')
  const kept = (told!.draft as tl.draftMessage).media!
  assert.equal(((kept as tl.inputMediaPhoto).id as tl.inputPhoto).id, id)
  const all = (await phone.call('messages.getAllDrafts', {})) as tl.updates
  assert.deepEqual(((all.updates[0] as tl.updateDraftMessage).draft as tl.draftMessage).media, kept)
  await phone.call('messages.sendMedia', { peer, media: kept, message: 'look', randomId: 1n, clearDraft: true })
  const [sent] = await bob.updatesOf('updateNewMessage')
  assert.equal((((sent!.message as tl.message).media as tl.messageMediaPhoto).photo as tl.photo).id, id)
  const foreign: tl.InputMedia = { ...media, id: { _: 'inputPhoto', id, accessHash: 1n, fileReference } }
  await alice.call('messages.saveDraft', { peer, message: 'look', media: foreign })
  const [other] = (await phone.updatesOf('updateDraftMessage')).slice(-1)
  assert.deepEqual(
    [(other!.draft as tl.draftMessage).message, (other!.draft as tl.draftMessage).media],
    ['look', undefined],
  )
  const point: tl.InputMedia = { _: 'inputMediaGeoPoint', geoPoint: { _: 'inputGeoPoint', lat: 48.1, long: 11.6 } }
  await alice.call('messages.saveDraft', { peer, message: '', media: point })
  const [here] = await phone.updatesOf('updateDraftMessage')
  assert.deepEqual((here!.draft as tl.draftMessage).media, point)
})
