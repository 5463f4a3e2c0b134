import assert from 'node:assert/strict'
import { type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const START = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' } as tl.InputPeer, limit: 100, hash: 0n }

function filter(id: number, title: string, more: Partial<tl.dialogFilter>): tl.dialogFilter {
  const peers = { pinnedPeers: [], includePeers: [], excludePeers: [] }
  return { _: 'dialogFilter', id, title: { _: 'textWithEntities', text: title, entities: [] }, ...peers, ...more }
}

const archive = (peer: tl.InputPeer, folderId = 1) => ({
  folderPeers: [{ _: 'inputFolderPeer' as const, peer, folderId }],
})

/** People in that peer folder of somebody, from the top. */
async function listed(who: Person, folderId?: number): Promise<number[]> {
  const answer = (await who.call('messages.getDialogs', { ...START, folderId })) as tl.messages_dialogs
  return answer.dialogs.map((d) => ((d as tl.dialog).peer as tl.peerUser).userId)
}

async function makePremium(server: TestServer, person: Person): Promise<void> {
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ premium: 1 }).where('id', '=', person.id).execute(),
  )
}

test('archived dialogs leave the list and its pins, on every device', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await bob.say(alice, 'one')
  await bob.say(alice, 'two')
  await alice.say(carol, 'hi')
  const peer = alice.peerOf(bob)
  await alice.call('messages.toggleDialogPin', { pinned: true, peer: { _: 'inputDialogPeer', peer } })
  const phone = await alice.device()
  const { pts } = await alice.call('updates.getState', {})
  const answer = (await alice.call('folders.editPeerFolders', archive(peer))) as tl.updates
  const moved = {
    _: 'updateFolderPeers',
    folderPeers: [{ _: 'folderPeer', peer: bob.peerId, folderId: 1 }],
    pts: pts + 1,
    ptsCount: 1,
  }
  assert.deepEqual(answer.updates, [moved])
  assert.deepEqual(await phone.updates(), [moved])
  assert.deepEqual(((await alice.call('folders.editPeerFolders', archive(peer))) as tl.updates).updates, [])
  assert.deepEqual(await listed(alice, 0), [carol.id])
  assert.deepEqual(await listed(alice, 1), [bob.id])
  assert.deepEqual(await listed(alice), [carol.id, bob.id])
  const pinned = await phone.call('messages.getPinnedDialogs', { folderId: 0 })
  assert.equal(pinned.dialogs.length, 1)
  const folder = pinned.dialogs[0] as tl.dialogFolder
  assert.deepEqual([folder._, folder.pinned, folder.folder.id, folder.peer], ['dialogFolder', true, 1, bob.peerId])
  assert.deepEqual([folder.unreadUnmutedPeersCount, folder.unreadUnmutedMessagesCount], [1, 2])
  assert.equal((pinned.messages[0] as tl.message).message, 'two')
  await alice.call('messages.toggleDialogPin', { peer: { _: 'inputDialogPeerFolder', folderId: 1 } })
  const [unpinned] = await phone.updatesOf('updateDialogPinned')
  assert.deepEqual(unpinned!.peer, { _: 'dialogPeerFolder', folderId: 1 })
  assert.deepEqual((await phone.call('messages.getPinnedDialogs', { folderId: 0 })).dialogs, [])
  await alice.fails('FOLDER_ID_INVALID', 'folders.editPeerFolders', archive(peer, 2))
})

test('a message brings an archived dialog back, unless it is muted or is to stay', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await bob.say(alice, 'one')
  const peer = alice.peerOf(bob)
  await alice.call('folders.editPeerFolders', archive(peer))
  await alice.say(bob, 'from the archive')
  assert.deepEqual(await listed(alice, 1), [bob.id])
  await alice.updates()
  await bob.say(alice, 'two')
  const [back] = await alice.updatesOf('updateFolderPeers')
  assert.deepEqual(back!.folderPeers, [{ _: 'folderPeer', peer: bob.peerId, folderId: 0 }])
  assert.deepEqual(await listed(alice, 0), [bob.id])

  await alice.call('folders.editPeerFolders', archive(peer))
  const mute = (muteUntil: number) =>
    alice.call('account.updateNotifySettings', {
      peer: { _: 'inputNotifyPeer', peer },
      settings: { _: 'inputPeerNotifySettings', muteUntil },
    })
  await mute(0x7fffffff)
  await bob.say(alice, 'three')
  assert.deepEqual(await listed(alice, 1), [bob.id])
  await mute(0)
  await bob.say(alice, 'four')
  assert.deepEqual(await listed(alice, 1), [])
})

test('those who want it have their archive kept', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const keep = (more: Partial<tl.globalPrivacySettings>) =>
    alice.call('account.setGlobalPrivacySettings', { settings: { _: 'globalPrivacySettings', ...more } })
  const afterMessage = async () => {
    await alice.call('folders.editPeerFolders', archive(peer))
    await bob.say(alice, 'hi')
    return (await listed(alice, 1)).length === 1 ? 'kept' : 'back'
  }
  await bob.say(alice, 'hi')
  assert.equal(await afterMessage(), 'back')
  await keep({ keepArchivedUnmuted: true })
  assert.equal(await afterMessage(), 'kept')
  await keep({ keepArchivedFolders: true })
  assert.equal(await afterMessage(), 'back')
  await alice.call('messages.updateDialogFilter', { id: 2, filter: filter(2, 'Mine', { includePeers: [peer] }) })
  assert.equal(await afterMessage(), 'kept')
})

test('folders are told to the other devices and come back as they were made', async () => {
  await using server = await startTestServer({ settings: { limits: { folders: 2 } } })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const phone = await alice.device()
  assert.deepEqual((await phone.call('messages.getDialogFilters', {})).filters, [{ _: 'dialogFilterDefault' }])
  const work = filter(2, ' Work ', {
    groups: true,
    excludeMuted: true,
    emoticon: '💼',
    pinnedPeers: [alice.peerOf(bob)],
    includePeers: [alice.peerOf(bob), { _: 'inputPeerSelf' }],
    excludePeers: [alice.peerOf(carol)],
  })
  await alice.call('messages.updateDialogFilter', { id: 2, filter: work })
  const kept = {
    ...work,
    title: { _: 'textWithEntities', text: 'Work', entities: [] },
    includePeers: [alice.peerFor(alice)],
  }
  assert.deepEqual(await phone.updates(), [{ _: 'updateDialogFilter', id: 2, filter: kept }])
  await alice.call('messages.updateDialogFilter', { id: 3, filter: filter(3, 'Friends', { contacts: true }) })
  const full = filter(4, 'Third', { bots: true })
  await alice.fails('LIMIT_INVALID', 'messages.updateDialogFilter', { id: 4, filter: full })
  await alice.call('messages.updateDialogFiltersOrder', { order: [3, 0, 9, 2] })
  assert.deepEqual(
    (await phone.updatesOf('updateDialogFilterOrder')).map((u) => u.order),
    [[3, 0, 2]],
  )
  const all = await phone.call('messages.getDialogFilters', {})
  assert.deepEqual(
    all.filters.map((f) => ('id' in f ? f.id : 0)),
    [3, 0, 2],
  )
  assert.deepEqual(all.filters[2], kept)
  await alice.call('messages.updateDialogFilter', { id: 3 })
  await alice.call('messages.updateDialogFilter', { id: 3 })
  assert.deepEqual(await phone.updatesOf('updateDialogFilter'), [{ _: 'updateDialogFilter', id: 3 }])
  assert.equal((await phone.call('messages.getDialogFilters', {})).filters.length, 2)
})

test('folders that hold nothing or name nothing are refused', async () => {
  await using server = await startTestServer({ settings: { limits: { folderPeers: 1 } } })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const refused = (error: string, given: tl.DialogFilter, id = 2) =>
    alice.fails(error, 'messages.updateDialogFilter', { id, filter: given })
  await refused('FILTER_ID_INVALID', filter(1, 'x', { bots: true }), 1)
  await refused('FILTER_ID_INVALID', filter(256, 'x', { bots: true }), 256)
  await refused('FILTER_ID_INVALID', { _: 'dialogFilterDefault' })
  await refused('FILTER_TITLE_EMPTY', filter(2, '  ', { bots: true }))
  await refused('MESSAGE_TOO_LONG', filter(2, 'thirteen char', { bots: true }))
  await refused('FILTER_INCLUDE_EMPTY', filter(2, 'x', { excludePeers: [alice.peerOf(bob)] }))
  await refused('LIMIT_INVALID', filter(2, 'x', { includePeers: [alice.peerOf(bob), alice.peerOf(carol)] }))
  await refused('PEER_ID_INVALID', filter(2, 'x', { includePeers: [{ ...alice.peerOf(bob), accessHash: 1n }] }))
  assert.equal((await alice.call('messages.getDialogFilters', {})).filters.length, 1)
})

test('tags and their colors are for Premium accounts', async () => {
  await using server = await startTestServer()
  const alice = await server.person('Alice')
  const phone = await alice.device()
  const colored = filter(2, 'Red', { bots: true, color: 0 })
  await alice.fails('PREMIUM_ACCOUNT_REQUIRED', 'messages.toggleDialogFilterTags', { enabled: true })
  await alice.call('messages.updateDialogFilter', { id: 2, filter: colored })
  const color = async () => ((await phone.call('messages.getDialogFilters', {})).filters[1] as tl.dialogFilter).color
  assert.equal(await color(), undefined)
  await makePremium(server, alice)
  await alice.call('messages.toggleDialogFilterTags', { enabled: true })
  await alice.call('messages.toggleDialogFilterTags', { enabled: true })
  assert.equal((await phone.updatesOf('updateDialogFilters')).length, 1)
  assert.equal((await phone.call('messages.getDialogFilters', {})).tagsEnabled, true)
  await alice.call('messages.updateDialogFilter', { id: 2, filter: colored })
  assert.equal(await color(), 0)
})

test('folders are suggested that the account could use and does not have', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const titles = async () =>
    (await alice.call('messages.getSuggestedDialogFilters', {})).map((s) => (s.filter as tl.dialogFilter).title.text)
  assert.deepEqual(await titles(), [])
  await alice.say(bob, 'hi')
  assert.deepEqual(await titles(), ['Unread'])
  await alice.call('messages.createChat', { title: 'Trip', users: [alice.userOf(bob)] })
  assert.deepEqual(await titles(), ['Unread', 'Personal'])
  const [unread] = await alice.call('messages.getSuggestedDialogFilters', {})
  await alice.call('messages.updateDialogFilter', { id: 2, filter: { ...(unread!.filter as tl.dialogFilter), id: 2 } })
  assert.deepEqual(await titles(), ['Personal'])
})
