import assert from 'node:assert/strict'
import { documentLocation, download, photoLocation, picture, upload } from '../../../test/harness/files.ts'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { ownPath } from '../../domain/web/own-links.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'
import { makeSet } from '../stickers/test-stickers.ts'
import { html, pageUpdate, website } from './test-website.ts'

/** What a link turns out to show to whoever is sent it. */
async function shownTo(reader: Person, writer: Person, url: string): Promise<tl.WebPage> {
  await writer.say(reader, `look at ${url}`)
  return (await pageUpdate(reader)).webpage
}
const facts = (page: tl.WebPage) => {
  const { type, title, description } = page as tl.webPage
  return [page._, type, title, description]
}

test('a link to a channel of the server shows that channel, or the post that it names', async () => {
  await using server = await startTestServer({ previewHosts: new Set() })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const channel = await makeChannel('channel', alice, bob)
  await alice.call('channels.updateUsername', { channel: channel.of(alice), username: 'dailynews' })
  await alice.call('messages.editChatAbout', { peer: channel.peer(alice), about: 'All that is new' })
  const file = await upload(alice, await picture(640, 640), { name: 'news.jpg' })
  await alice.call('channels.editPhoto', {
    ...{ channel: channel.of(alice), photo: { _: 'inputChatUploadedPhoto', file } },
  })
  const post = await alice.say(channel.peer(alice), 'Nothing\nhappened')
  const page = (await shownTo(carol, bob, 'https://t.me/DailyNews')) as tl.webPage
  assert.deepEqual(facts(page), ['webPage', 'telegram_channel', 'Place', 'All that is new'])
  assert.deepEqual([page.siteName, page.displayUrl, page.hasLargeMedia], ['Telegram', 't.me/DailyNews', undefined])
  const large = (page.photo as tl.photo).sizes.at(-1) as tl.photoSize
  assert.ok((await download(carol, photoLocation(page.photo as tl.photo, large.type))).length > 100)
  const said = ['webPage', 'telegram_message', 'Place', 'Nothing happened']
  assert.deepEqual(facts(await shownTo(carol, bob, `https://t.me/dailynews/${post}`)), said)
  assert.deepEqual(facts(await shownTo(carol, bob, `dailynews.t.me/${post}`)), said)
  // What may not be copied out of the channel does not leave it this way either.
  await alice.call('messages.toggleNoForwards', { peer: channel.peer(alice), enabled: true })
  const kept = await shownTo(carol, bob, `https://t.me/dailynews/${post}?single`)
  assert.deepEqual(facts(kept).slice(1, 3), ['telegram_channel', 'Place'])
  assert.equal((await shownTo(carol, bob, 'https://t.me/nobody_here'))._, 'webPageEmpty')
})

test('an invitation shows where it leads, to whoever has it; of people there is nothing but the name', async () => {
  await using server = await startTestServer({ previewHosts: new Set() })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice)
  const invite = async (requestNeeded: boolean) =>
    (await alice.call('messages.exportChatInvite', { peer: group.peer(alice), requestNeeded })) as tl.chatInviteExported
  const open = await invite(false)
  assert.deepEqual(facts(await shownTo(carol, bob, open.link)), ['webPage', 'telegram_megagroup', 'Place', undefined])
  const asked = await invite(true)
  assert.equal(((await shownTo(carol, bob, asked.link)) as tl.webPage).type, 'telegram_megagroup_request')
  const made = await alice.call('messages.createChat', { users: [], title: 'Basic' })
  const chatId = (made.updates as tl.updates).chats[0]!.id
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId }
  const basic = (await alice.call('messages.exportChatInvite', { peer })) as tl.chatInviteExported
  const old = basic.link.replace('/+', '/joinchat/')
  assert.deepEqual(facts(await shownTo(carol, bob, old)), ['webPage', 'telegram_chat', 'Basic', undefined])
  const gone = await invite(false)
  await alice.call('messages.editExportedChatInvite', { peer: group.peer(alice), link: gone.link, revoked: true })
  assert.equal((await shownTo(carol, bob, gone.link))._, 'webPageEmpty')

  await alice.call('account.updateUsername', { username: 'alice_here' })
  await alice.call('account.updateProfile', { about: 'for friends' })
  assert.deepEqual(facts(await shownTo(carol, bob, 'http://telegram.me/alice_here')), [
    ...['webPage', 'telegram_user', 'Alice', undefined],
  ])
})

test('a link to stickers shows the first of them', async () => {
  await using server = await startTestServer({ previewHosts: new Set() })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = await makeSet(alice)
  const page = (await shownTo(bob, alice, `https://t.me/addstickers/${made.set.shortName}`)) as tl.webPage
  assert.deepEqual(facts(page), ['webPage', 'telegram_stickerset', 'Cats', undefined])
  const [attribute] = page.attributes as tl.webPageAttributeStickerSet[]
  const [sticker] = attribute!.stickers as tl.document[]
  assert.ok((await download(bob, documentLocation(sticker!))).length > 0)
  const own = sticker!.attributes.find((a) => a._ === 'documentAttributeSticker')!.stickerset as tl.inputStickerSetID
  const { set } = (await bob.call('messages.getStickerSet', { stickerset: own, hash: 0 })) as tl.messages_stickerSet
  assert.equal(set.title, 'Cats')
  assert.equal((await shownTo(bob, alice, `https://t.me/addemoji/${made.set.shortName}`))._, 'webPageEmpty')
})

test('links to others are none of the server’s own', async () => {
  assert.deepEqual(ownPath('https://t.me/a_name/12?single'), ['a_name', '12'])
  assert.deepEqual(ownPath('https://www.t.me/+x'), ['+x'])
  assert.deepEqual(ownPath('https://some_name.t.me/'), ['some_name'])
  for (const url of ['https://not-t.me/x', 'https://t.me.example/x', 'https://example.com/t.me/x']) {
    assert.equal(ownPath(url), undefined)
  }
})

test('a link that opens an article is shown as the page that it names', async () => {
  const paragraphs = Array.from(
    { length: 8 },
    (_, i) => `<p>Paragraph ${i} ${'of an article that goes on. '.repeat(6)}</p>`,
  )
  await using web = await website({
    '/story': html(`<title>The story</title><article><h1>The story</h1>${paragraphs.join('')}</article>`),
  })
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const url = `https://t.me/iv?url=${encodeURIComponent(web.at('/story'))}&rhash=12ab34`
  const page = (await shownTo(bob, alice, url)) as tl.webPage
  assert.deepEqual(
    [page.title, page.url, page.displayUrl],
    ['The story', url, web.at('/story').slice('http://'.length)],
  )
  const opened = (await bob.call('messages.getWebPage', { url, hash: 0 })).webpage as tl.webPage
  assert.ok(opened.cachedPage!.blocks.length > paragraphs.length)
  assert.deepEqual(web.asked, ['/story'])
})

test('clients wait for a pending page until it comes, and ask no more often', async () => {
  await using server = await startTestServer({ previewHosts: new Set(['127.0.0.1:1']) })
  const alice = await server.person('Alice')
  const { media } = await alice.call('messages.getWebPagePreview', { message: 'http://127.0.0.1:1/' })
  const { webpage } = media as tl.messageMediaWebPage
  assert.equal(webpage._, 'webPagePending')
  assert.ok((webpage as tl.webPagePending).date > server.clock.now() / 1000 + 60)
})
