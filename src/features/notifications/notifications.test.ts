import assert from 'node:assert/strict'
import { createECDH } from 'node:crypto'
import { upload } from '../../../test/harness/files.ts'
import { type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import { mp3Duration } from '../../domain/mp3.ts'
import { RINGTONE } from '../../domain/ringtones.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'

const settings = (more: Partial<tl.inputPeerNotifySettings>): tl.inputPeerNotifySettings => ({
  _: 'inputPeerNotifySettings',
  ...more,
})
const about = (peer: tl.InputPeer): tl.InputNotifyPeer => ({ _: 'inputNotifyPeer', peer })

test('a dialog’s notifications are set for every device, and show in the list', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.say(bob, 'hi')
  const phone = await alice.device()
  const peer = about(alice.peerOf(bob))
  const sound: tl.NotificationSound = { _: 'notificationSoundLocal', title: 'Ping', data: 'ping' }
  const given = settings({ muteUntil: 0x7fffffff, showPreviews: false, sound, storiesMuted: true })
  await alice.call('account.updateNotifySettings', { peer, settings: given })
  const kept = {
    _: 'peerNotifySettings',
    showPreviews: false,
    muteUntil: 0x7fffffff,
    iosSound: sound,
    androidSound: sound,
    otherSound: sound,
    storiesMuted: true,
  }
  const told = { _: 'updateNotifySettings', peer: { _: 'notifyPeer', peer: bob.peerId }, notifySettings: kept }
  assert.deepEqual(await phone.updates(), [told])
  assert.deepEqual(await phone.call('account.getNotifySettings', { peer }), kept)
  const dialogs = await phone.call('messages.getPeerDialogs', {
    peers: [{ _: 'inputDialogPeer', peer: alice.peerOf(bob) }],
  })
  assert.deepEqual((dialogs.dialogs[0] as tl.dialog).notifySettings, kept)
  await alice.call('account.updateNotifySettings', { peer, settings: settings({}) })
  assert.deepEqual(await phone.call('account.getNotifySettings', { peer }), { _: 'peerNotifySettings' })
  await alice.fails('SETTINGS_INVALID', 'account.updateNotifySettings', { peer, settings: settings({ muteUntil: -1 }) })
  const stranger = about({ ...alice.peerOf(bob), accessHash: 1n })
  await alice.fails('PEER_ID_INVALID', 'account.getNotifySettings', { peer: stranger })
})

test('scopes have a value for everything, until all is reset', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const users: tl.InputNotifyPeer = { _: 'inputNotifyUsers' }
  const usual = await alice.call('account.getNotifySettings', { peer: users })
  assert.deepEqual([usual.showPreviews, usual.muteUntil, usual.otherSound?._], [true, 0, 'notificationSoundDefault'])
  await alice.call('account.updateNotifySettings', { peer: users, settings: settings({ muteUntil: 5 }) })
  const peer = about(alice.peerOf(bob))
  await alice.call('account.updateNotifySettings', { peer, settings: settings({ silent: true }) })
  const phone = await alice.device()
  assert.deepEqual(await phone.call('account.getNotifySettings', { peer: users }), { ...usual, muteUntil: 5 })
  await alice.call('account.resetNotifySettings', {})
  const told = await phone.updatesOf('updateNotifySettings')
  assert.deepEqual(new Set(told.map((u) => u.peer._)), new Set(['notifyUsers', 'notifyPeer']))
  assert.deepEqual(await phone.call('account.getNotifySettings', { peer: users }), usual)
  assert.deepEqual(await phone.call('account.getNotifySettings', { peer }), { _: 'peerNotifySettings' })
})

test('exceptions are the dialogs whose settings differ', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const made = await alice.call('messages.createChat', { title: 'Trip', users: [alice.userOf(bob)] })
  const chatId = (made.updates as tl.updates).chats[0]!.id
  const set = (peer: tl.InputPeer, more: Partial<tl.inputPeerNotifySettings>) =>
    alice.call('account.updateNotifySettings', { peer: about(peer), settings: settings(more) })
  await set(alice.peerOf(bob), { muteUntil: 0x7fffffff })
  await set(alice.peerOf(carol), { sound: { _: 'notificationSoundNone' } })
  await set({ _: 'inputPeerChat', chatId }, { showPreviews: false })
  const exceptions = async (more: { compareSound?: boolean; peer?: tl.InputNotifyPeer }) => {
    const answer = (await alice.call('account.getNotifyExceptions', more)) as tl.updates
    const peers = answer.updates.map((u) => ((u as tl.updateNotifySettings).peer as tl.notifyPeer).peer)
    return new Set(peers.map((p) => (p._ === 'peerUser' ? p.userId : (p as tl.peerChat).chatId)))
  }
  assert.deepEqual(await exceptions({}), new Set([bob.id, chatId]))
  assert.deepEqual(await exceptions({ compareSound: true }), new Set([bob.id, carol.id, chatId]))
  assert.deepEqual(await exceptions({ peer: { _: 'inputNotifyChats' } }), new Set([chatId]))
  assert.deepEqual(await exceptions({ peer: { _: 'inputNotifyUsers' } }), new Set([bob.id]))
})

const tokens = (server: TestServer) =>
  server.app.store.db.selectFrom('push_token').selectAll().orderBy('owner').orderBy('token').execute()

test('a device’s token is kept for the accounts that use it, until it signs out', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const device = { tokenType: 2, token: 'fcm-token', appSandbox: false, secret: new Uint8Array(256) }
  await alice.call('account.registerDevice', { ...device, otherUids: [] })
  await bob.call('account.registerDevice', { ...device, otherUids: [alice.id] })
  assert.deepEqual(
    (await tokens(server)).map((row) => row.owner),
    [alice.id, bob.id],
  )
  // The app has only Bob's account now, and a newer token.
  await bob.call('account.registerDevice', { ...device, otherUids: [] })
  await bob.call('account.registerDevice', { ...device, token: 'newer', otherUids: [] })
  assert.deepEqual(
    (await tokens(server)).map((row) => [row.owner, row.token]),
    [[bob.id, 'newer']],
  )
  await bob.fails('TOKEN_INVALID', 'account.unregisterDevice', { tokenType: 2, token: 'fcm-token', otherUids: [] })
  await bob.call('account.unregisterDevice', { tokenType: 2, token: 'newer', otherUids: [] })
  assert.deepEqual(await tokens(server), [])
  // What leaves the app takes along what the app has not any more, and nothing else.
  const carol = await server.person('Carol')
  await alice.call('account.registerDevice', { ...device, otherUids: [] })
  await bob.call('account.registerDevice', { ...device, otherUids: [alice.id] })
  await carol.call('account.registerDevice', { ...device, otherUids: [alice.id, bob.id] })
  await alice.call('account.unregisterDevice', { tokenType: 2, token: 'fcm-token', otherUids: [carol.id] })
  assert.deepEqual(
    (await tokens(server)).map((row) => row.owner),
    [carol.id],
  )
  await bob.fails('TOKEN_INVALID', 'account.unregisterDevice', { tokenType: 2, token: 'fcm-token', otherUids: [] })
  await carol.call('account.unregisterDevice', { tokenType: 2, token: 'fcm-token', otherUids: [carol.id] })
  assert.deepEqual(await tokens(server), [])
  const phone = await alice.device()
  await phone.call('account.registerDevice', { ...device, otherUids: [] })
  await phone.call('account.updateDeviceLocked', { period: 60 })
  const locks = () => server.app.store.db.selectFrom('device_lock').select(['owner', 'period']).execute()
  assert.deepEqual(await locks(), [{ owner: alice.id, period: 60 }])
  await phone.call('auth.logOut', {})
  assert.deepEqual([await tokens(server), await locks()], [[], []])
})

test('tokens that no push could use are refused', async () => {
  await using server = await startTestServer()
  const alice = await server.person('Alice')
  const refused = (error: string, tokenType: number, token: string, secret = new Uint8Array(0)) =>
    alice.fails(error, 'account.registerDevice', { tokenType, token, secret, appSandbox: false, otherUids: [] })
  await refused('TOKEN_TYPE_INVALID', 0, 'x')
  await refused('TOKEN_TYPE_INVALID', 14, 'x')
  await refused('TOKEN_EMPTY', 2, '')
  await refused('TOKEN_INVALID', 2, 'x', new Uint8Array(5))
  const endpoint = 'https://push.example/abc'
  const ecdh = createECDH('prime256v1')
  const p256dh = ecdh.generateKeys().toString('base64url')
  const auth = Buffer.alloc(16, 7).toString('base64url')
  await refused('WEBPUSH_TOKEN_INVALID', 10, 'no json')
  await refused('WEBPUSH_TOKEN_INVALID', 10, JSON.stringify({ endpoint: 'ftp://x', keys: { p256dh, auth } }))
  await refused('WEBPUSH_KEY_INVALID', 10, JSON.stringify({ endpoint, keys: { p256dh: p256dh.slice(4), auth } }))
  await refused('WEBPUSH_AUTH_INVALID', 10, JSON.stringify({ endpoint, keys: { p256dh, auth: 'AA' } }))
  const token = JSON.stringify({ endpoint, keys: { p256dh, auth } })
  await alice.call('account.registerDevice', {
    tokenType: 10,
    token,
    secret: new Uint8Array(0),
    appSandbox: false,
    otherUids: [],
  })
  assert.equal((await tokens(server))[0]!.token, token)
})

/** Silence: frames of MPEG-1 layer III at 128 kbit/s, 26 ms each. */
function mp3(seconds: number): Buffer {
  const frame = Buffer.alloc(417)
  frame.set([0xff, 0xfb, 0x90, 0x00])
  const tag = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0])
  return Buffer.concat([tag, ...Array(Math.round((seconds * 44_100) / 1152)).fill(frame)])
}

async function ringtone(who: Person, bytes: Buffer, mimeType = 'audio/mpeg'): Promise<tl.document> {
  const file = await upload(who, bytes)
  return (await who.call('account.uploadRingtone', { file, fileName: 'ping.mp3', mimeType })) as tl.document
}

const named = ({ id, accessHash, fileReference }: tl.document): tl.InputDocument => {
  return { _: 'inputDocument', id, accessHash, fileReference }
}

test('the length of an MP3 is counted', async () => {
  assert.ok(Math.abs(mp3Duration(mp3(3))! - 3) < 0.05)
  assert.equal(mp3Duration(Buffer.from('no sound at all')), undefined)
})

test('notification sounds are saved for every device', async () => {
  await using server = await startTestServer({
    undocumented: ['account.uploadRingtone RINGTONE_INVALID'],
  })
  const alice = await server.person('Alice')
  const phone = await alice.device()
  const first = await ringtone(alice, mp3(2))
  const second = await ringtone(alice, mp3(3))
  const audio = first.attributes.find((a) => a._ === 'documentAttributeAudio') as tl.documentAttributeAudio
  assert.deepEqual([first.mimeType, audio.duration], ['audio/mpeg', 2])
  await alice.call('account.saveRingtone', { id: named(first), unsave: false })
  await alice.call('account.saveRingtone', { id: named(second), unsave: false })
  await alice.call('account.saveRingtone', { id: named(second), unsave: false })
  assert.equal((await phone.updatesOf('updateSavedRingtones')).length, 2)
  const saved = (await phone.call('account.getSavedRingtones', { hash: 0n })) as tl.account_savedRingtones
  assert.deepEqual(
    saved.ringtones.map((r) => r.id),
    [second.id, first.id],
  )
  const again = await phone.call('account.getSavedRingtones', { hash: saved.hash })
  assert.equal(again._, 'account.savedRingtonesNotModified')
  await phone.call('account.saveRingtone', { id: named(second), unsave: true })
  const left = (await alice.call('account.getSavedRingtones', { hash: 0n })) as tl.account_savedRingtones
  assert.deepEqual(
    left.ringtones.map((r) => r.id),
    [first.id],
  )

  const file = await upload(alice, Buffer.from('OggS, and more'))
  const odd = { file, fileName: 'x', mimeType: 'audio/mpeg' }
  await alice.fails('RINGTONE_MIME_INVALID', 'account.uploadRingtone', odd)
  await alice.fails('RINGTONE_MIME_INVALID', 'account.uploadRingtone', { ...odd, mimeType: 'audio/ogg' })
  const long = { file: await upload(alice, mp3(RINGTONE.duration + 2)), fileName: 'x', mimeType: 'audio/mpeg' }
  await alice.fails('RINGTONE_INVALID', 'account.uploadRingtone', long)
  await alice.fails('RINGTONE_INVALID', 'account.saveRingtone', {
    id: { ...(named(first) as tl.inputDocument), accessHash: 1n },
    unsave: false,
  })
})

test('supergroups are among the chats, channels among the broadcasts', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const channel = await makeChannel('channel', alice, bob)
  for (const place of [group, channel]) {
    await bob.call('account.updateNotifySettings', {
      peer: { _: 'inputNotifyPeer', peer: place.peer(bob) },
      settings: { _: 'inputPeerNotifySettings', silent: true, showPreviews: false },
    })
  }
  const exceptions = async (peer: tl.InputNotifyPeer) => {
    const answer = (await bob.call('account.getNotifyExceptions', { peer })) as tl.updates
    return answer.updates.map((u) => (u as tl.updateNotifySettings).peer)
  }
  const of = (channelId: number): tl.NotifyPeer => ({ _: 'notifyPeer', peer: { _: 'peerChannel', channelId } })
  assert.deepEqual(await exceptions({ _: 'inputNotifyChats' }), [of(group.id)])
  assert.deepEqual(await exceptions({ _: 'inputNotifyBroadcasts' }), [of(channel.id)])
  // What is muted as a whole stays in the archive: only groups are.
  const folderPeers = [group, channel].map(
    (place): tl.inputFolderPeer => ({ _: 'inputFolderPeer', peer: place.peer(bob), folderId: 1 }),
  )
  await bob.call('folders.editPeerFolders', { folderPeers })
  const mute = (peer: tl.InputNotifyPeer) =>
    bob.call('account.updateNotifySettings', {
      peer,
      settings: { _: 'inputPeerNotifySettings', muteUntil: 2_000_000_000 },
    })
  await mute({ _: 'inputNotifyChats' })
  await alice.say(group.peer(alice), 'quiet')
  await alice.say(channel.peer(alice), 'loud')
  const { dialogs } = await bob.call('messages.getPinnedDialogs', { folderId: 0 })
  const archive = dialogs.find((d) => d._ === 'dialogFolder') as tl.dialogFolder
  assert.deepEqual([archive.unreadMutedPeersCount, archive.unreadUnmutedPeersCount], [1, 1])
})
