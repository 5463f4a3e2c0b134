import assert from 'node:assert/strict'
import { download, photoLocation, picture } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { bytes, html, website } from './test-website.ts'

test('a photo is sent by the address where it stands', async () => {
  await using web = await website({
    '/cat.png': bytes(await picture(600, 400, 'png'), 'image/png'),
    '/broken.png': bytes(Buffer.from('no picture'), 'image/png'),
    '/page': html('<title>A page</title>'),
  })
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const photo = (url: string): tl.InputMedia => ({ _: 'inputMediaPhotoExternal', url, spoiler: true })
  await alice.call('messages.sendMedia', { peer, media: photo(web.at('/cat.png')), message: 'look', randomId: 1n })
  const [told] = await bob.updatesOf('updateNewMessage')
  const { message, media } = told!.message as tl.message
  const { photo: seen, spoiler } = media as tl.messageMediaPhoto
  assert.deepEqual([message, spoiler], ['look', true])
  const largest = (seen as tl.photo).sizes.at(-1) as tl.photoSize
  assert.deepEqual([largest.w, largest.h], [600, 400])
  assert.ok((await download(bob, photoLocation(seen as tl.photo, largest.type))).length > 0)
  const refused: [string, string][] = [
    ['ftp://example.com/cat.png', 'EXTERNAL_URL_INVALID'],
    ['cat.png', 'EXTERNAL_URL_INVALID'],
    [web.at('/gone.png'), 'WEBPAGE_CURL_FAILED'],
    [web.at('/page'), 'WEBPAGE_CURL_FAILED'],
    [web.at('/broken.png'), 'WEBPAGE_MEDIA_EMPTY'],
    ['http://10.0.0.1/cat.png', 'WEBPAGE_CURL_FAILED'],
  ]
  for (const [url, error] of refused) {
    const bad = { peer, media: photo(url), message: '', randomId: 2n }
    await alice.fails(error as 'WEBPAGE_CURL_FAILED', 'messages.sendMedia', bad)
  }
})
