import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { BlobNotFound, openBlobs } from './blobs.ts'
import { S3Blobs, s3Address } from './blobs-s3.ts'
import { startS3 } from './test-s3.ts'

async function openTestBlobs() {
  const directory = await mkdtemp(join(tmpdir(), 'chappe-blobs-'))
  const blobs = await openBlobs(directory)
  return { directory, blobs, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) }
}

/** The same in a bucket, of a server in this process that speaks S3. */
async function openTestBucket() {
  const s3 = await startS3()
  const blobs = await openBlobs(s3.address)
  return { directory: s3.directory, blobs, [Symbol.asyncDispose]: () => s3[Symbol.asyncDispose]() }
}

const KINDS = { files: openTestBlobs, s3: openTestBucket }

async function* pieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function all(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

for (const [kind, open] of Object.entries(KINDS)) {
  test(`blobs in ${kind}: what was put is got, whole and by ranges`, async () => {
    await using t = await open()
    const bytes = randomBytes(700_001)
    assert.equal(await t.blobs.put('ab/cdef', pieces(bytes, 65_536)), bytes.length)
    const reader = await t.blobs.open('ab/cdef')
    assert.equal(reader.size, bytes.length)
    assert.deepEqual(await all(reader.stream()), bytes)
    assert.deepEqual(await all((await t.blobs.open('ab/cdef')).stream(700_000)), bytes.subarray(700_000))
    assert.deepEqual(await t.blobs.get('ab/cdef', 500_000, 1000), bytes.subarray(500_000, 501_000))
    assert.deepEqual(await t.blobs.get('ab/cdef', 700_000, 1000), bytes.subarray(700_000))
    assert.equal((await t.blobs.get('ab/cdef', 800_000, 1000)).length, 0)
    assert.equal(await t.blobs.exists('ab/cdef'), true)
    await t.blobs.put('ab/cdef', pieces(bytes.subarray(0, 5), 2))
    assert.deepEqual(await t.blobs.get('ab/cdef', 0, 100), bytes.subarray(0, 5))
    assert.equal(await t.blobs.put('empty', pieces(bytes.subarray(0, 0), 1)), 0)
    assert.deepEqual(
      (await Array.fromAsync(t.blobs.list())).sort((a, b) => a.size - b.size),
      [
        { key: 'empty', size: 0 },
        { key: 'ab/cdef', size: 5 },
      ],
    )
    await t.blobs.delete('ab/cdef')
    await t.blobs.delete('ab/cdef')
    assert.equal(await t.blobs.exists('ab/cdef'), false)
    await assert.rejects(t.blobs.get('ab/cdef', 0, 1), BlobNotFound)
    await assert.rejects(t.blobs.open('ab/cdef'), BlobNotFound)
  })
}

test('blobs: a stream that breaks leaves nothing, and what the key had', async () => {
  await using t = await openTestBlobs()
  await t.blobs.put('a', pieces(Buffer.from('old'), 3))
  const broken = async function* () {
    yield Buffer.from('new and ')
    throw new Error('the upload broke')
  }
  await assert.rejects(t.blobs.put('a', broken()), /the upload broke/)
  assert.equal((await t.blobs.get('a', 0, 100)).toString(), 'old')
  assert.deepEqual(await readdir(join(t.directory, '.part')), [])
})

for (const [kind, open] of Object.entries(KINDS)) {
  test(`blobs in ${kind}: no key leaves the directory`, async () => {
    await using t = await open()
    const bad = [
      '',
      '/',
      '..',
      '../x',
      'a/../b',
      'a//b',
      '/etc/passwd',
      '.part/x',
      'a/.b',
      'a\0',
      'a\\b',
      'ä',
      'x'.repeat(200),
    ]
    for (const key of [...bad, 'a/b/c/d/e', 'a/']) {
      await assert.rejects(t.blobs.put(key, pieces(Buffer.from('x'), 1)), /no key/, key)
      await assert.rejects(t.blobs.get(key, 0, 1), /no key/, key)
      await assert.rejects(t.blobs.delete(key), /no key/, key)
    }
    await assert.rejects(t.blobs.get('a', -1, 1), RangeError)
    await assert.rejects(t.blobs.get('a', 0, 2 ** 30), RangeError)
  })
}

for (const [kind, open] of Object.entries(KINDS)) {
  test(`blobs in ${kind}: deletions wait while they are held back`, async () => {
    await using t = await open()
    await t.blobs.put('a', pieces(Buffer.from('x'), 1))
    const release = t.blobs.hold()
    const deletion = t.blobs.delete('a')
    assert.equal(await Promise.race([deletion, new Promise((r) => setTimeout(r, 30, 'waits'))]), 'waits')
    assert.equal(await t.blobs.exists('a'), true)
    release()
    await deletion
    assert.equal(await t.blobs.exists('a'), false)
  })
}

test('blobs: what is no directory is refused in one line', async () => {
  await assert.rejects(openBlobs('http://host/x'), /directory/)
  const directory = await mkdtemp(join(tmpdir(), 'chappe-blobs-'))
  try {
    await mkdir(join(directory, 'x'))
    await writeFile(join(directory, 'file'), '')
    await assert.rejects(openBlobs(join(directory, 'file')), /EEXIST|ENOTDIR/)
  } finally {
    await rm(directory, { recursive: true })
  }
})

test('blobs in s3: a large file goes in parts, of which memory holds few', async () => {
  await using t = await openTestBucket()
  const piece = randomBytes(1024 * 1024)
  const pieces = 45
  let most = 0
  const before = process.memoryUsage().arrayBuffers
  const stream = async function* () {
    for (let i = 0; i < pieces; i++) {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
      yield piece
    }
  }
  assert.equal(await t.blobs.put('big/file', stream()), pieces * piece.length)
  assert.equal((await t.blobs.open('big/file')).size, pieces * piece.length)
  const across = await t.blobs.get('big/file', 8 * piece.length - 100, 200)
  assert.deepEqual(across, Buffer.concat([piece.subarray(-100), piece.subarray(0, 100)]))
  let got = 0
  for await (const bytes of (await t.blobs.open('big/file')).stream(100)) got += bytes.length
  assert.equal(got, pieces * piece.length - 100)
})

test('blobs in s3: a stream that breaks leaves nothing, and what the key had', async () => {
  await using t = await openTestBucket()
  await t.blobs.put('a', pieces(Buffer.from('old'), 3))
  const broken = async function* () {
    for (let i = 0; i < 20; i++) yield randomBytes(1024 * 1024)
    throw new Error('the upload broke')
  }
  await assert.rejects(t.blobs.put('a', broken()), /the upload broke/)
  assert.equal((await t.blobs.get('a', 0, 100)).toString(), 'old')
  assert.deepEqual(await Array.fromAsync(t.blobs.list()), [{ key: 'a', size: 3 }])
})

test('blobs in s3: more of them than one page of a list', async () => {
  await using s3 = await startS3()
  const blobs = new S3Blobs(s3Address(s3.address), 3)
  const keys = Array.from({ length: 8 }, (_, i) => `k${i}/file`)
  for (const key of keys) await blobs.put(key, pieces(Buffer.from(key), 9))
  assert.deepEqual(
    (await Array.fromAsync(blobs.list())).map((b) => b.key),
    keys,
  )
})

test('blobs in s3: a server that is away for a moment, and one that refuses', async () => {
  await using s3 = await startS3()
  const blobs = await openBlobs(s3.address)
  await blobs.ready()
  await blobs.put('a', pieces(Buffer.from('x'), 1))
  await s3.stop()
  const got = blobs.get('a', 0, 10)
  await s3.start()
  assert.equal((await got).toString(), 'x')
  const wrong = await openBlobs(s3.address.replace(/:[^:@]*@/, ':wrong@'))
  await assert.rejects(wrong.ready(), /S3 answers 403/)
  const none = await openBlobs(s3.address.replace('@chappe', '@nobucket'))
  await assert.rejects(none.ready(), /404/)
  await assert.rejects(none.get('a', 0, 1), (error: Error) => !(error instanceof BlobNotFound))
})

test('blobs in s3: the address', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
  assert.deepEqual(s3Address('s3://bucket', { ...keys, AWS_REGION: 'eu-west-1' }), {
    base: 'https://bucket.s3.eu-west-1.amazonaws.com',
    prefix: '',
    region: 'eu-west-1',
    accessKeyId: 'id',
    secretAccessKey: 'secret',
    sessionToken: undefined,
  })
  const own = s3Address('s3://a:b%2Fc@bucket/files/x/?endpoint=http://127.0.0.1:9000&region=here', {})
  assert.deepEqual(
    [own.base, own.prefix, own.region, own.accessKeyId, own.secretAccessKey],
    ['http://127.0.0.1:9000/bucket', 'files/x/', 'here', 'a', 'b/c'],
  )
  assert.throws(() => s3Address('s3://bucket', {}), /AWS_ACCESS_KEY_ID/)
  assert.throws(() => s3Address('s3://a:b@bucket?endpoint=ftp://x', {}), /endpoint/)
})
