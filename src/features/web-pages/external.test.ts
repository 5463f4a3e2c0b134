import assert from 'node:assert/strict'
import { documentLocation, download, movie, photoLocation, picture } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { bytes, html, pageUpdate, website } from './test-website.ts'

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

test('a link to a video or to music shows what can be played there', async () => {
  const frame = Buffer.alloc(417)
  frame.set([0xff, 0xfb, 0x90, 0x00])
  const film = movie(320, 240, 2.5)
  await using web = await website({
    '/film.mp4': bytes(film, 'video/mp4'),
    '/song.mp3': bytes(Buffer.concat(Array.from({ length: 383 }, () => frame)), 'audio/mpeg'),
    '/none.mp4': bytes(Buffer.from('no video'), 'video/mp4'),
    '/player.mp4': html('<title>A player</title>'),
  })
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const shown = async (path: string) => {
    await alice.say(bob, web.at(path))
    return (await pageUpdate(bob)).webpage as tl.webPage
  }
  const page = await shown('/film.mp4')
  assert.deepEqual([page.type, page.title, page.siteName], ['video', 'film.mp4', '127.0.0.1'])
  assert.deepEqual(await download(bob, documentLocation(page.document as tl.document)), film)
  const song = await shown('/song.mp3')
  const sound = (song.document as tl.document).attributes.find((a) => a._ === 'documentAttributeAudio')
  assert.deepEqual([song.type, sound?.duration], ['audio', 10])
  assert.equal((await shown('/none.mp4'))._, 'webPageEmpty')
  const player = await shown('/player.mp4')
  assert.deepEqual([player.type, player.title, player.document], ['article', 'A player', undefined])
})

test('a file is sent by the address where it stands: music, moving pictures, videos, documents, but no pages', async () => {
  const pdf = Buffer.from('%PDF-1.4 an agenda')
  await using web = await website({
    '/party/agenda%20of%20May.pdf': bytes(pdf, 'application/pdf'),
    '/cat.gif': bytes(await picture(40, 30, 'gif'), 'image/gif'),
    '/film.mp4': bytes(movie(320, 240, 2.5), 'video/mp4'),
    '/empty.pdf': bytes(Buffer.alloc(0), 'application/pdf'),
    '/large.zip': (res) => {
      res.writeHead(200, { 'content-type': 'application/zip', 'content-length': 21 * 1024 * 1024 })
      res.end()
    },
    '/page': html('<title>A page</title>'),
  })
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const file = (url: string): tl.InputMedia => ({ _: 'inputMediaDocumentExternal', url })
  const sent = async (path: string, randomId: bigint) => {
    await alice.call('messages.sendMedia', { peer, media: file(web.at(path)), message: '', randomId })
    const [told] = await bob.updatesOf('updateNewMessage')
    return ((told!.message as tl.message).media as tl.messageMediaDocument).document as tl.document
  }
  const agenda = await sent('/party/agenda%20of%20May.pdf', 1n)
  const name: tl.DocumentAttribute = { _: 'documentAttributeFilename', fileName: 'agenda of May.pdf' }
  assert.deepEqual([agenda.mimeType, agenda.attributes], ['application/pdf', [name]])
  assert.deepEqual(await download(bob, documentLocation(agenda)), pdf)
  const cat = await sent('/cat.gif', 2n)
  assert.ok(cat.mimeType === 'image/gif' && cat.attributes.some((a) => a._ === 'documentAttributeAnimated'))
  const film = await sent('/film.mp4', 3n)
  const video = film.attributes.find((a) => a._ === 'documentAttributeVideo')
  assert.deepEqual([video?.w, video?.h, video?.duration], [320, 240, 2.5])
  const refused: [string, string][] = [
    ['agenda.pdf', 'EXTERNAL_URL_INVALID'],
    [web.at('/gone.pdf'), 'WEBPAGE_CURL_FAILED'],
    [web.at('/page'), 'WEBPAGE_CURL_FAILED'],
    [web.at('/large.zip'), 'WEBPAGE_CURL_FAILED'],
    [web.at('/empty.pdf'), 'WEBPAGE_MEDIA_EMPTY'],
    ['http://127.0.0.1:1/agenda.pdf', 'WEBPAGE_CURL_FAILED'],
  ]
  for (const [url, error] of refused) {
    const bad = { peer, media: file(url), message: '', randomId: 4n }
    await alice.fails(error as 'WEBPAGE_CURL_FAILED', 'messages.sendMedia', bad)
  }
})
