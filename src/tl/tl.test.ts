import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { generate } from '../../tools/tl/generate.ts'
import {
  collectPeers,
  collectPeersApart,
  errorCode,
  ID_GZIP_PACKED,
  methodInfo,
  newWriter,
  readMt,
  readMtAt,
  readObject,
  readRequest,
  readResult,
  TlError,
  type tl,
  writeInto,
  writeMt,
  writeObject,
  writeResult,
  writeResultInto,
} from './index.ts'

test('generating again changes nothing', () => {
  for (const [name, text] of generate())
    assert.equal(readFileSync(join(import.meta.dirname, 'gen', name), 'utf8'), text, name)
})

test('strings of every length and alphabet', () => {
  for (const unit of ['a', 'ж', '€', '👋', 'aж', '\ud800'])
    for (const n of [
      0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 42, 63, 64, 83, 84, 85, 100, 126, 127, 128, 252, 253, 254, 255, 1000, 70000,
    ]) {
      const text = unit.repeat(n)
      const bytes = writeObject({ _: 'textPlain', text } as tl.textPlain)
      const encoded = new TextEncoder().encode(text)
      assert.equal(bytes.length % 4, 0)
      assert.equal(bytes.length, 4 + ((encoded.length + (encoded.length < 254 ? 1 : 4) + 3) & ~3))
      assert.equal(readObject<tl.textPlain>(bytes).text, new TextDecoder('utf-8', { ignoreBOM: true }).decode(encoded))
    }
})

test('what was in the buffer before does not show in the padding', () => {
  writeObject({ _: 'textPlain', text: '\x7f'.repeat(300) } as tl.textPlain)
  for (let n = 0; n < 12; n++) {
    const bytes = writeObject({ _: 'textPlain', text: 'x'.repeat(n) } as tl.textPlain)
    for (let i = 5 + n; i < bytes.length; i++) assert.equal(bytes[i], 0)
  }
})

test('bytes of every length are copied, both ways', () => {
  for (const n of [0, 1, 3, 63, 64, 65, 253, 254, 255, 4096, 4097, 600_000]) {
    const part = Uint8Array.from({ length: n }, (_, i) => i)
    const bytes = writeObject({ _: 'upload.saveFilePart', fileId: 1n, filePart: 0, bytes: part } as tl.TlObject)
    const read = readRequest(bytes)
    bytes.fill(0)
    assert.deepEqual(read.bytes, part)
    assert.equal(Object.getPrototypeOf(read.bytes), Uint8Array.prototype)
  }
})

test('invalid UTF-8 becomes replacement characters', () => {
  const bytes = writeObject({ _: 'textPlain', text: 'abc' } as tl.textPlain)
  bytes[5] = 0xff
  assert.equal(readObject<tl.textPlain>(bytes).text, '\ufffdbc')
})

test('ids of 53 bits', () => {
  for (const userId of [0, 1, -1, 2147483647, 2147483648, -2147483649, 5_000_000_000, 2 ** 53 - 1, -(2 ** 53) + 1])
    assert.deepEqual(readObject(writeObject({ _: 'peerUser', userId } as tl.peerUser)), { _: 'peerUser', userId })
  const large = writeObject({ _: 'peerUser', userId: 1 } as tl.peerUser)
  large.fill(0x7f, 4)
  assert.equal(readObject<tl.peerUser>(large).userId, Number.MAX_SAFE_INTEGER)
  large.fill(0x80, 4)
  assert.equal(readObject<tl.peerUser>(large).userId, -Number.MAX_SAFE_INTEGER)
})

test('a field that does not fit is named', () => {
  const message = { _: 'message', id: 1, peerId: { _: 'peerUser', userId: 1.5 }, date: 1, message: '' }
  const updates = { _: 'updates', updates: [], users: [], chats: [], date: 1, seq: 0 }
  const fails = (o: unknown, text: RegExp) =>
    assert.throws(
      () => writeObject(o as tl.TlObject),
      (e) => e instanceof TlError && text.test(e.message),
    )
  fails({ ...updates, seq: undefined }, /updates\.seq: int expected, not undefined/)
  fails({ ...updates, date: 2 ** 31 }, /updates\.date: int expected/)
  fails({ ...updates, users: undefined }, /updates\.users: Vector<User> expected/)
  fails(
    { ...updates, updates: [{ _: 'updateNewMessage', message, pts: 1, ptsCount: 1 }] },
    /updates\.updates\[0\]\(updateNewMessage\)\.message\(message\)\.peerId\(peerUser\)\.userId: int53 expected/,
  )
  fails({ ...message, peerId: { _: 'peerUser', userId: 1 }, views: 3 }, /forwards is missing/)
  fails({ _: 'nonsense' }, /no constructor nonsense/)
  fails({ _: 'messages.getAllDrafts2' }, /no constructor/)
})

test('a boxed value must be of its type', () => {
  const bytes = writeObject({
    _: 'inputPeerUserFromMessage',
    peer: { _: 'peerUser', userId: 1 },
    msgId: 1,
    userId: 2,
  } as any)
  assert.throws(() => readObject(bytes), /InputPeer expected, not #59511722/)
})

test('wrappers are read as objects around their request', () => {
  const query = { _: 'help.getNearestDc' }
  const init = {
    _: 'initConnection',
    apiId: 1,
    deviceModel: 'm',
    systemVersion: 's',
    appVersion: 'a',
    systemLangCode: 'en',
    langPack: '',
    langCode: 'en',
    query,
  }
  for (const o of [
    { _: 'invokeWithLayer', layer: 198, query: init },
    { _: 'invokeAfterMsg', msgId: 5n, query },
    { _: 'invokeAfterMsgs', msgIds: [5n, 6n], query },
    { _: 'invokeWithoutUpdates', query },
    { _: 'invokeWithMessagesRange', range: { _: 'messageRange', minId: 1, maxId: 2 }, query },
    { _: 'invokeWithTakeout', takeoutId: 7n, query },
    { _: 'invokeWithBusinessConnection', connectionId: 'c', query },
    { _: 'invokeWithGooglePlayIntegrity', nonce: 'n', token: 't', query },
    { _: 'invokeWithApnsSecret', nonce: 'n', secret: 's', query },
    { _: 'invokeWithReCaptcha', token: 't', query },
  ])
    assert.deepEqual(readRequest(writeObject(o)), o)
  assert.throws(() => readRequest(writeObject({ _: 'peerUser', userId: 1 } as tl.TlObject)), /a method expected/)
})

test('a request may be packed inside of its wrappers, once, and not without bounds', () => {
  const wrap = (query: Uint8Array) => readRequest(writeObject({ _: 'invokeWithoutUpdates', query } as tl.TlObject))
  const pack = (content: Uint8Array) => {
    const w = newWriter()
    w.int(ID_GZIP_PACKED)
    w.bytes(gzipSync(content))
    return w.copy()
  }
  const request = {
    _: 'messages.getHistory',
    peer: { _: 'inputPeerSelf' },
    offsetId: 0,
    offsetDate: 0,
    addOffset: 0,
    limit: 1,
    maxId: 0,
    minId: 0,
    hash: 0n,
  }
  assert.deepEqual(wrap(pack(writeObject(request))).query, request)
  assert.throws(() => wrap(pack(pack(writeObject(request)))), /packed twice/)
  assert.throws(() => wrap(pack(Buffer.alloc(64 << 20))), TlError)
  const w = newWriter()
  w.int(ID_GZIP_PACKED)
  w.bytes(new Uint8Array(20))
  assert.throws(() => wrap(w.copy()), TlError)
})

test('answers that are no objects', () => {
  assert.deepEqual(readResult('contacts.block', writeResult('contacts.block', true)), true)
  assert.deepEqual(readResult('messages.receivedQueue', writeResult('messages.receivedQueue', [1n, -2n])), [1n, -2n])
  assert.deepEqual(readResult('stories.readStories', writeResult('stories.readStories', [1, 2])), [1, 2])
  const statuses = [{ _: 'contactStatus', userId: 1, status: { _: 'userStatusEmpty' } }] as tl.ContactStatus[]
  assert.deepEqual(readResult('contacts.getStatuses', writeResult('contacts.getStatuses', statuses)), statuses)
})

test('several objects into one buffer; one that fails leaves no trace', () => {
  const w = newWriter(16)
  writeInto(w, { _: 'peerUser', userId: 1 } as tl.peerUser)
  assert.throws(() => writeInto(w, { _: 'updates', updates: [] } as never), TlError)
  writeResultInto(w, 'contacts.block', false)
  assert.equal(w.length, 16)
  assert.deepEqual(readObject(w.written().subarray(0, 12)), { _: 'peerUser', userId: 1 })
  for (let i = 0; i < 1000; i++) writeInto(w, { _: 'textPlain', text: 'x'.repeat(100) } as tl.textPlain)
  assert.equal(w.length, 16 + 1000 * 108)
})

test('what is published of methods', () => {
  const info = methodInfo('contacts.block')!
  assert.equal(info.result, 'Bool')
  assert.equal(info.userOnly, true)
  assert.ok(info.errors.has('PEER_ID_INVALID'))
  assert.equal(methodInfo('messages.setInlineBotResults')!.botOnly, true)
  assert.equal(methodInfo('no.method'), undefined)
  assert.equal(errorCode('contacts.block', 'PEER_ID_INVALID'), 400)
  assert.equal(errorCode('messages.sendMessage', 'SLOWMODE_WAIT_30'), 420)
  assert.equal(errorCode('messages.sendMessage', 'NO_SUCH_ERROR_AT_ALL'), undefined)
  // The same name with another code, where a method's own list says so.
  assert.equal(errorCode('messages.getHistory', 'CHANNEL_PRIVATE'), 406)
  assert.equal(errorCode('help.getConfig', 'CHANNEL_PRIVATE'), 400)
})

test("MTProto's own objects", () => {
  const salts = {
    _: 'future_salts' as const,
    reqMsgId: 1n,
    now: 2,
    salts: [{ _: 'future_salt' as const, validSince: 1, validUntil: 2, salt: -5n }],
  }
  const bytes = writeMt(salts)
  // The vector is bare, and so are its items.
  assert.equal(bytes.length, 4 + 8 + 4 + 4 + 16)
  assert.deepEqual(readMt(bytes), salts)
  assert.deepEqual(readMtAt(new Uint8Array([...bytes, 0, 0, 0, 0]), { trailing: true }), { object: salts, length: 36 })
  assert.throws(() => readMt(new Uint8Array([...bytes, 0, 0, 0, 0])), TlError)
  const dh = {
    _: 'req_DH_params' as const,
    nonce: new Uint8Array(16),
    serverNonce: new Uint8Array(16).fill(1),
    p: new Uint8Array(4),
    q: new Uint8Array(4),
    publicKeyFingerprint: -7n,
    encryptedData: new Uint8Array(256),
  }
  assert.deepEqual(readMt(writeMt(dh)), dh)
})

test('every peer that an object mentions is found, wherever it is', () => {
  const message = {
    _: 'message',
    id: 1,
    fromId: { _: 'peerUser', userId: 1 },
    peerId: { _: 'peerChannel', channelId: 2 },
    fwdFrom: { _: 'messageFwdHeader', fromId: { _: 'peerChannel', channelId: 3 }, date: 1 },
    viaBotId: 4,
    date: 1,
    message: '',
    entities: [{ _: 'messageEntityMentionName', offset: 0, length: 1, userId: 5 }],
    media: { _: 'messageMediaContact', phoneNumber: '', firstName: '', lastName: '', vcard: '', userId: 0 },
    replies: {
      _: 'messageReplies',
      replies: 1,
      repliesPts: 1,
      recentRepliers: [{ _: 'peerUser', userId: 6 }],
      channelId: 7,
    },
  }
  const service = {
    _: 'messageService',
    id: 2,
    peerId: { _: 'peerChat', chatId: 8 },
    date: 1,
    action: { _: 'messageActionChatAddUser', users: [9, 10] },
  }
  const found = collectPeers({
    _: 'updates',
    updates: [
      { _: 'updateNewMessage', message, pts: 1, ptsCount: 1 },
      { _: 'updateNewMessage', message: service, pts: 1, ptsCount: 1 },
    ],
    users: [{ _: 'user', id: 99 }],
    chats: [{ _: 'channel', id: 98, linkedMonoforumId: 97 }],
    date: 1,
    seq: 0,
  })
  const sorted = (s: Set<number>) => [...s].sort((a, b) => a - b)
  assert.deepEqual(sorted(found.users), [1, 4, 5, 6, 9, 10])
  assert.deepEqual(sorted(found.chats), [8])
  assert.deepEqual(sorted(found.channels), [2, 3, 7])
  assert.deepEqual(sorted(collectPeers({ _: 'userFull', id: 5 }).users), [5])
  const { needed, apart } = collectPeersApart([message, service])
  assert.deepEqual([sorted(needed.users), sorted(apart.users)], [[1, 4, 5, 9, 10], [6]])
})
