import assert from 'node:assert/strict'
import { download, picture, upload } from '../../../test/harness/files.ts'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from '../channels/test-channel.ts'
import { type Community, makeCommunity } from './test-community.ts'

/** What a list of dialogs shows: people and channels by their ids, a community as `town`, the archive as `archive`. */
function entries(answer: { dialogs: readonly tl.Dialog[] }): (string | number)[] {
  return answer.dialogs.map((d) => {
    if (d._ === 'dialogCommunity') return d.pinned ? 'pinned town' : 'town'
    if (d._ === 'dialogFolder') return 'archive'
    return Object.values(d.peer).find((value) => typeof value === 'number') as number
  })
}

async function listed(who: Pick<Person, 'call'>, more: Partial<tl.Methods['messages.getDialogs']['params']> = {}) {
  const none = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' as const }, limit: 100, hash: 0n }
  const answer = await who.call('messages.getDialogs', { ...none, ...more })
  assert.ok(answer._ !== 'messages.dialogsNotModified')
  return answer
}

const dialogOf = (who: Person, town: Community): tl.InputDialogPeer => ({
  _: 'inputDialogPeerCommunity',
  community: town.of(who),
})

async function place(): Promise<{
  server: AsyncDisposable
  alice: Person
  bob: Person
  group: TestChannel
  other: TestChannel
  town: Community
}> {
  const server = await startTestServer({ settings: { limits: { pinnedDialogs: 2 } } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const other = await makeChannel('channel', alice, bob)
  const town = await makeCommunity(alice, group)
  await alice.call('communities.togglePeerLink', { community: town.of(alice), peer: other.peer(alice), visible: true })
  await alice.say(bob, 'hi')
  server.clock.advance(10)
  await alice.say(group.peer(alice), 'one')
  server.clock.advance(10)
  await bob.say(alice, 'hello')
  await bob.updates()
  return { server, alice, bob, group, other, town }
}

test('a community that is folded up stands in the list of dialogs, above the newest of its chats', async () => {
  const { server, alice, bob, group, other, town } = await place()
  await using _ = server
  assert.deepEqual(entries(await listed(bob)), [alice.id, group.id, other.id])
  const phone = await bob.device()
  await bob.call('communities.toggleCommunityCollapsedInDialogs', { community: town.of(bob), collapsed: true })
  assert.deepEqual(await phone.updatesOf('updateChannel'), [{ _: 'updateChannel', channelId: town.id }])
  const all = await listed(phone)
  assert.deepEqual(entries(all), [alice.id, 'town', group.id, other.id])
  assert.ok(all.chats.some((chat) => chat._ === 'community' && chat.collapsedInDialogs))
  // Whoever has not folded it up, and the archive, have no such entry.
  assert.deepEqual(entries(await listed(alice)).includes('town'), false)
  assert.deepEqual(entries(await listed(phone, { folderId: 1 })), [])
  const first = await listed(phone, { limit: 1 })
  assert.deepEqual(entries(first), [alice.id])
  const page = await listed(phone, { limit: 1, offsetPeer: bob.peerOf(alice) })
  assert.deepEqual(entries(page), ['town', group.id])
  const rest = await listed(phone, { offsetPeer: group.peer(bob) })
  assert.deepEqual(entries(rest), [other.id])
  const asked = await phone.call('messages.getPeerDialogs', { peers: [dialogOf(bob, town)] })
  assert.deepEqual(asked.dialogs, [
    { _: 'dialogCommunity', communityId: town.id, notifySettings: { _: 'peerNotifySettings' } },
  ])
  // Clients from before there were communities are told of none.
  const old = await bob.device(223)
  assert.deepEqual(entries(await listed(old)), [alice.id, group.id, other.id])
  await old.updates()
  await bob.call('messages.toggleDialogPin', { pinned: true, peer: dialogOf(bob, town) })
  assert.deepEqual(await old.updates(), [])
  assert.deepEqual((await old.call('messages.getPinnedDialogs', { folderId: 0 })).dialogs, [])
  await bob.call('communities.toggleCommunityCollapsedInDialogs', { community: town.of(bob) })
  assert.deepEqual(entries(await listed(phone)), [alice.id, group.id, other.id])
})

test('a community is pinned and put in order like dialogs, on every device', async () => {
  const { server, alice, bob, group, other, town } = await place()
  await using _ = server
  const pin = (peer: tl.InputDialogPeer, pinned = true) => bob.call('messages.toggleDialogPin', { pinned, peer })
  const dialog = (peer: tl.InputPeer): tl.InputDialogPeer => ({ _: 'inputDialogPeer', peer })
  await bob.fails('PEER_HISTORY_EMPTY', 'messages.toggleDialogPin', { pinned: true, peer: dialogOf(bob, town) })
  await bob.call('communities.toggleCommunityCollapsedInDialogs', { community: town.of(bob), collapsed: true })
  const phone = await bob.device()
  await pin(dialogOf(bob, town))
  await pin(dialogOf(bob, town))
  const peer: tl.DialogPeer = { _: 'dialogPeerCommunity', communityId: town.id }
  assert.deepEqual(await phone.updates(), [{ _: 'updateDialogPinned', pinned: true, peer }])
  await pin(dialog(bob.peerOf(alice)))
  await bob.fails('PINNED_DIALOGS_TOO_MUCH', 'messages.toggleDialogPin', {
    pinned: true,
    peer: dialog(other.peer(bob)),
  })
  const pinned = async () => entries(await phone.call('messages.getPinnedDialogs', { folderId: 0 }))
  assert.deepEqual(await pinned(), [alice.id, 'pinned town'])
  assert.deepEqual(entries(await listed(phone)), [alice.id, 'pinned town', group.id, other.id])
  assert.deepEqual(entries(await listed(phone, { limit: 1 })), [alice.id])
  const page = await listed(phone, { limit: 1, offsetPeer: bob.peerOf(alice) })
  assert.deepEqual(entries(page), ['pinned town', group.id])
  assert.deepEqual(entries(await listed(phone, { excludePinned: true })), [group.id, other.id])
  await phone.updates()
  await bob.call('messages.reorderPinnedDialogs', { folderId: 0, order: [dialogOf(bob, town)] })
  const [told] = await phone.updatesOf('updatePinnedDialogs')
  assert.deepEqual(told!.order, [peer, { _: 'dialogPeer', peer: alice.peerId }])
  assert.deepEqual(await pinned(), ['pinned town', alice.id])
  await bob.call('messages.reorderPinnedDialogs', { force: true, folderId: 0, order: [dialog(bob.peerOf(alice))] })
  assert.deepEqual(await pinned(), [alice.id])
  await pin(dialogOf(bob, town))
  await pin(dialogOf(bob, town), false)
  assert.deepEqual(await pinned(), [alice.id])
  await pin(dialogOf(bob, town))
  // With the last of its chats it is gone from the list.
  for (const one of [group, other]) await bob.call('channels.leaveChannel', { channel: one.of(bob) })
  assert.deepEqual(await pinned(), [alice.id])
})

test('a community’s notifications are set for every device, and folders may hold it', async () => {
  const { server, alice, bob, group, town } = await place()
  await using _ = server
  const phone = await bob.device()
  const old = await bob.device(223)
  const peer: tl.InputNotifyPeer = { _: 'inputNotifyCommunity', community: town.of(bob) }
  await bob.call('account.updateNotifySettings', { peer, settings: { _: 'inputPeerNotifySettings', muteUntil: 2e9 } })
  const kept = { _: 'peerNotifySettings', muteUntil: 2e9 }
  const notify = { _: 'notifyCommunity', communityId: town.id }
  assert.deepEqual(await phone.updates(), [{ _: 'updateNotifySettings', peer: notify, notifySettings: kept }])
  assert.deepEqual(await old.updates(), [])
  assert.deepEqual(await phone.call('account.getNotifySettings', { peer }), kept)
  const asked = await phone.call('messages.getPeerDialogs', { peers: [dialogOf(bob, town)] })
  assert.deepEqual((asked.dialogs[0] as tl.dialogCommunity).notifySettings, kept)
  const other: tl.InputNotifyPeer = { _: 'inputNotifyPeer', peer: group.peer(bob) }
  assert.deepEqual(await phone.call('account.getNotifySettings', { peer: other }), { _: 'peerNotifySettings' })
  for (const one of [undefined, peer]) {
    const answer = (await phone.call('account.getNotifyExceptions', { peer: one })) as tl.updates
    assert.deepEqual((answer.updates[0] as tl.updateNotifySettings).peer, notify)
  }
  const wrong = { ...town.of(bob), accessHash: 1n }
  await bob.fails('CHANNEL_INVALID', 'account.getNotifySettings', {
    peer: { _: 'inputNotifyCommunity', community: wrong },
  })

  const named = { ...town.of(bob), _: 'inputPeerChannel' as const }
  const filter: tl.dialogFilter = {
    ...{ _: 'dialogFilter', id: 2, title: { _: 'textWithEntities', text: 'Town', entities: [] } },
    ...{ pinnedPeers: [], includePeers: [named], excludePeers: [] },
  }
  await bob.call('messages.updateDialogFilter', { id: 2, filter })
  const { filters } = await phone.call('messages.getDialogFilters', {})
  assert.deepEqual((filters.find((one) => 'id' in one) as tl.dialogFilter).includePeers, [named])
  await alice.call('communities.toggleParticipantBanned', { community: town.of(alice), participant: alice.peerOf(bob) })
  await bob.fails('PEER_ID_INVALID', 'messages.updateDialogFilter', { id: 2, filter })
})

test('a community’s photo is shown to whoever is in it, and loaded by them', async () => {
  const { server, alice, bob, town } = await place()
  await using _ = server
  const photo = { _: 'inputChatUploadedPhoto' as const, file: await upload(alice, await picture(500, 400)) }
  const none = { _: 'inputChatPhotoEmpty' as const }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.editPhoto', { channel: town.of(bob), photo: none })
  await alice.fails('CHAT_NOT_MODIFIED', 'channels.editPhoto', { channel: town.of(alice), photo: none })
  await alice.call('channels.editPhoto', { channel: town.of(alice), photo })
  assert.ok((await bob.updates()).some((u) => u._ === 'updateChannel' && u.channelId === town.id))
  const [seen] = (await bob.call('channels.getChannels', { id: [town.of(bob)] })).chats as tl.community[]
  const shown = seen!.photo as tl.chatPhoto
  assert.equal(shown._, 'chatPhoto')
  const { fullChat } = await bob.call('channels.getFullChannel', { channel: town.of(bob) })
  assert.equal((fullChat as tl.communityFull).chatPhoto.id, shown.photoId)
  const peer = { ...town.of(bob), _: 'inputPeerChannel' as const }
  const location = { _: 'inputPeerPhotoFileLocation' as const, peer, photoId: shown.photoId }
  assert.ok((await download(bob, location)).length > 100)
  await alice.call('channels.editPhoto', { channel: town.of(alice), photo: none })
  await bob.fails('LOCATION_INVALID', 'upload.getFile', { location, offset: 0, limit: 4096 })
})
