import assert from 'node:assert/strict'
import { uploadDocument } from '../../../test/harness/files.ts'
import { type Device, type Person, plain, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const gifOf = async (who: Person, text: string): Promise<tl.inputDocument> => {
  const attributes: tl.DocumentAttribute[] = [
    { _: 'documentAttributeVideo', duration: 1, w: 10, h: 10 },
    { _: 'documentAttributeAnimated' },
  ]
  const document = await uploadDocument(who, Buffer.from(text), { mimeType: 'video/mp4', attributes })
  const { id, accessHash, fileReference } = document
  return { _: 'inputDocument', id, accessHash, fileReference }
}
const saved = async (who: Person | Device) =>
  (await who.call('messages.getSavedGifs', { hash: 0n })) as tl.messages_savedGifs

test('saved GIFs show on every device, the newest first, and what was sent is among them', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  const [one, two] = [await gifOf(alice, 'one'), await gifOf(alice, 'two')]
  await alice.call('messages.saveGif', { id: one, unsave: false })
  await alice.call('messages.saveGif', { id: two, unsave: false })
  assert.equal((await phone.updatesOf('updateSavedGifs')).length, 2)
  const { gifs, hash } = await saved(phone)
  assert.deepEqual(
    gifs.map((d) => d.id),
    [two.id, one.id],
  )
  assert.equal((await phone.call('messages.getSavedGifs', { hash }))._, 'messages.savedGifsNotModified')
  await alice.call('messages.saveGif', { id: two, unsave: true })
  assert.deepEqual(
    (await saved(phone)).gifs.map((d) => d.id),
    [one.id],
  )
  await phone.updates()
  const media: tl.InputMedia = { _: 'inputMediaDocument', id: two }
  await alice.call('messages.sendMedia', { peer: alice.peerOf(bob), media, message: '', randomId: 1n })
  assert.deepEqual(plain(await phone.updatesOf('updateSavedGifs')), [{ _: 'updateSavedGifs' }])
  assert.deepEqual(
    (await saved(phone)).gifs.map((d) => d.id),
    [two.id, one.id],
  )
  assert.deepEqual((await saved(bob)).gifs, [])
  const { id, accessHash, fileReference } = await uploadDocument(alice, Buffer.from('text'))
  const file: tl.inputDocument = { _: 'inputDocument', id, accessHash, fileReference }
  await alice.fails('GIF_ID_INVALID', 'messages.saveGif', { id: file, unsave: false })
})
