import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { BlobNotFound, openBlobs } from './blobs.ts'

async function openTestBlobs() {
  const directory = await mkdtemp(join(tmpdir(), 'chappe-blobs-'))
  const blobs = await openBlobs(directory)
  return { directory, blobs, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) }
}

async function* pieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function all(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

test('blobs: what was put is got, whole and by ranges', async () => {
  await using t = await openTestBlobs()
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

test('blobs: no key leaves the directory', async () => {
  await using t = await openTestBlobs()
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

test('blobs: deletions wait while they are held back', async () => {
  await using t = await openTestBlobs()
  await t.blobs.put('a', pieces(Buffer.from('x'), 1))
  const release = t.blobs.hold()
  const deletion = t.blobs.delete('a')
  assert.equal(await Promise.race([deletion, new Promise((r) => setTimeout(r, 30, 'waits'))]), 'waits')
  assert.equal(await t.blobs.exists('a'), true)
  release()
  await deletion
  assert.equal(await t.blobs.exists('a'), false)
})

test('blobs: what is no directory is refused in one line', async () => {
  await assert.rejects(openBlobs('s3://bucket'), /S3/)
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
