import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'

test('the devices of an account are listed, the calling one first among equals; one that is ended is gone', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice!.device()
  const { authorizations, authorizationTtlDays } = await alice!.call('account.getAuthorizations', {})
  assert.equal(authorizations.length, 2)
  assert.ok(authorizationTtlDays > 0)
  const current = authorizations.filter((a) => a.current)
  assert.deepEqual(
    current.map((a) => a.hash),
    [0n],
  )
  const seen = (await phone.call('account.getAuthorizations', {})).authorizations
  assert.equal(seen.length, 2)
  const other = authorizations.find((a) => !a.current)!
  assert.equal(
    seen.find((a) => a.hash === other.hash),
    undefined,
    'it is the other one for the other one',
  )
  assert.equal((await bob!.call('account.getAuthorizations', {})).authorizations.length, 1)
  await alice!.call('account.setAuthorizationTTL', { authorizationTtlDays: 30 })
  await alice!.call('account.resetAuthorization', { hash: other.hash })
  const left = await alice!.call('account.getAuthorizations', {})
  assert.equal(left.authorizations.length, 1)
  assert.equal(left.authorizationTtlDays, 30)
  await phone.fails('AUTH_KEY_UNREGISTERED', 'account.getAuthorizations', {})
})
