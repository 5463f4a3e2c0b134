import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { documentLocation, download, newFileId, upload, uploadDocument } from '../../../test/harness/files.ts'
import { type CallError, type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const KiB = 1024
const self = { _: 'inputPeerSelf' } as const

function asDocument(file: tl.InputFile): tl.inputMediaUploadedDocument {
  return { _: 'inputMediaUploadedDocument', file, mimeType: 'application/octet-stream', attributes: [] }
}

async function blobs(server: TestServer): Promise<{ key: string; size: number }[]> {
  const all = []
  for await (const blob of server.app.blobs.list()) all.push(blob)
  return all
}

const save = (who: Person, fileId: bigint, filePart: number, bytes: Uint8Array) =>
  who.call('upload.saveFilePart', { fileId, filePart, bytes })

test('a document comes back byte for byte, in whatever parts it was sent', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  for (const [size, partSize] of [
    [1, 512],
    [700 * KiB, 512],
    [300 * KiB + 5, 64],
    [128 * KiB, 64],
  ] as const) {
    const bytes = randomBytes(size)
    const file = await upload(alice, bytes, { partSize: partSize * KiB })
    const media = await alice.call('messages.uploadMedia', { peer: self, media: asDocument(file) })
    const document = (media as tl.messageMediaDocument).document as tl.document
    assert.equal(document.size, size)
    assert.ok(bytes.equals(await download(alice, documentLocation(document))))
  }
})

test('20 MiB go through in parts, out of order and some of them twice', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const bytes = randomBytes(20 * KiB * KiB + 77)
  const id = newFileId()
  const step = 512 * KiB
  const total = 41
  const order = [...Array(total).keys()].reverse()
  const part = (i: number) =>
    alice.call('upload.saveBigFilePart', {
      fileId: id,
      filePart: i,
      fileTotalParts: total,
      bytes: bytes.subarray(i * step, (i + 1) * step),
    })
  for (let i = 0; i < total; i += 4) await Promise.all(order.slice(i, i + 4).map(part))
  await part(7)
  const file: tl.InputFile = { _: 'inputFileBig', id, parts: total, name: 'big.bin' }
  const media = await alice.call('messages.uploadMedia', { peer: self, media: asDocument(file) })
  const document = (media as tl.messageMediaDocument).document as tl.document
  assert.ok(bytes.equals(await download(alice, documentLocation(document), KiB * KiB)))
  const hashes = await alice.call('upload.getFileHashes', { location: documentLocation(document), offset: 3_000_000 })
  assert.equal(hashes[0]!.offset, 22 * 128 * KiB)
  for (const { offset, limit, hash } of hashes) {
    const expected = createHash('sha256')
      .update(bytes.subarray(offset, offset + limit))
      .digest()
    assert.ok(expected.equals(hash))
  }
  const last = await alice.call('upload.getFileHashes', {
    location: documentLocation(document),
    offset: 20 * KiB * KiB,
  })
  assert.deepEqual(
    last.map((h) => [h.offset, h.limit]),
    [[20 * KiB * KiB, 77]],
  )
})

test('the same content is kept once, and its parts go when it is put together', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bytes = randomBytes(900 * KiB)
  const first = await uploadDocument(alice, bytes)
  assert.deepEqual(
    (await blobs(server)).map((b) => b.size),
    [900 * KiB],
  )
  const second = await uploadDocument(bob, bytes)
  assert.notEqual(first.id, second.id)
  assert.deepEqual(
    (await blobs(server)).map((b) => b.size),
    [900 * KiB],
  )
  assert.ok(bytes.equals(await download(bob, documentLocation(second))))
})

test('an upload may be named again, as when a client repeats a call whose answer it lost', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const file = await upload(alice, randomBytes(600 * KiB))
  const [one, two] = await Promise.all([
    alice.call('messages.uploadMedia', { peer: self, media: asDocument(file) }),
    alice.call('messages.uploadMedia', { peer: self, media: asDocument(file) }),
  ])
  const again = await alice.call('messages.uploadMedia', { peer: self, media: asDocument(file) })
  for (const media of [one, two, again]) {
    assert.equal(((media as tl.messageMediaDocument).document as tl.document).size, 600 * KiB)
  }
})

test('parts are refused as the page says', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const fileId = newFileId()
  const big = (filePart: number, fileTotalParts: number, size: number) => ({
    fileId,
    filePart,
    fileTotalParts,
    bytes: new Uint8Array(size),
  })
  await alice.fails('FILE_PART_EMPTY', 'upload.saveFilePart', { fileId, filePart: 0, bytes: new Uint8Array(0) })
  await alice.fails('FILE_PART_INVALID', 'upload.saveFilePart', { fileId, filePart: -1, bytes: new Uint8Array(1) })
  await alice.fails('FILE_PART_INVALID', 'upload.saveFilePart', { fileId, filePart: 4000, bytes: new Uint8Array(1) })
  await alice.fails('FILE_PART_TOO_BIG', 'upload.saveFilePart', {
    fileId,
    filePart: 0,
    bytes: new Uint8Array(512 * KiB + 1),
  })
  await alice.fails('FILE_PARTS_INVALID', 'upload.saveBigFilePart', big(0, 0, KiB))
  await alice.fails('FILE_PARTS_INVALID', 'upload.saveBigFilePart', big(0, 4001, KiB))
  await alice.fails('FILE_PART_INVALID', 'upload.saveBigFilePart', big(3, 3, KiB))
  await alice.fails('FILE_PART_SIZE_INVALID', 'upload.saveBigFilePart', big(0, 3, 1000))
  await alice.fails('FILE_PART_SIZE_INVALID', 'upload.saveBigFilePart', big(0, 3, 3 * KiB))
  await alice.call('upload.saveBigFilePart', big(0, 3, 2 * KiB))
  await alice.fails('FILE_PART_SIZE_CHANGED', 'upload.saveBigFilePart', big(1, 3, 4 * KiB))
  await alice.fails('FILE_PARTS_INVALID', 'upload.saveBigFilePart', big(1, 4, 2 * KiB))
  const media = (parts: number): tl.InputMedia => asDocument({ _: 'inputFileBig', id: fileId, parts, name: '' })
  await alice.fails('FILE_PART_1_MISSING', 'messages.uploadMedia', { peer: self, media: media(3) })
  await alice.fails('FILE_PARTS_INVALID', 'messages.uploadMedia', { peer: self, media: media(2) })
  await alice.fails('FILE_PARTS_INVALID', 'messages.uploadMedia', { peer: self, media: media(0) })
  const unknown = asDocument({ _: 'inputFileBig', id: newFileId(), parts: 1, name: '' })
  await alice.fails('FILE_PART_0_MISSING', 'messages.uploadMedia', { peer: self, media: unknown })
})

test('what does not fit together is no file', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const uneven = newFileId()
  await save(alice, uneven, 0, new Uint8Array(4 * KiB))
  await save(alice, uneven, 1, new Uint8Array(2 * KiB))
  await save(alice, uneven, 2, new Uint8Array(4 * KiB))
  const media = (id: bigint, parts: number, md5Checksum = ''): tl.InputMedia =>
    asDocument({ _: 'inputFile', id, parts, name: '', md5Checksum })
  await alice.fails('FILE_PART_SIZE_INVALID', 'messages.uploadMedia', { peer: self, media: media(uneven, 3) })
  await alice.fails('MD5_CHECKSUM_INVALID', 'messages.uploadMedia', {
    peer: self,
    media: media(uneven, 2, createHash('md5').update('other').digest('hex')),
  })
  // Another account's upload is not there.
  await bob.fails('FILE_PART_0_MISSING', 'messages.uploadMedia', { peer: self, media: media(uneven, 2) })
  await alice.call('messages.uploadMedia', { peer: self, media: media(uneven, 2) })
})

test('a stream whose length is not known ends with an empty part, or a short one', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  for (const [sizes, last] of [
    [[4, 4], 0],
    [[4], 3],
  ] as const) {
    const id = newFileId()
    const whole = randomBytes(sizes.reduce((a, b) => a + b, 0) * KiB + last)
    let at = 0
    let filePart = 0
    for (const size of sizes) {
      const bytes = whole.subarray(at, (at += size * KiB))
      await alice.call('upload.saveBigFilePart', { fileId: id, filePart: filePart++, fileTotalParts: -1, bytes })
    }
    const parts = Math.ceil(whole.length / (4 * KiB))
    await alice.call('upload.saveBigFilePart', {
      fileId: id,
      filePart,
      fileTotalParts: parts,
      bytes: whole.subarray(at),
    })
    const file: tl.InputFile = { _: 'inputFileBig', id, parts, name: 'stream' }
    const media = await alice.call('messages.uploadMedia', { peer: self, media: asDocument(file) })
    const document = (media as tl.messageMediaDocument).document as tl.document
    assert.ok(whole.equals(await download(alice, documentLocation(document))))
  }
})

test('parts that nobody used go after their time, and an account holds no more than its bound', async () => {
  await using server = await startTestServer({ settings: { limits: { uploadBytes: 1024 * KiB, uploadSeconds: 3600 } } })
  const [alice] = await server.people('Alice')
  const fileId = newFileId()
  await save(alice, fileId, 0, new Uint8Array(512 * KiB))
  await server.clock.advance(1800)
  await save(alice, fileId, 1, new Uint8Array(512 * KiB))
  await save(alice, fileId, 1, new Uint8Array(512 * KiB))
  const tooMuch = alice.call('upload.saveFilePart', { fileId, filePart: 2, bytes: new Uint8Array(1) })
  await assert.rejects(tooMuch, (error) => /^FLOOD_WAIT_3(600|59\d)$/.test((error as CallError).type))
  await server.clock.advance(1801)
  assert.equal((await blobs(server)).length, 2)
  await server.clock.advance(1800)
  assert.deepEqual(await blobs(server), [])
  const media = asDocument({ _: 'inputFile', id: fileId, parts: 2, name: '', md5Checksum: '' })
  await alice.fails('FILE_PART_0_MISSING', 'messages.uploadMedia', { peer: self, media })
  await save(alice, fileId, 2, new Uint8Array(512 * KiB))
})

test('a document is found by its hash: by whoever has uploaded it, a GIF by everybody', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bytes = Buffer.concat([Buffer.from('GIF89a'), randomBytes(500)])
  const sha256 = createHash('sha256').update(bytes).digest()
  const find = (who: Person, mimeType: string) =>
    who.call('messages.getDocumentByHash', { sha256, size: bytes.length, mimeType })
  const own = await uploadDocument(alice, bytes, { mimeType: 'application/x-own' })
  assert.equal((await find(alice, 'application/x-own')).id, own.id)
  assert.equal((await find(bob, 'application/x-own'))._, 'documentEmpty')
  const gif = await uploadDocument(alice, bytes, { mimeType: 'image/gif' })
  const found = (await find(bob, 'image/gif')) as tl.document
  assert.equal(found.id, gif.id)
  assert.ok(bytes.equals(await download(bob, documentLocation(found))))
  await bob.fails('SHA256_HASH_INVALID', 'messages.getDocumentByHash', {
    sha256: new Uint8Array(5),
    size: 1,
    mimeType: 'image/gif',
  })
})
