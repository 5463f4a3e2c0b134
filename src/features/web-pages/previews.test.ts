import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { download, photoLocation, picture } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type { Person } from '../../../test/harness/person.ts'
import type * as tl from '../../tl/gen/types.ts'
import { bytes, html, pageUpdate, website } from './test-website.ts'

const randomId = () => randomBytes(8).readBigInt64LE()

const mediaOf = (updates: tl.Updates): tl.MessageMedia | undefined => {
  const list = (updates as tl.updates).updates ?? []
  const found = list.find((u) => u._ === 'updateNewMessage' || u._ === 'updateEditMessage') as tl.updateNewMessage
  return (found?.message as tl.message | undefined)?.media
}
const history = async (who: Person, other: Person) => {
  const page = await who.call('messages.getHistory', {
    ...{ peer: who.peerOf(other), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n },
  })
  return (page as tl.messages_messages).messages as tl.message[]
}

test('a link is sent with a pending page, whose preview reaches both sides when it is there', async () => {
  await using web = await website({
    '/article': html(
      `<title>x</title><meta property="og:title" content="A title"><meta property="og:description" content="About it">
      <meta property="og:site_name" content="The site"><meta property="og:image" content="/pic.png">`,
    ),
    '/pic.png': bytes(await picture(600, 400, 'png'), 'image/png'),
  })
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const url = web.at('/article')
  const sent = await alice.call('messages.sendMessage', { peer: alice.peerOf(bob), message: url, randomId: randomId() })
  const pending = (mediaOf(sent) as tl.messageMediaWebPage).webpage as tl.webPagePending
  assert.equal(pending._, 'webPagePending')
  assert.equal(pending.url, url)
  const [mine, theirs] = [await pageUpdate(alice), await pageUpdate(bob)]
  const page = theirs.webpage as tl.webPage
  assert.equal(page.id, pending.id)
  assert.equal((mine.webpage as tl.webPage).id, pending.id)
  assert.deepEqual(
    [page.title, page.description, page.siteName, page.type, page.url, page.hasLargeMedia],
    ['A title', 'About it', 'The site', 'article', url, true],
  )
  assert.equal(theirs.ptsCount, 1)
  const photo = page.photo as tl.photo
  const large = photo.sizes.at(-1) as tl.photoSize
  assert.ok((await download(bob, photoLocation(photo, large.type))).length > 100)
  // The message shows it from now on; the next one has it at once, and nothing is fetched again.
  const [message] = await history(bob, alice)
  assert.equal(((message!.media as tl.messageMediaWebPage).webpage as tl.webPage).title, 'A title')
  const count = web.asked.length
  const again = await bob.call('messages.sendMessage', { peer: bob.peerOf(alice), message: url, randomId: randomId() })
  assert.equal(((mediaOf(again) as tl.messageMediaWebPage).webpage as tl.webPage).title, 'A title')
  assert.equal(web.asked.length, count)
  // A day later it is.
  server.clock.advance(2 * 86_400)
  await alice.say(bob, url)
  await pageUpdate(bob)
  assert.ok(web.asked.length > count)
})

test('a page without a preview leaves its message without media', async () => {
  await using web = await website({})
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.say(bob, `see ${web.at('/gone')}`)
  assert.equal((await pageUpdate(bob)).webpage._, 'webPageEmpty')
  const [message] = await history(bob, alice)
  assert.equal(message!.media, undefined)
  // Not asked again so soon.
  const sent = await alice.call('messages.sendMessage', {
    ...{ peer: alice.peerOf(bob), message: web.at('/gone'), randomId: randomId() },
  })
  assert.equal(mediaOf(sent), undefined)
  assert.equal(web.asked.length, 1)
})

test('what is private is never asked, and a sender can do without a preview', async () => {
  await using web = await website({ '/a': html('<title>A</title>') })
  // Previews are on, for another address than this one.
  await using server = await startTestServer({ previewHosts: new Set(['127.0.0.1:1']) })
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.say(bob, web.at('/a'))
  assert.equal((await pageUpdate(bob)).webpage._, 'webPageEmpty')
  assert.deepEqual(web.asked, [])
  const without = await alice.call('messages.sendMessage', {
    ...{ peer: alice.peerOf(bob), message: web.at('/b'), noWebpage: true, randomId: randomId() },
  })
  assert.equal(without._, 'updateShortSentMessage')
})

test('without previews links are text', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const message = 'http://example.com/'
  const sent = await alice.call('messages.sendMessage', { peer: alice.peerOf(bob), message, randomId: randomId() })
  assert.equal(sent._, 'updateShortSentMessage')
  assert.equal((await alice.call('messages.getWebPagePreview', { message })).media._, 'messageMediaEmpty')
  assert.equal((await alice.call('messages.getWebPage', { url: message, hash: 0 })).webpage._, 'webPageEmpty')
})

test('previews are asked for before sending, chosen, and changed by editing', async () => {
  await using web = await website({
    '/a': html('<title>A</title>'),
    '/b': html('<title>B</title>'),
    '/pic.png': bytes(await picture(400, 400, 'png'), 'image/png'),
  })
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const preview = () => alice.call('messages.getWebPagePreview', { message: `look: ${web.at('/a')}` })
  assert.equal(((await preview()).media as tl.messageMediaWebPage).webpage._, 'webPagePending')
  assert.equal(((await pageUpdate(alice)).webpage as tl.webPage).title, 'A')
  assert.equal((((await preview()).media as tl.messageMediaWebPage).webpage as tl.webPage).title, 'A')
  const { webpage } = await alice.call('messages.getWebPage', { url: web.at('/a'), hash: 0 })
  const { hash } = webpage as tl.webPage
  const same = await alice.call('messages.getWebPage', { url: web.at('/a'), hash })
  assert.equal(same.webpage._, 'webPageNotModified')
  await alice.fails('WC_CONVERT_URL_INVALID', 'messages.getWebPage', { url: 'tg://x', hash: 0 })
  await alice.fails('MESSAGE_EMPTY', 'messages.getWebPagePreview', { message: ' ' })

  const peer = alice.peerOf(bob)
  const media = { _: 'inputMediaWebPage' as const, url: web.at('/a'), forceLargeMedia: true }
  const sent = await alice.call('messages.sendMedia', { peer, media, message: 'chosen', randomId: randomId() })
  const chosen = mediaOf(sent) as tl.messageMediaWebPage
  assert.deepEqual([chosen.manual, chosen.forceLargeMedia, (chosen.webpage as tl.webPage).title], [true, true, 'A'])
  await alice.fails('WEBPAGE_URL_INVALID', 'messages.sendMedia', {
    ...{ peer, media: { ...media, url: 'ftp://x.y' }, message: 'x', randomId: randomId() },
  })

  const [{ id }] = (await history(alice, bob)) as [tl.message]
  await alice.call('messages.editMessage', { peer, id, message: web.at('/b') })
  assert.equal(((await pageUpdate(bob)).webpage as tl.webPage).title, 'B')
  const [edited] = await history(bob, alice)
  assert.equal(((edited!.media as tl.messageMediaWebPage).webpage as tl.webPage).title, 'B')
  await alice.call('messages.editMessage', { peer, id, message: web.at('/b'), noWebpage: true })
  assert.equal((await history(bob, alice))[0]!.media, undefined)

  await alice.say(bob, web.at('/pic.png'))
  const shown = (await pageUpdate(bob)).webpage as tl.webPage
  assert.deepEqual([shown.type, shown.photo?._], ['photo', 'photo'])
})

test('a group that keeps its members from links gets them without previews', async () => {
  await using web = await website({ '/a': html('<title>A</title>') })
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = await alice.call('messages.createChat', { users: [alice.userOf(bob)], title: 'Group' })
  const { id } = ((made as tl.messages_invitedUsers).updates as tl.updates).chats[0] as tl.chat
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId: Number(id) }
  await alice.call('messages.editChatDefaultBannedRights', {
    ...{ peer, bannedRights: { _: 'chatBannedRights', embedLinks: true, untilDate: 0 } },
  })
  const send = { peer, message: web.at('/a') }
  assert.equal(mediaOf(await bob.call('messages.sendMessage', { ...send, randomId: randomId() })), undefined)
  const sent = await alice.call('messages.sendMessage', { ...send, randomId: randomId() })
  assert.equal(mediaOf(sent)?._, 'messageMediaWebPage')
  assert.equal(((await pageUpdate(bob)).webpage as tl.webPage).title, 'A')
  const saved = await bob.say({ _: 'inputPeerSelf' }, web.at('/a'))
  await bob.fails('CHAT_SEND_WEBPAGE_FORBIDDEN', 'messages.forwardMessages', {
    ...{ fromPeer: { _: 'inputPeerSelf' }, toPeer: peer, id: [saved], randomId: [randomId()] },
  })
})

test('a scheduled message gets its preview when it is sent', async () => {
  await using web = await website({ '/a': html('<title>A</title>') })
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const scheduleDate = Math.floor(server.clock.now() / 1000) + 3600
  await alice.call('messages.sendMessage', {
    ...{ peer: alice.peerOf(bob), message: web.at('/a'), randomId: randomId(), scheduleDate },
  })
  const queue = await alice.call('messages.getScheduledHistory', { peer: alice.peerOf(bob), hash: 0n })
  assert.equal(((queue as tl.messages_messages).messages[0] as tl.message).media, undefined)
  assert.deepEqual(web.asked, [])
  await server.clock.advance(3700)
  assert.equal(((await pageUpdate(bob)).webpage as tl.webPage).title, 'A')
  const [message] = await history(bob, alice)
  assert.equal(message!.media?._, 'messageMediaWebPage')
})

test('a link forwarded keeps its preview, and its text without captions', async () => {
  await using web = await website({ '/a': html('<title>A</title>') })
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const id = await alice.say(bob, web.at('/a'))
  await pageUpdate(alice)
  await alice.call('messages.forwardMessages', {
    ...{ fromPeer: alice.peerOf(bob), id: [id], randomId: [randomId()], toPeer: alice.peerOf(carol) },
    ...{ dropAuthor: true, dropMediaCaptions: true },
  })
  const [message] = await history(carol, alice)
  assert.equal(message!.message, web.at('/a'))
  assert.equal(((message!.media as tl.messageMediaWebPage).webpage as tl.webPage).title, 'A')
})

test('in a supergroup the preview reaches every member through its own log', async () => {
  await using web = await website({ '/a': html('<title>A</title>') })
  await using server = await startTestServer({ previewHosts: web.hosts })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = (await alice.call('channels.createChannel', { megagroup: true, title: 'G', about: '' })) as tl.updates
  const { id, accessHash } = made.chats[0] as tl.channel
  const channel: tl.InputChannel = { _: 'inputChannel', channelId: Number(id), accessHash: accessHash! }
  await alice.call('channels.inviteToChannel', { channel, users: [alice.userOf(bob)] })
  const peer: tl.InputPeer = { _: 'inputPeerChannel', channelId: Number(id), accessHash: accessHash! }
  await alice.call('messages.sendMessage', { peer, message: web.at('/a'), randomId: randomId() })
  for (let i = 0; ; i++) {
    const [told] = await bob.updatesOf('updateChannelWebPage')
    if (told) {
      assert.deepEqual([told.channelId, (told.webpage as tl.webPage).title, told.ptsCount], [Number(id), 'A', 1])
      break
    }
    assert.ok(i < 200, 'no updateChannelWebPage')
    await sleep(20)
  }
})
