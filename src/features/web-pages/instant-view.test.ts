import assert from 'node:assert/strict'
import { documentLocation, download, movie, photoLocation, picture } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { bytes, html, pageUpdate, website } from './test-website.ts'

const PROSE = `<p>${'A sentence of some words that stands for the text of an article. '.repeat(6)}</p>`

test('an article is opened as a page of blocks, with pictures that the server keeps', async () => {
  const one = await picture(600, 400, 'png')
  let text = 'First version'
  await using web = await website({
    '/article': (res) =>
      html(`<title>The title</title><article><h1>The title</h1><p>${text}</p><figure><img src="/one.png">
        <figcaption>A view</figcaption></figure><figure><img src="/gone.png"></figure><img src="http://10.0.0.1/in.png">
        <video src="/film.mp4"></video>${PROSE}</article>`)(res),
    '/one.png': bytes(one, 'image/png'),
    '/film.mp4': bytes(movie(640, 360), 'video/mp4'),
    '/cover': html(`<meta property="og:image" content="/one.png"><article><h1>T</h1>${PROSE}</article>`),
    '/plain': html('<title>No article</title><p>x</p>'),
  })
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const url = web.at('/article')
  await alice.say(bob, url)
  const told = (await pageUpdate(bob)).webpage as tl.webPage
  // The message says that there is an article and carries no more than its beginning.
  const sample = told.cachedPage!
  assert.deepEqual([sample.part, sample.blocks.map((b) => b._), sample.photos], [true, ['pageBlockTitle'], []])

  const open = async (hash = 0) => (await bob.call('messages.getWebPage', { url, hash })).webpage
  const webpage = (await open()) as tl.webPage
  const page = webpage.cachedPage!
  assert.deepEqual([page.part, page.url, page.views], [undefined, url, 1])
  const kinds = ['Title', 'Paragraph', 'Photo', 'Video', 'Paragraph']
  assert.deepEqual(
    page.blocks.map((block) => block._),
    kinds.map((kind) => `pageBlock${kind}`),
  )
  const [, , photoBlock, videoBlock] = page.blocks as [any, any, tl.pageBlockPhoto, tl.pageBlockVideo]
  const photo = page.photos.find((each) => each.id === photoBlock.photoId) as tl.photo
  assert.deepEqual(photoBlock.caption.text, { _: 'textPlain', text: 'A view' })
  const size = photo.sizes.at(-1) as tl.photoSize
  assert.ok((await download(bob, photoLocation(photo, size.type))).length > 100)
  const document = page.documents.find((each) => each.id === videoBlock.videoId) as tl.document
  assert.deepEqual(await download(bob, documentLocation(document)), movie(640, 360))
  const video = document.attributes.find((a) => a._ === 'documentAttributeVideo') as tl.documentAttributeVideo
  assert.deepEqual([video.w, video.h], [640, 360])

  assert.deepEqual(await open(webpage.hash), { _: 'webPageNotModified', cachedPageViews: 2 })
  // Another day the page says something else: whoever has the old one gets the new, and the same picture again.
  text = 'Second version'
  await server.clock.advance(2 * 86_400)
  await open(webpage.hash)
  await pageUpdate(bob)
  const later = (await open(webpage.hash)) as tl.webPage
  assert.notEqual(later.hash, webpage.hash)
  assert.deepEqual((later.cachedPage!.blocks[1] as tl.pageBlockParagraph).text, { _: 'textPlain', text })
  assert.equal((later.cachedPage!.blocks[2] as tl.pageBlockPhoto).photoId, photo.id)

  await alice.say(bob, web.at('/cover'))
  const shown = (await pageUpdate(bob)).webpage as tl.webPage
  const covered = (await bob.call('messages.getWebPage', { url: web.at('/cover'), hash: 0 })).webpage as tl.webPage
  const cover = covered.cachedPage!.blocks[1] as tl.pageBlockCover
  assert.deepEqual([cover._, (cover.cover as tl.pageBlockPhoto).photoId], ['pageBlockCover', shown.photo!.id])

  await alice.say(bob, web.at('/plain'))
  assert.equal(((await pageUpdate(bob)).webpage as tl.webPage).cachedPage, undefined)
  const none = (await bob.call('messages.getWebPage', { url: web.at('/plain'), hash: 0 })).webpage as tl.webPage
  assert.deepEqual([none.title, none.cachedPage], ['No article', undefined])
  await bob.fails('WC_CONVERT_URL_INVALID', 'messages.getWebPage', { url: 'javascript:alert(1)', hash: 0 })
})
