import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { download, photoLocation, picture, upload } from '../../../test/harness/files.ts'
import { startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'

/** Ads from a file, as the operator adds them. */
async function advertise(server: TestServer, ads: unknown, files: Record<string, Uint8Array> = {}): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'chappe-ads-'))
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(directory, name), bytes)
    const path = join(directory, 'ads.json')
    writeFileSync(path, JSON.stringify(ads))
    return await runCommand(server.app, 'ads add', [path])
  } finally {
    await rm(directory, { recursive: true })
  }
}

const found = (answer: tl.messages_SponsoredMessages): tl.sponsoredMessage[] =>
  answer._ === 'messages.sponsoredMessages' ? answer.messages : []

test('ads are shown in their channels as long as their budget lasts, and the operator sees how often', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const channel = await makeChannel('channel', alice, bob, carol)
  const other = await makeChannel('channel', alice, bob)
  await alice.call('channels.updateUsername', { channel: channel.of(alice), username: 'daily_news' })
  const ask = (who: typeof bob, place = channel) => who.call('messages.getSponsoredMessages', { peer: place.peer(who) })
  assert.equal((await ask(bob))._, 'messages.sponsoredMessagesEmpty')
  const image = await picture(64, 64)
  const ad = {
    ...{ title: 'Shop', text: 'Cheap hats', url: 'https://example.com/hats', button: 'Buy', photo: 'hat.jpg' },
    ...{ entities: [{ type: 'bold', offset: 0, length: 5 }], channels: ['@daily_news'], maxViews: 2 },
  }
  assert.deepEqual(await advertise(server, ad, { 'hat.jpg': image }), ['ad 1 Shop'])
  const answer = (await ask(bob)) as tl.messages_sponsoredMessages
  const [shown] = answer.messages
  assert.ok(answer.postsBetween! > 0)
  assert.deepEqual([shown!.title, shown!.message, shown!.url, shown!.buttonText], ['Shop', 'Cheap hats', ad.url, 'Buy'])
  assert.equal(shown!.entities![0]!._, 'messageEntityBold')
  const photo = (shown!.media as tl.messageMediaPhoto).photo as tl.photo
  const size = photo.sizes.find((s) => s._ === 'photoSize' || s._ === 'photoSizeProgressive') as tl.photoSize
  assert.ok((await download(bob, photoLocation(photo, size.type))).length > 100)
  assert.deepEqual(found(await ask(bob, other)), [])
  await bob.call('messages.viewSponsoredMessage', { randomId: shown!.randomId })
  // The same again within minutes is no other view.
  await bob.call('messages.viewSponsoredMessage', { randomId: shown!.randomId })
  await bob.call('messages.clickSponsoredMessage', { randomId: shown!.randomId, media: true })
  const figures = async () => (await runCommand(server.app, 'ads list', []))[0]!
  assert.match(await figures(), /1 of 2 views\t1 clicks \(1 on the picture or video, 0 in full screen\)\t0 reports/)
  // What one account was shown is nothing to another.
  await carol.fails('AD_EXPIRED', 'messages.viewSponsoredMessage', { randomId: shown!.randomId })
  const [hers] = found(await ask(carol))
  await carol.call('messages.viewSponsoredMessage', { randomId: hers!.randomId })
  assert.deepEqual(found(await ask(bob)), [])
  assert.deepEqual(await runCommand(server.app, 'ads remove', ['1']), ['ad 1 removed'])
  await bob.fails('AD_EXPIRED', 'messages.clickSponsoredMessage', { randomId: shown!.randomId })
  assert.deepEqual(await runCommand(server.app, 'ads list', []), ['no ads'])
  await assert.rejects(() => advertise(server, { title: 'x', text: 'y', channels: 'all' }), /expected a url or a peer/)
  await assert.rejects(() => runCommand(server.app, 'ads remove', ['7']), /no such ad/)
})

test('an ad is reported step by step, and not shown again to who did', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const channel = await makeChannel('channel', alice, bob, carol)
  await advertise(server, { text: 'Win money', url: 'https://example.com', channels: 'all' })
  const ask = (who: typeof bob) => who.call('messages.getSponsoredMessages', { peer: channel.peer(who) })
  const [{ randomId }] = found(await ask(bob)) as [tl.sponsoredMessage]
  const report = (option: string) =>
    bob.call('messages.reportSponsoredMessage', { randomId, option: Buffer.from(option) })
  const first = (await report('')) as tl.channels_sponsoredMessageReportResultChooseOption
  const scam = first.options.find((o) => o.text.includes('scam'))!
  const second = (await report(Buffer.from(scam.option).toString())) as typeof first
  assert.ok(second.options.length > 1)
  await bob.fails('PREMIUM_ACCOUNT_REQUIRED', 'messages.reportSponsoredMessage', {
    ...{ randomId, option: Buffer.from('hide') },
  })
  await bob.fails('DATA_INVALID', 'messages.reportSponsoredMessage', { randomId, option: Buffer.from('scam/x') })
  assert.equal(
    (await report(Buffer.from(second.options[0]!.option).toString()))._,
    'channels.sponsoredMessageReportResultReported',
  )
  assert.deepEqual(found(await ask(bob)), [])
  assert.equal(found(await ask(carol)).length, 1)
  assert.match((await runCommand(server.app, 'ads list', []))[0]!, /1 reports/)
  assert.ok((await runCommand(server.app, 'reports', []))[0]!.includes('scam/money'))
  await runCommand(server.app, 'user premium', [String(carol.id)])
  await carol.call('account.toggleSponsoredMessages', { enabled: true })
  const [hers] = found(await ask(carol))
  const phone = await carol.device()
  const hidden = await carol.call('messages.reportSponsoredMessage', {
    ...{ randomId: hers!.randomId, option: Buffer.from('hide') },
  })
  assert.equal(hidden._, 'channels.sponsoredMessageReportResultAdsHidden')
  assert.deepEqual(await phone.updatesOf('updateUser'), [{ _: 'updateUser', userId: carol.id }])
  assert.deepEqual(found(await ask(carol)), [])
})

test('Premium accounts see no ads unless they want them, and none are shown in channels that have them off', async () => {
  await using server = await startTestServer({ settings: { limits: { boostsPerLevel: 1 } } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice, bob)
  await advertise(server, { text: 'Hats', url: 'https://example.com', channels: 'all' })
  const count = async (who: typeof bob) =>
    found(await who.call('messages.getSponsoredMessages', { peer: channel.peer(who) })).length
  const enabled = async () =>
    (await bob.call('users.getFullUser', { id: { _: 'inputUserSelf' } })).fullUser.sponsoredEnabled === true
  assert.deepEqual([await count(bob), await enabled()], [1, true])
  await bob.fails('PREMIUM_ACCOUNT_REQUIRED', 'account.toggleSponsoredMessages', { enabled: false })
  await runCommand(server.app, 'user premium', [String(bob.id)])
  assert.deepEqual([await count(bob), await enabled()], [0, false])
  const second = await bob.device()
  await bob.call('account.toggleSponsoredMessages', { enabled: true })
  assert.deepEqual([await count(bob), await enabled()], [1, true])
  assert.ok((await second.updates()).some((u) => u._ === 'updateUser'))
  const restrict = { channel: channel.of(alice), restricted: true }
  await alice.fails('BOOSTS_REQUIRED', 'channels.restrictSponsoredMessages', restrict)
  await server.app.store.transact((trx) =>
    trx.updateTable('channel').set({ boosts: 50 }).where('id', '=', channel.id).execute(),
  )
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.restrictSponsoredMessages', {
    ...restrict,
    channel: channel.of(bob),
  })
  await bob.updates()
  await alice.call('channels.restrictSponsoredMessages', restrict)
  assert.ok((await bob.updates()).some((u) => u._ === 'updateChannel'))
  const full = (await bob.call('channels.getFullChannel', { channel: channel.of(bob) })).fullChat as tl.channelFull
  assert.equal(full.restrictedSponsored, true)
  assert.deepEqual([await count(alice), await count(bob)], [0, 0])
  const group = await makeChannel('group', alice, bob)
  await alice.fails('CHANNEL_INVALID', 'channels.restrictSponsoredMessages', { ...restrict, channel: group.of(alice) })
})

test('a search shows the channels and bots that are advertised for its words', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice)
  await alice.call('channels.updateUsername', { channel: channel.of(alice), username: 'all_about_hats' })
  const ad = { peer: '@all_about_hats', search: ['hats', 'caps'], sponsorInfo: 'Hat makers' }
  assert.deepEqual(await advertise(server, [ad]), ['ad 1 Place'])
  await assert.rejects(() => advertise(server, [{ ...ad, peer: '@nobody_here' }]), /no such channel/)
  await bob.fails('SEARCH_QUERY_EMPTY', 'contacts.getSponsoredPeers', { q: ' ' })
  const none = await bob.call('contacts.getSponsoredPeers', { q: 'shoes' })
  assert.equal(none._, 'contacts.sponsoredPeersEmpty')
  const some = (await bob.call('contacts.getSponsoredPeers', { q: 'Red HATS' })) as tl.contacts_sponsoredPeers
  assert.deepEqual(some.peers[0]!.peer, { _: 'peerChannel', channelId: channel.id })
  assert.equal(some.peers[0]!.sponsorInfo, 'Hat makers')
  assert.equal((some.chats[0] as tl.channel).username, 'all_about_hats')
  await bob.call('messages.clickSponsoredMessage', { randomId: some.peers[0]!.randomId })
  assert.match((await runCommand(server.app, 'ads list', []))[0]!, /1 clicks/)
})

test('an ad for a channel looks like it, and tells a click in full screen from others', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const [hats, news] = [await makeChannel('channel', alice), await makeChannel('channel', alice, bob)]
  await alice.call('channels.updateUsername', { channel: hats.of(alice), username: 'all_about_hats' })
  const file = await upload(alice, await picture(200, 200), { name: 'hat.jpg' })
  const photo: tl.InputChatPhoto = { _: 'inputChatUploadedPhoto', file }
  await alice.call('channels.editPhoto', { channel: hats.of(alice), photo })
  await advertise(server, { text: 'Hats', peer: '@all_about_hats', channels: 'all' })
  const [ad] = found(await bob.call('messages.getSponsoredMessages', { peer: news.peer(bob) }))
  const size = (ad!.photo as tl.photo).sizes.find((s) => s._ === 'photoSize') as tl.photoSize
  assert.ok((await download(bob, photoLocation(ad!.photo as tl.photo, size.type))).length > 100)
  await bob.call('messages.clickSponsoredMessage', { randomId: ad!.randomId, media: true, fullscreen: true })
  await alice.updates()
  const [own] = found(await alice.call('messages.getSponsoredMessages', { peer: news.peer(alice) }))
  await alice.call('messages.clickSponsoredMessage', { randomId: own!.randomId })
  const [line] = await runCommand(server.app, 'ads list', [])
  assert.match(line!, /2 clicks \(0 on the picture or video, 1 in full screen\)/)
})
