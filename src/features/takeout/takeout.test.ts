import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { documentLocation, uploadDocument } from '../../../test/harness/files.ts'
import { type Device, type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { type Methods, writeObject } from '../../tl/index.ts'
import { makeChannel } from '../channels/test-channel.ts'

type Params<N extends keyof Methods> = Omit<Methods[N]['params'], '_'>

/** A call inside wrappers: what it answers, or the name of its error. */
async function wrapped<N extends keyof Methods>(
  server: TestServer,
  who: Person | Device,
  wrap: (query: object) => object,
  method: N,
  params: Params<N>,
): Promise<any> {
  const { session } = 'device1' in who ? who.device1 : who
  const { error, result } = await server.dispatcher.answer(
    session,
    writeObject(wrap({ _: method, ...params }) as tl.TlObject),
  )
  return error ? error.message : result
}

const within = (takeoutId: bigint) => (query: object) => ({ _: 'invokeWithTakeout', takeoutId, query })
const ranged = (takeoutId: bigint, minId: number, maxId: number) => (query: object) =>
  within(takeoutId)({ _: 'invokeWithMessagesRange', range: { _: 'messageRange', minId, maxId }, query })

test('the address book leaves the account inside a takeout session only, until it is finished', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.call('contacts.importContacts', {
    contacts: [
      { _: 'inputPhoneContact', clientId: 1n, phone: '+12025550123', firstName: 'Nobody', lastName: 'Yet' },
      { _: 'inputPhoneContact', clientId: 2n, phone: bob.phone, firstName: 'Bobby', lastName: '' },
    ],
  })
  await alice.fails('TAKEOUT_REQUIRED', 'contacts.getSaved', {})
  await alice.fails('TAKEOUT_REQUIRED', 'account.finishTakeoutSession', {})
  const { id } = await alice.call('account.initTakeoutSession', { contacts: true })
  const saved = await wrapped(server, alice, within(id), 'contacts.getSaved', {})
  assert.deepEqual(
    saved.map((c: tl.savedPhoneContact) => [c.phone, c.firstName]),
    [
      ['12025550123', 'Nobody'],
      [bob.phone, 'Bobby'],
    ],
  )
  assert.equal(await wrapped(server, bob, within(id), 'contacts.getSaved', {}), 'TAKEOUT_INVALID')
  assert.equal(await wrapped(server, alice, within(id + 1n), 'contacts.getSaved', {}), 'TAKEOUT_INVALID')
  assert.equal(await wrapped(server, alice, within(id), 'account.finishTakeoutSession', { success: true }), true)
  assert.equal(await wrapped(server, alice, within(id), 'contacts.getSaved', {}), 'TAKEOUT_INVALID')
  const other = await alice.call('account.initTakeoutSession', { files: true, fileMaxSize: 0 })
  assert.equal(await wrapped(server, alice, within(other.id), 'contacts.getSaved', {}), 'TAKEOUT_REQUIRED')
})

test('a device that signed in lately waits a day, and all devices hear of it once', async () => {
  await using server = await startTestServer({ settings: { limits: { takeoutDelaySeconds: 86_400 } } })
  const [alice] = await server.people('Alice')
  await server.clock.advance(86_400)
  const { id } = await alice.call('account.initTakeoutSession', {})
  assert.ok(id > 0n)
  const thief = await alice.device()
  await server.clock.advance(400)
  await thief.fails('TAKEOUT_INIT_DELAY_86000', 'account.initTakeoutSession', {})
  await server.clock.advance(1)
  await thief.fails('TAKEOUT_INIT_DELAY_85999', 'account.initTakeoutSession', {})
  const notices = (await alice.texts()).filter((text) => text.includes('export the data'))
  assert.equal(notices.length, 1)
  assert.equal((await thief.texts()).length, 1)
  await server.clock.advance(86_000)
  assert.ok((await thief.call('account.initTakeoutSession', {})).id > 0n)
})

test('ranges split the messages; a call inside one sees only its own', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const ids: number[] = []
  for (let i = 0; i < 6; i++) ids.push(await alice.say(bob, `number ${i}`))
  const { id } = await alice.call('account.initTakeoutSession', { messageUsers: true })
  const ranges = await wrapped(server, alice, within(id), 'messages.getSplitRanges', {})
  assert.deepEqual(ranges, [{ _: 'messageRange', minId: 1, maxId: 0x7fffffff }])
  const history = async (minId: number, maxId: number, own = {}) => {
    const params = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n, ...own }
    const peer = alice.peerOf(bob)
    const found = await wrapped(server, alice, ranged(id, minId, maxId), 'messages.getHistory', { peer, ...params })
    return found.messages.map((m: tl.message) => m.id)
  }
  assert.deepEqual(await history(ids[1]!, ids[3]!), ids.slice(1, 4).reverse())
  assert.deepEqual(await history(1, 0x7fffffff), [...ids].reverse())
  assert.deepEqual(await history(ids[1]!, ids[3]!, { minId: ids[2] }), [ids[3]])

  // More messages than one range takes.
  await server.app.store.transact((trx) =>
    trx.updateTable('box').set({ message_id: 2_500_000 }).where('owner', '=', alice.id).execute(),
  )
  const split = await alice.call('messages.getSplitRanges', {})
  assert.deepEqual(
    split.map((r) => [r.minId, r.maxId]),
    [
      [1, 1_000_000],
      [1_000_001, 2_000_000],
      [2_000_001, 0x7fffffff],
    ],
  )
})

test('files above the size that was chosen stay out', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const location = documentLocation(await uploadDocument(alice, randomBytes(20_000)))
  const get = { location, offset: 0, limit: 32_768 }
  const small = await alice.call('account.initTakeoutSession', { files: true, fileMaxSize: 10_000 })
  assert.equal(await wrapped(server, alice, within(small.id), 'upload.getFile', get), 'LOCATION_INVALID')
  const large = await alice.call('account.initTakeoutSession', { files: true, fileMaxSize: 30_000 })
  assert.equal(await wrapped(server, alice, within(small.id), 'upload.getFile', get), 'TAKEOUT_INVALID')
  assert.equal((await wrapped(server, alice, within(large.id), 'upload.getFile', get)).bytes.length, 20_000)
})

test('what has no method of its own leaves as a file, which goes with its session', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  await alice.call('messages.saveDraft', { peer, message: 'not sent yet' })
  const rules = [{ _: 'inputPrivacyValueDisallowAll' as const }]
  await alice.call('account.setPrivacy', { key: { _: 'inputPrivacyKeyStatusTimestamp' }, rules })
  const title = { _: 'textWithEntities' as const, text: 'Mine', entities: [] }
  const peers = { pinnedPeers: [], includePeers: [peer], excludePeers: [] }
  await alice.call('messages.updateDialogFilter', { id: 2, filter: { _: 'dialogFilter', id: 2, title, ...peers } })
  const location: tl.InputFileLocation = { _: 'inputTakeoutFileLocation' }
  await alice.fails('TAKEOUT_INVALID', 'upload.getFile', { location, offset: 0, limit: 4096 })
  const { id } = await alice.call('account.initTakeoutSession', { fileMaxSize: 1 })
  const parts: Uint8Array[] = []
  for (let offset = 0; ; offset += 4096) {
    const part = await wrapped(server, alice, within(id), 'upload.getFile', { location, offset, limit: 4096 })
    parts.push(part.bytes)
    if (part.bytes.length < 4096) break
    // What changes meanwhile does not tear it.
    await alice.call('messages.saveDraft', { peer, message: `changed ${offset}` })
  }
  const data = JSON.parse(Buffer.concat(parts).toString())
  assert.deepEqual([data.account.id, data.account.phone, data.devices.length], [alice.id, alice.phone, 1])
  assert.deepEqual(
    data.drafts.map((d: { peer: tl.peerUser; draft: tl.draftMessage }) => [d.peer.userId, d.draft.message]),
    [[bob.id, 'not sent yet']],
  )
  assert.equal(data.folders[0].title.text, 'Mine')
  assert.ok(data.privacy.length > 0)
  assert.doesNotMatch(JSON.stringify(data), /sealed|token/)
  const [row] = await server.app.store.db.selectFrom('takeout').select('file_key').execute()
  assert.equal(await server.app.blobs.exists(row!.file_key!), true)
  assert.equal(await wrapped(server, alice, within(id), 'account.finishTakeoutSession', {}), true)
  const until = performance.now() + 5000
  while ((await server.app.blobs.exists(row!.file_key!)) && performance.now() < until) await sleep(5)
  assert.equal(await server.app.blobs.exists(row!.file_key!), false)
})

test('channels that were left are told of inside a session', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const left = await makeChannel('group', alice, bob)
  await makeChannel('group', alice, bob)
  await bob.call('channels.leaveChannel', { channel: left.of(bob) })
  await bob.fails('TAKEOUT_REQUIRED', 'channels.getLeftChannels', { offset: 0 })
  const { id } = await bob.call('account.initTakeoutSession', { messageMegagroups: true })
  const found = await wrapped(server, bob, within(id), 'channels.getLeftChannels', { offset: 0 })
  const { channelId } = left.of(bob) as tl.inputChannel
  assert.deepEqual(
    found.chats.map((c: tl.Chat) => c.id),
    [channelId],
  )
  const beyond = await wrapped(server, bob, within(id), 'channels.getLeftChannels', { offset: 1 })
  assert.deepEqual([beyond._, beyond.count, beyond.chats], ['messages.chatsSlice', 1, []])
})

test('who has left a private channel takes out what they said there, and nothing else', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const own: number[] = []
  for (const text of ['one', 'two', 'three']) own.push(await bob.say(group.peer(bob), text))
  await alice.say(group.peer(alice), 'not of bob')
  await bob.call('channels.leaveChannel', { channel: group.of(bob) })
  await alice.say(group.peer(alice), 'said after he had left')
  const bannedRights: tl.chatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 }
  await carol.say(group.peer(carol), 'carol was here')
  await alice.call('channels.editBanned', { channel: group.of(alice), participant: alice.peerOf(carol), bannedRights })
  const page = { offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
  const search = (who: Person, fromId: tl.InputPeer | undefined, q = '') => ({
    ...{ peer: group.peer(who), q, fromId, filter: { _: 'inputMessagesFilterEmpty' as const } },
    ...{ minDate: 0, maxDate: 0, ...page },
  })
  const self: tl.InputPeer = { _: 'inputPeerSelf' }
  await bob.fails('CHANNEL_PRIVATE', 'messages.search', search(bob, self))
  const { id } = await bob.call('account.initTakeoutSession', { messageMegagroups: true })
  const found = async (who: Person, takeout: bigint, fromId?: tl.InputPeer, q?: string) => {
    const answer = await wrapped(server, who, within(takeout), 'messages.search', search(who, fromId, q))
    return typeof answer === 'string' ? answer : said(answer.messages).map((m) => m.message)
  }
  // That he left is told by a message of his own, too.
  const said = (messages: tl.Message[]) => messages.filter((m) => m._ === 'message')
  assert.deepEqual(await found(bob, id, self), ['three', 'two', 'one'])
  assert.deepEqual(await found(bob, id, self, 'two'), ['two'])
  assert.equal(await found(bob, id), 'CHANNEL_PRIVATE')
  assert.equal(await found(bob, id, bob.peerOf(alice)), 'CHANNEL_PRIVATE')
  const history = { ...page, peer: group.peer(bob), offsetDate: 0 }
  assert.equal(await wrapped(server, bob, within(id), 'messages.getHistory', history), 'CHANNEL_PRIVATE')
  const banned = await carol.call('account.initTakeoutSession', {})
  assert.deepEqual(await found(carol, banned.id, self), ['carol was here'])
  // All of a channel is in the last range, whatever its numbers are.
  const inRange = async (minId: number, maxId: number) => {
    const answer = await wrapped(server, bob, ranged(id, minId, maxId), 'messages.search', search(bob, self))
    return said(answer.messages).map((m) => m.id)
  }
  assert.deepEqual(await inRange(1_000_001, 0x7fffffff), own.reverse())
  assert.deepEqual(await inRange(1, 1_000_000), [])
})
