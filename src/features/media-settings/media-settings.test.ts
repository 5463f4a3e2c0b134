import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

test('what clients load by themselves is kept by preset, for every device', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const usual = await alice.call('account.getAutoDownloadSettings', {})
  assert.deepEqual(
    [usual.low.videoSizeMax, usual.low.phonecallsLessData, usual.high.videoPreloadLarge],
    [0, true, true],
  )
  assert.ok(usual.medium.videoSizeMax < usual.high.videoSizeMax)
  const settings: tl.AutoDownloadSettings = { ...usual.medium, disabled: true, videoSizeMax: 2 ** 33 }
  await alice.call('account.saveAutoDownloadSettings', { settings })
  await alice.call('account.saveAutoDownloadSettings', { low: true, settings: { ...usual.low, photoSizeMax: 1 } })
  const phone = await alice.device()
  const own = await phone.call('account.getAutoDownloadSettings', {})
  assert.deepEqual([own.medium, own.high, own.low.photoSizeMax], [settings, usual.high, 1])
  assert.deepEqual(await bob.call('account.getAutoDownloadSettings', {}), usual)
})

test('what clients save to the gallery is kept by kind of dialog, with exceptions', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  const save = (more: object, settings: Partial<tl.autoSaveSettings>) =>
    alice.call('account.saveAutoSaveSettings', { ...more, settings: { _: 'autoSaveSettings', ...settings } })
  await save({ chats: true }, { photos: true, videoMaxSize: 5n })
  await save({ peer: alice.peerOf(bob) }, { videos: true })
  assert.deepEqual(await phone.updates(), [{ _: 'updateAutoSaveSettings' }, { _: 'updateAutoSaveSettings' }])
  const own = await phone.call('account.getAutoSaveSettings', {})
  assert.deepEqual(own.chatsSettings, { _: 'autoSaveSettings', photos: true, videoMaxSize: 5n })
  assert.equal(own.usersSettings.photos, undefined)
  const exception = { _: 'autoSaveException', peer: bob.peerId, settings: { _: 'autoSaveSettings', videos: true } }
  assert.deepEqual(own.exceptions, [exception])
  assert.equal(own.users[0]!.id, bob.id)
  await save({ peer: alice.peerOf(bob) }, {})
  assert.deepEqual((await phone.call('account.getAutoSaveSettings', {})).exceptions, [])
  await save({ peer: alice.peerOf(bob) }, { photos: true })
  await phone.updates()
  await alice.call('account.deleteAutoSaveExceptions', {})
  await alice.call('account.deleteAutoSaveExceptions', {})
  assert.equal((await phone.updatesOf('updateAutoSaveSettings')).length, 1)
  const left = await phone.call('account.getAutoSaveSettings', {})
  assert.deepEqual([left.exceptions, left.chatsSettings.photos], [[], true])
  const settings: tl.AutoSaveSettings = { _: 'autoSaveSettings' }
  await alice.fails('PEER_ID_INVALID', 'account.saveAutoSaveSettings', { settings })
  await alice.fails('PEER_ID_INVALID', 'account.saveAutoSaveSettings', { settings, users: true, chats: true })
})
