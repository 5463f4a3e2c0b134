import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { download, newFileId } from '../../../test/harness/files.ts'
import { type Device, type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import { DH_PRIME, dhCreate, dhInRange, dhShared } from '../../mtproto/dh.ts'
import type * as tl from '../../tl/gen/types.ts'
import {
  bytes,
  fingerprintOf,
  int,
  long,
  readAction,
  readBytes,
  SealedChat,
  sealFile,
  textOf,
} from './test-sealed-chat.ts'

const randomId = () => randomBytes(4).readUInt32LE() & 0x7fffffff || 1

/** Alice asks, Bob's device accepts: the whole exchange, each side with its own key. */
async function begin(alice: Person, bob: Person, on: Device | Person = bob): Promise<[SealedChat, SealedChat]> {
  const half = dhCreate()
  const asked = await alice.call('messages.requestEncryption', {
    userId: alice.userOf(bob),
    randomId: randomId(),
    gA: half.power,
  })
  assert.equal(asked._, 'encryptedChatWaiting')
  const [request] = (await on.updatesOf('updateEncryption')) as tl.updateEncryption[]
  const chat = request!.chat as tl.encryptedChatRequested
  assert.equal(chat._, 'encryptedChatRequested')
  const own = dhCreate()
  const fingerprint = fingerprintOf(dhShared(own.secret, chat.gA))
  const accepted = await on.call('messages.acceptEncryption', {
    peer: { _: 'inputEncryptedChat', chatId: chat.id, accessHash: chat.accessHash },
    gB: own.power,
    keyFingerprint: fingerprint,
  })
  const [update] = (await alice.updatesOf('updateEncryption')) as tl.updateEncryption[]
  const started = update!.chat as tl.encryptedChat
  assert.equal(started.keyFingerprint, fingerprint)
  return [new SealedChat(alice, started, true, half), new SealedChat(on, accepted as tl.encryptedChat, false, own)]
}

async function chat(server: TestServer) {
  const [alice, bob] = await server.people('Alice', 'Bob')
  const [a, b] = await begin(alice, bob)
  return { alice, bob, a, b }
}

const stateOf = async (who: Person | Device) => {
  const { pts, qts, date } = await who.call('updates.getState', {})
  return { pts, qts, date }
}

test('the group of the key exchange: prime, generator, random bytes, not modified', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const config = await alice.call('messages.getDhConfig', { version: 0, randomLength: 256 })
  assert.ok(config._ === 'messages.dhConfig')
  assert.equal(config.g, 3)
  assert.deepEqual(Buffer.from(config.p), DH_PRIME)
  assert.equal(config.random.length, 256)
  const again = await alice.call('messages.getDhConfig', { version: config.version, randomLength: 16 })
  assert.equal(again._, 'messages.dhConfigNotModified')
  assert.equal(again.random.length, 16)
  await alice.fails('RANDOM_LENGTH_INVALID', 'messages.getDhConfig', { version: 0, randomLength: 1 << 20 })
})

test('two devices agree on a key, talk, negotiate layers and rekey; other devices see nothing', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bobsTablet = await bob.device()
  const alicesPhone = await alice.device()
  const [a, b] = await begin(alice, bob)
  assert.deepEqual(a.key, b.key)
  // The other device was asked too, and is told that the chat is not its own.
  const told = await bobsTablet.updatesOf('updateEncryption')
  assert.deepEqual(told.map((u) => u.chat._).at(-1), 'encryptedChatDiscarded')
  assert.deepEqual(await alicesPhone.updates(), [])

  // decryptedMessageActionNotifyLayer from both sides.
  await a.act(Buffer.concat([int(0xf3048883), int(144)]))
  await b.act(Buffer.concat([int(0xf3048883), int(144)]))
  for (const side of [a, b]) {
    const [notice] = await side.received()
    assert.equal(notice!.update.message._, 'encryptedMessageService')
    assert.deepEqual(readAction(notice!.body), { id: 0xf3048883, body: int(144) })
    assert.equal(side.layer, 144)
  }
  await a.say('hello')
  await b.say('hello yourself')
  await a.say('how are you?')
  assert.deepEqual(await b.texts(), ['hello', 'how are you?'])
  assert.deepEqual(await a.texts(), ['hello yourself'])

  // Rekeying: RequestKey, AcceptKey, CommitKey, Noop under the new key.
  const old = a.key
  const exchange = randomBytes(8).readBigInt64LE()
  const mine = dhCreate()
  await a.act(Buffer.concat([int(0xf3c9611b), long(exchange), bytes(mine.power)]))
  const request = readAction((await b.received())[0]!.body)
  assert.equal(request.id, 0xf3c9611b)
  const gA = readBytes(request.body, 8)
  assert.ok(dhInRange(gA))
  const theirs = dhCreate()
  const next = dhShared(theirs.secret, gA)
  await b.act(Buffer.concat([int(0x6fe1735b), long(exchange), bytes(theirs.power), long(fingerprintOf(next))]))
  const accept = readAction((await a.received())[0]!.body)
  assert.equal(accept.id, 0x6fe1735b)
  const shared = dhShared(mine.secret, readBytes(accept.body, 8))
  assert.equal(accept.body.readBigInt64LE(accept.body.length - 8), fingerprintOf(shared))
  await a.act(Buffer.concat([int(0xec2e0b9b), long(exchange), long(fingerprintOf(shared))]))
  assert.equal(readAction((await b.received())[0]!.body).id, 0xec2e0b9b)
  a.key = shared
  b.key = next
  await a.act(int(0xa82fdd63))
  assert.equal(readAction((await b.received())[0]!.body).id, 0xa82fdd63)
  assert.notDeepEqual(a.key, old)
  await a.say('under the new key')
  assert.deepEqual(await b.texts(), ['under the new key'])

  assert.deepEqual(await bobsTablet.updates(), [])
  assert.deepEqual(await alicesPhone.updates(), [])
  const empty = await bobsTablet.call('updates.getDifference', { ...(await stateOf(bobsTablet)), qts: 0 })
  assert.deepEqual((empty as { newEncryptedMessages?: unknown[] }).newEncryptedMessages ?? [], [])
})

test('qts is each device’s own; what was missed waits in its queue until it is confirmed', async () => {
  await using server = await startTestServer({ settings: { limits: { differenceRows: 10 } } })
  const { bob, a, b } = await chat(server)
  const from = await stateOf(bob)
  assert.equal(from.qts, 0)
  const ids: bigint[] = []
  for (let i = 0; i < 12; i++) ids.push(await a.say(`number ${i}`))
  const pushed = await bob.updatesOf('updateNewEncryptedMessage')
  assert.deepEqual(
    pushed.map((u) => u.qts),
    Array.from({ length: 12 }, (_, i) => i + 1),
  )
  const texts: string[] = []
  let at = from
  for (;;) {
    const part = await bob.call('updates.getDifference', at)
    assert.ok(part._ === 'updates.difference' || part._ === 'updates.differenceSlice', part._)
    for (const m of part.newEncryptedMessages) texts.push(b.open(m.bytes).subarray(21).toString('utf8', 0, 6))
    const state = part._ === 'updates.difference' ? part.state : part.intermediateState
    at = { pts: state.pts, qts: state.qts, date: state.date }
    if (part._ === 'updates.difference') break
  }
  const self = { _: 'inputDialogPeer', peer: { _: 'inputPeerSelf' } } as const
  const { state } = await bob.call('messages.getPeerDialogs', { peers: [self] })
  assert.equal(state.qts, at.qts, 'dialogs show the same state')
  assert.equal(texts.length, 12)
  assert.equal(at.qts, 12)
  const few = await bob.call('updates.getDifference', { ...from, qtsLimit: 5 })
  assert.ok(few._ === 'updates.differenceSlice')
  assert.deepEqual([few.newEncryptedMessages.length, few.intermediateState.qts], [5, 5])
  await bob.fails('MAX_QTS_INVALID', 'messages.receivedQueue', { maxQts: 13 })
  assert.deepEqual(await bob.call('messages.receivedQueue', { maxQts: 10 }), ids.slice(0, 10))
  const left = await bob.call('updates.getDifference', from)
  assert.ok(left._ === 'updates.difference')
  assert.deepEqual(
    left.newEncryptedMessages.map((m) => m.randomId),
    ids.slice(10),
  )
  assert.equal((await bob.call('updates.getState', {})).qts, 12)
})

test('a message sent again is there once; messages that cannot be sealed ones are refused', async () => {
  await using server = await startTestServer()
  const { alice, a, b } = await chat(server)
  const data = a.seal(textOf('once', 5n))
  const first = await alice.call('messages.sendEncrypted', { peer: a.peer, randomId: 5n, data })
  await server.clock.advance(5)
  assert.deepEqual(await alice.call('messages.sendEncrypted', { peer: a.peer, randomId: 5n, data }), first)
  assert.deepEqual(await b.texts(), ['once'])
  const send = (data: Uint8Array) => ({ peer: a.peer, randomId: 6n, data })
  await alice.fails('DATA_INVALID', 'messages.sendEncrypted', send(randomBytes(30)))
  await alice.fails('DATA_INVALID', 'messages.sendEncryptedService', send(randomBytes(47)))
  await alice.fails('DATA_TOO_LONG', 'messages.sendEncrypted', send(randomBytes(24 + 16 * 20_000)))
  const wrong = { ...a.peer, accessHash: a.peer.accessHash + 1n }
  await alice.fails('CHAT_ID_INVALID', 'messages.sendEncrypted', { peer: wrong, randomId: 7n, data })
})

test('files: uploaded, sent, fetched by the other side, sent on, gone with the history', async () => {
  await using server = await startTestServer()
  const { alice, bob, a, b } = await chat(server)
  const [carol] = await server.people('Carol')
  const content = randomBytes(70_001)
  const { sealed, open, fingerprint } = sealFile(content)
  const id = newFileId()
  for (let i = 0; i * 32_768 < sealed.length; i++) {
    const part = sealed.subarray(i * 32_768, (i + 1) * 32_768)
    await alice.call('upload.saveFilePart', { fileId: id, filePart: i, bytes: part })
  }
  const parts = Math.ceil(sealed.length / 32_768)
  const file: tl.InputEncryptedFile = {
    _: 'inputEncryptedFileUploaded',
    id,
    parts,
    md5Checksum: createHash('md5').update(sealed).digest('hex'),
    keyFingerprint: fingerprint,
  }
  const send = (file: tl.InputEncryptedFile, randomId: bigint) => ({
    ...{ peer: a.peer, randomId, data: a.seal(textOf('a file', randomId)), file },
  })
  await alice.fails('MD5_CHECKSUM_INVALID', 'messages.sendEncryptedFile', {
    ...send({ ...file, md5Checksum: '0'.repeat(32) }, 1n),
  })
  await alice.fails('FILE_EMTPY', 'messages.sendEncryptedFile', send({ _: 'inputEncryptedFileEmpty' }, 1n))
  await alice.call('messages.sendEncryptedService', { peer: a.peer, randomId: 2n, data: randomBytes(40) })
  await bob.updates()
  const sent = await alice.call('messages.sendEncryptedFile', send(file, 3n))
  assert.ok(sent._ === 'messages.sentEncryptedFile' && sent.file._ === 'encryptedFile')
  assert.equal(sent.file.size, sealed.length)
  const [update] = await bob.updatesOf('updateNewEncryptedMessage')
  const got = (update!.message as tl.encryptedMessage).file as tl.encryptedFile
  assert.equal(got.keyFingerprint, fingerprint)
  assert.notEqual(got.accessHash, sent.file.accessHash)
  const location = { _: 'inputEncryptedFileLocation' as const, id: got.id, accessHash: got.accessHash }
  assert.deepEqual(open(await download(bob, location, 32_768)), content)
  await carol.fails('FILE_ID_INVALID', 'upload.getFile', { location, offset: 0, limit: 4096 })

  // Uploaded beforehand, and sent on to somebody else.
  const early = await bob.call('messages.uploadEncryptedFile', {
    peer: b.peer,
    file: { _: 'inputEncryptedFile', id: got.id, accessHash: got.accessHash },
  })
  assert.equal((early as tl.encryptedFile).id, got.id)
  const [toCarol, fromBob] = await begin(bob, carol)
  await bob.call('messages.sendEncryptedFile', {
    peer: toCarol.peer,
    randomId: 9n,
    data: toCarol.seal(textOf('a file', 9n)),
    file: { _: 'inputEncryptedFile', id: got.id, accessHash: got.accessHash },
  })
  const [third] = await fromBob.received()
  const hers = (third!.update.message as tl.encryptedMessage).file as tl.encryptedFile
  const herLocation = { _: 'inputEncryptedFileLocation' as const, id: hers.id, accessHash: hers.accessHash }
  await alice.call('messages.discardEncryption', { chatId: a.peer.chatId, deleteHistory: true })
  await server.clock.advance(2)
  assert.deepEqual(open(await download(carol, herLocation, 32_768)), content)
  await bob.call('messages.discardEncryption', { chatId: toCarol.peer.chatId, deleteHistory: true })
  await server.clock.advance(2)
  await carol.fails('FILE_ID_INVALID', 'upload.getFile', { location: herLocation, offset: 0, limit: 4096 })
})

test('reading and typing reach the other device alone', async () => {
  await using server = await startTestServer()
  const { alice, bob, a, b } = await chat(server)
  const phone = await alice.device()
  await a.say('read me')
  const [got] = await b.received()
  await server.clock.advance(3)
  await bob.call('messages.setEncryptedTyping', { peer: b.peer, typing: true })
  await bob.call('messages.setEncryptedTyping', { peer: b.peer, typing: false })
  const maxDate = got!.update.message.date
  await bob.call('messages.readEncryptedHistory', { peer: b.peer, maxDate })
  await bob.call('messages.readEncryptedHistory', { peer: b.peer, maxDate })
  const updates = await alice.updates()
  assert.deepEqual(
    updates.filter((u) => u._ === 'updateEncryptedChatTyping'),
    [{ _: 'updateEncryptedChatTyping', chatId: a.peer.chatId }],
  )
  assert.deepEqual(
    updates.filter((u) => u._ === 'updateEncryptedMessagesRead'),
    [{ _: 'updateEncryptedMessagesRead', chatId: a.peer.chatId, maxDate, date: maxDate + 3 }],
  )
  assert.deepEqual(
    (await phone.updates()).filter((u) => u._.startsWith('updateEncrypted')),
    [],
  )
  await bob.fails('MAX_DATE_INVALID', 'messages.readEncryptedHistory', { peer: b.peer, maxDate: maxDate + 1000 })
  await phone.fails('CHAT_ID_INVALID', 'messages.setEncryptedTyping', { peer: a.peer, typing: true })
})

test('discarding ends a chat for both; refusing ends a request', async () => {
  await using server = await startTestServer()
  const { alice, bob, a } = await chat(server)
  const tablet = await bob.device()
  const { chatId } = a.peer
  await tablet.fails('ENCRYPTION_ALREADY_ACCEPTED', 'messages.discardEncryption', { chatId })
  await a.say('never fetched')
  assert.equal(await alice.call('messages.discardEncryption', { chatId, deleteHistory: true }), true)
  const [update] = await bob.updatesOf('updateEncryption')
  assert.deepEqual(update!.chat, { _: 'encryptedChatDiscarded', historyDeleted: true, id: chatId })
  const data = randomBytes(40)
  await alice.fails('ENCRYPTION_DECLINED', 'messages.sendEncrypted', { peer: a.peer, randomId: 1n, data })
  await bob.fails('ENCRYPTION_ALREADY_DECLINED', 'messages.discardEncryption', { chatId })
  await bob.fails('ENCRYPTION_ID_INVALID', 'messages.discardEncryption', { chatId: chatId ^ 1 })
  await bob.fails('CHAT_ID_EMPTY', 'messages.discardEncryption', { chatId: 0 })

  const asked = await alice.call('messages.requestEncryption', {
    userId: alice.userOf(bob),
    randomId: randomId(),
    gA: dhCreate().power,
  })
  await tablet.call('messages.discardEncryption', { chatId: asked.id })
  const [refused] = await alice.updatesOf('updateEncryption')
  assert.deepEqual(refused!.chat, { _: 'encryptedChatDiscarded', id: asked.id })
  const [request] = (await bob.updatesOf('updateEncryption')).slice(-1)
  assert.equal(request!.chat._, 'encryptedChatDiscarded')
})

test('who may be asked, and asking twice is one chat', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const gA = dhCreate().power
  const ask = (changes: object) => ({ userId: alice.userOf(bob), randomId: 77, gA, ...changes })
  await alice.fails('DH_G_A_INVALID', 'messages.requestEncryption', ask({ gA: Buffer.alloc(256, 1).fill(0, 0, 16) }))
  await alice.fails('USER_ID_INVALID', 'messages.requestEncryption', ask({ userId: { _: 'inputUserSelf' } }))
  await bob.call('contacts.block', { id: bob.peerOf(alice) })
  await alice.fails('USER_IS_BLOCKED', 'messages.requestEncryption', ask({}))
  await bob.call('contacts.unblock', { id: bob.peerOf(alice) })
  const first = await alice.call('messages.requestEncryption', ask({}))
  assert.equal(first.id, 77)
  assert.deepEqual(await alice.call('messages.requestEncryption', ask({})), first)
  const requests = await bob.updatesOf('updateEncryption')
  assert.equal(requests.length, 1)
  const { accessHash } = requests[0]!.chat as tl.encryptedChatRequested
  const peer = { _: 'inputEncryptedChat' as const, chatId: 77, accessHash }
  const half = dhCreate()
  const accept = { peer, gB: half.power, keyFingerprint: 1n }
  await bob.fails('CHAT_ID_INVALID', 'messages.acceptEncryption', { ...accept, peer: { ...peer, accessHash: 1n } })
  await bob.call('messages.acceptEncryption', accept)
  await bob.fails('ENCRYPTION_ALREADY_ACCEPTED', 'messages.acceptEncryption', accept)
  await bob.call('contacts.block', { id: bob.peerOf(alice) })
  const mine = (first as tl.encryptedChatWaiting).accessHash
  await alice.fails('USER_IS_BLOCKED', 'messages.sendEncrypted', {
    peer: { ...peer, accessHash: mine },
    randomId: 1n,
    data: randomBytes(40),
  })
})

test('devices that take no requests are not asked; signing out ends the chats of a device', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const tablet = await bob.device()
  await tablet.call('account.changeAuthorizationSettings', { hash: 0n, encryptedRequestsDisabled: true })
  await tablet.updates()
  await bob.updates()
  const [a] = await begin(alice, bob)
  assert.deepEqual(
    (await tablet.updatesOf('updateEncryption')).map((u) => u.chat._),
    ['encryptedChatDiscarded'],
  )
  await bob.call('auth.logOut', {})
  const [over] = await alice.updatesOf('updateEncryption')
  assert.deepEqual(over!.chat, { _: 'encryptedChatDiscarded', id: a.peer.chatId })
})
