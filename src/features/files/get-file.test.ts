import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { documentLocation, photoLocation, picture, uploadDocument, uploadPhoto } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const KiB = 1024
const MiB = KiB * KiB

test('ranges are as the page says, and what is beyond the end is empty', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const bytes = randomBytes(2 * MiB + 10)
  const location = documentLocation(await uploadDocument(alice, bytes, { name: 'x.bin' }))
  const get = async (offset: number, limit: number, precise?: boolean) =>
    ((await alice.call('upload.getFile', { location, offset, limit, precise })) as tl.upload_file).bytes
  const same = (actual: Uint8Array, from: number, to: number) => assert.ok(bytes.subarray(from, to).equals(actual))
  same(await get(0, MiB), 0, MiB)
  same(await get(MiB + 4 * KiB, 4 * KiB), MiB + 4 * KiB, MiB + 8 * KiB)
  same(await get(2 * MiB, MiB), 2 * MiB, 2 * MiB + 10)
  same(await get(3 * KiB, 5 * KiB, true), 3 * KiB, 8 * KiB)
  assert.equal((await get(2 * MiB + 4 * KiB, 4 * KiB)).length, 0)
  assert.equal((await get(500 * MiB, MiB)).length, 0)
  for (const [error, offset, limit, precise] of [
    ['OFFSET_INVALID', 1024, 4096],
    ['OFFSET_INVALID', -4096, 4096],
    ['OFFSET_INVALID', 100, 1024, true],
    ['LIMIT_INVALID', 0, 0],
    ['LIMIT_INVALID', 0, -4096],
    ['LIMIT_INVALID', 0, 1024],
    ['LIMIT_INVALID', 0, 12 * KiB],
    ['LIMIT_INVALID', 0, 2 * MiB],
    ['LIMIT_INVALID', 512 * KiB, MiB],
    ['LIMIT_INVALID', 0, 1000, true],
    ['LIMIT_INVALID', MiB - KiB, 2 * KiB, true],
  ] as const) {
    await alice.fails(error, 'upload.getFile', { location, offset, limit, precise })
  }
})

test('a location is good for whom it was given, and for its time; reading the object again gives a new one', async () => {
  await using server = await startTestServer({ settings: { limits: { fileReferenceSeconds: 3 * 3600 } } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const document = await uploadDocument(alice, randomBytes(100))
  const photo = await uploadPhoto(alice, await picture(200, 200))
  const phone = await alice.device()
  for (const location of [documentLocation(document), photoLocation(photo, 'm')]) {
    const range = { offset: 0, limit: 4096 }
    await phone.call('upload.getFile', { location, ...range })
    await bob.fails('FILE_ID_INVALID', 'upload.getFile', { location, ...range })
    const refused = (error: string, change: object) =>
      alice.fails(error, 'upload.getFile', { location: { ...location, ...change }, ...range })
    await refused('FILE_ID_INVALID', { id: location.id + 1n })
    await refused('FILE_ID_INVALID', { accessHash: 0n })
    await refused('FILE_REFERENCE_EMPTY', { fileReference: new Uint8Array(0) })
    await refused('FILE_REFERENCE_INVALID', { fileReference: randomBytes(21) })
    await refused('LOCATION_INVALID', { thumbSize: 'zz' })
  }
  await server.clock.advance(5 * 3600)
  const old = documentLocation(document)
  await alice.fails('FILE_REFERENCE_EXPIRED', 'upload.getFile', { location: old, offset: 0, limit: 4096 })
  await alice.fails('FILE_REFERENCE_EXPIRED', 'messages.uploadMedia', {
    peer: { _: 'inputPeerSelf' },
    media: { _: 'inputMediaDocument', id: { ...document, _: 'inputDocument' } },
  })
})

test('what lies on CDNs and the web is not here', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  assert.deepEqual(await alice.call('help.getCdnConfig', {}), { _: 'cdnConfig', publicKeys: [] })
  const fileToken = randomBytes(16)
  await alice.fails('METHOD_INVALID', 'upload.getCdnFile', { fileToken, offset: 0, limit: 4096 })
  await alice.fails('FILE_TOKEN_INVALID', 'upload.getCdnFileHashes', { fileToken, offset: 0 })
  await alice.fails('FILE_TOKEN_INVALID', 'upload.reuploadCdnFile', { fileToken, requestToken: fileToken })
  await alice.fails('LOCATION_INVALID', 'upload.getWebFile', {
    location: { _: 'inputWebFileLocation', url: 'https://example.org/a.png', accessHash: 1n },
    offset: 0,
    limit: 4096,
  })
})
