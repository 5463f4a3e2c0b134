import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestServer } from '../../../test/harness/index.ts'

test('people sign up and in', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice', 'Bob')
  const phone = await alice!.device()
  assert.equal(phone.session.auth.userId, alice!.id)
})

test('a device that the harness signs in leaves no updates behind', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  await alice!.device()
  assert.deepEqual(await alice!.updates(), [])
})
