import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { joinCluster } from './cluster.ts'
import { ConfigError } from './config.ts'
import { openTestStore } from './storage/test-store.ts'

test('nodes of one database have one name, and one secret', async () => {
  await using store = await openTestStore()
  const secret = randomBytes(32)
  const names = await Promise.all([joinCluster(store, secret), joinCluster(store, secret)])
  assert.match(names[0]!, /^chappe\.[\w-]+\.$/)
  assert.equal(names[1], names[0])
  await assert.rejects(joinCluster(store, randomBytes(32)), ConfigError)
  assert.equal(await joinCluster(store, secret), names[0])
  await using other = await openTestStore()
  assert.notEqual(await joinCluster(other, secret), names[0])
})
