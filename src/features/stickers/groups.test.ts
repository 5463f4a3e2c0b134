import assert from 'node:assert/strict'
import { type Person, plain, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from '../channels/test-channel.ts'
import { byName, makeSet, named } from './test-stickers.ts'

const none: tl.inputStickerSetEmpty = { _: 'inputStickerSetEmpty' }
const full = async (who: Person, place: TestChannel) =>
  (await who.call('channels.getFullChannel', { channel: place.of(who) })).fullChat as tl.channelFull
const RIGHTS: tl.chatAdminRights = { _: 'chatAdminRights', changeInfo: true, other: true }

test('a large group has stickers of its own, which its administrators choose', async () => {
  await using server = await startTestServer({ settings: { limits: { groupStickersMembers: 3 } } })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob)
  const cats = await makeSet(carol, { title: 'Cats' })
  const set = (who: Person, stickerset: tl.InputStickerSet = byName(cats)) =>
    ({ channel: group.of(who), stickerset }) as const
  assert.equal((await full(alice, group)).canSetStickers, undefined)
  await alice.fails('PARTICIPANTS_TOO_FEW', 'channels.setStickers', set(alice))
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(carol)] })
  assert.deepEqual(
    [(await full(alice, group)).canSetStickers, (await full(bob, group)).canSetStickers],
    [true, undefined],
  )
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.setStickers', set(bob))
  await bob.updates()
  assert.equal(await alice.call('channels.setStickers', set(alice)), true)
  assert.equal(await alice.call('channels.setStickers', set(alice)), true)
  assert.deepEqual(plain(await bob.updatesOf('updateChannel')), [{ _: 'updateChannel', channelId: group.id }])
  const { stickerset } = await full(bob, group)
  assert.deepEqual([stickerset!.title, stickerset!.creator], ['Cats', undefined])
  // Under the name that it has for its viewer.
  const { id, accessHash } = stickerset!
  await bob.call('messages.getStickerSet', { stickerset: { _: 'inputStickerSetID', id, accessHash }, hash: 0 })
  const log = async (filter: tl.ChannelAdminLogEventsFilter) => {
    const page = { channel: group.of(alice), q: '', eventsFilter: filter, maxId: 0n, minId: 0n, limit: 10 }
    return (await alice.call('channels.getAdminLog', page)).events.map((event) => event.action)
  }
  const [action, ...others] = await log({ _: 'channelAdminLogEventsFilter', info: true })
  assert.ok(action!._ === 'channelAdminLogEventActionChangeStickerSet' && others.length === 0)
  const named = { stickerset: action.newStickerset, hash: 0 }
  assert.equal(((await alice.call('messages.getStickerSet', named)) as tl.messages_stickerSet).set.title, 'Cats')
  assert.equal(action.prevStickerset._, 'inputStickerSetEmpty')

  const masks = await makeSet(alice, { masks: true })
  await alice.fails('STICKERSET_INVALID', 'channels.setStickers', set(alice, byName(masks)))
  const channel = await makeChannel('channel', alice)
  await alice.fails('CHAT_ID_INVALID', 'channels.setStickers', { ...set(alice), channel: channel.of(alice) })
  await alice.call('channels.setStickers', set(alice, none))
  assert.equal((await full(bob, group)).stickerset, undefined)
  await alice.call('channels.setStickers', set(alice))
  await carol.call('stickers.deleteStickerSet', { stickerset: byName(cats) })
  assert.equal((await full(bob, group)).stickerset, undefined)
})

test("a group's stickers do not tell who its anonymous administrator is", async () => {
  await using server = await startTestServer({ settings: { limits: { groupStickersMembers: 0 } } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const theirs = await makeSet(bob)
  const admin = { channel: group.of(alice), userId: alice.userOf(bob), rank: '' }
  await alice.call('channels.editAdmin', { ...admin, adminRights: { ...RIGHTS, anonymous: true } })
  const chosen = { channel: group.of(bob), stickerset: byName(theirs) }
  await bob.fails('STICKERSET_OWNER_ANONYMOUS', 'channels.setStickers', chosen)
  await alice.call('channels.editAdmin', { ...admin, adminRights: RIGHTS })
  await bob.call('channels.setStickers', chosen)
  assert.equal((await full(alice, group)).stickerset?.title, 'Cats')
})

test('a group has custom emoji of its own from a level of boosts on', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const faces = await makeSet(alice, { title: 'Faces', emojis: true })
  const chosen = { channel: group.of(alice), stickerset: byName(faces) }
  await alice.fails('BOOSTS_REQUIRED', 'channels.setEmojiStickers', chosen)
  const boosts = 4
  await server.app.store.transact((trx) =>
    trx.updateTable('channel').set({ boosts }).where('id', '=', group.id).execute(),
  )
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.setEmojiStickers', { ...chosen, channel: group.of(bob) })
  const cats = await makeSet(alice)
  await alice.fails('STICKERSET_INVALID', 'channels.setEmojiStickers', { ...chosen, stickerset: byName(cats) })
  await bob.updates()
  await alice.call('channels.setEmojiStickers', chosen)
  assert.equal((await bob.updatesOf('updateChannel')).length, 1)
  const shown = await full(bob, group)
  assert.deepEqual([shown.emojiset?.title, shown.stickerset], ['Faces', undefined])
  const page = { channel: group.of(alice), q: '', maxId: 0n, minId: 0n, limit: 1 }
  const [event] = (await alice.call('channels.getAdminLog', page)).events
  assert.equal(event!.action._, 'channelAdminLogEventActionChangeEmojiStickerSet')
  await alice.call('channels.setEmojiStickers', { ...chosen, stickerset: none })
  assert.equal((await full(bob, group)).emojiset, undefined)
})

test('every member of a group gets a sticker with the name of its set that is theirs', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const { documents } = await makeSet(alice)
  const media: tl.InputMedia = { _: 'inputMediaDocument', id: named(documents[0]!) }
  await alice.call('messages.sendMedia', { peer: group.peer(alice), media, message: '', randomId: 1n })
  const hashes = new Set<bigint>()
  for (const who of [bob, carol]) {
    const [told] = await who.updatesOf('updateNewChannelMessage')
    const { document } = (told!.message as tl.message).media as tl.messageMediaDocument
    const attribute = (document as tl.document).attributes.find((a) => a._ === 'documentAttributeSticker')
    const { stickerset } = attribute as tl.documentAttributeSticker
    const found = await who.call('messages.getStickerSet', { stickerset, hash: 0 })
    assert.equal((found as tl.messages_stickerSet).set.title, 'Cats')
    hashes.add((stickerset as tl.inputStickerSetID).accessHash)
  }
  assert.equal(hashes.size, 2)
})
