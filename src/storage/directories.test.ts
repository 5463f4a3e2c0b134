import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DirectorySyncs } from './directories.ts'

test('who comes during a sync of a directory waits for the next one, together with the others', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'chappe-'))
  try {
    const syncs = new DirectorySyncs()
    const first = syncs.sync(directory)
    const second = syncs.sync(directory)
    assert.notEqual(second, first)
    assert.equal(syncs.sync(directory), second)
    await first
    let done = false
    const third = syncs.sync(directory).then(() => {
      done = true
    })
    await second
    await third
    assert.ok(done)
    await syncs.sync(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
})

test('a directory that is not there fails for each who asks, and can be synced once it is', async () => {
  const syncs = new DirectorySyncs()
  const missing = join(tmpdir(), 'chappe-is-not-there')
  const [first, second] = await Promise.allSettled([syncs.sync(missing), syncs.sync(missing)])
  assert.equal(first.status, 'rejected')
  assert.equal(second.status, 'rejected')
  await syncs.sync(tmpdir())
})
