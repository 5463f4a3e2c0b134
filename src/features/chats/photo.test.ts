import assert from 'node:assert/strict'
import sharp from 'sharp'
import { download, picture, upload, uploadPhoto } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

test("a group's photo is told to its members, who alone may see it", async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const made = await alice.call('messages.createChat', { title: 'Trip', users: [alice.userOf(bob)] })
  const chatId = (made.updates as tl.updates).chats[0]!.id
  await bob.updates()
  const file = await upload(alice, await picture(500, 400))
  const photo = { _: 'inputChatUploadedPhoto', file } as const
  await alice.call('messages.editChatPhoto', { chatId, photo })
  const [update] = await bob.updatesOf('updateNewMessage')
  const action = (update!.message as tl.messageService).action as tl.messageActionChatEditPhoto
  const { chats } = await bob.call('messages.getChats', { id: [chatId] })
  const { photoId, strippedThumb } = (chats[0] as tl.chat).photo as tl.chatPhoto
  assert.equal(photoId, action.photo.id)
  assert.equal(strippedThumb?.[0], 1)
  const location = {
    _: 'inputPeerPhotoFileLocation',
    big: true,
    peer: { _: 'inputPeerChat', chatId },
    photoId,
  } as const
  assert.equal((await sharp(await download(bob, location)).metadata()).width, 400)
  await carol.fails('PEER_ID_INVALID', 'upload.getFile', { location, offset: 0, limit: 4096 })
  await carol.fails('CHAT_ID_INVALID', 'messages.editChatPhoto', { chatId, photo })
  // A photo that somebody has met may be put up again; taking none away changes nothing.
  const sent = await uploadPhoto(bob, await picture(600, 600))
  const again = { _: 'inputChatPhoto', id: { ...sent, _: 'inputPhoto' } } as const
  await bob.call('messages.editChatPhoto', { chatId, photo: again })
  const none = { _: 'inputChatPhotoEmpty' } as const
  await alice.call('messages.editChatPhoto', { chatId, photo: none })
  await alice.fails('CHAT_NOT_MODIFIED', 'messages.editChatPhoto', { chatId, photo: none })
  const after = await bob.call('messages.getChats', { id: [chatId] })
  assert.equal((after.chats[0] as tl.chat).photo._, 'chatPhotoEmpty')
  await alice.fails('PHOTO_INVALID', 'messages.editChatPhoto', { chatId, photo: { _: 'inputChatUploadedPhoto' } })
  const small = await upload(alice, await picture(100, 100))
  await alice.fails('PHOTO_CROP_SIZE_SMALL', 'messages.editChatPhoto', { chatId, photo: { ...photo, file: small } })
})
