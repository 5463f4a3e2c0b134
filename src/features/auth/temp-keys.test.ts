import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type { MtClient } from '../../mtproto/test-client.ts'
import { bind, call, connect, signUp } from './test-temp-keys.ts'

test('a temporary key stands for the permanent one that it is bound to', async () => {
  await using server = await startTestServer({ online: true })
  const first = await connect(server)
  const perm = first.key!
  const temp = await connect(server, 7200)
  const state = () => call(temp, 'updates.getState', {})
  await assert.rejects(state, /AUTH_KEY_PERM_EMPTY/)
  for (const lie of [{ nonce: 1n }, { tempKey: 1n }, { session: 1n }, { expiresAt: 1 }, { msgId: 4n }]) {
    await assert.rejects(bind(server, temp, perm, lie), /ENCRYPTED_MESSAGE_INVALID/)
  }
  await assert.rejects(bind(server, temp, temp.key!), /ENCRYPTED_MESSAGE_INVALID/)
  await assert.rejects(bind(server, temp, perm, {}, -1), /EXPIRES_AT_INVALID/)
  await assert.rejects(bind(server, first, perm), /TEMP_AUTH_KEY_EMPTY/)
  assert.equal(await bind(server, temp, perm), true)
  assert.equal(await bind(server, temp, perm), true)
  await assert.rejects(state, /AUTH_KEY_UNREGISTERED/)
  const id = await signUp(temp)
  await state()
  // It is the permanent key that is signed in now: the next temporary one needs no code.
  const next = await connect(server, 7200)
  await bind(server, next, perm)
  const [self] = await call(next, 'users.getUsers', { id: [{ _: 'inputUserSelf' }] })
  assert.equal(self?.id, id)
  const other = await connect(server)
  await assert.rejects(bind(server, next, other.key!), /TEMP_AUTH_KEY_ALREADY_BOUND/)
  for (const client of [first, temp, next, other]) client.close()
})

test('temporary keys end when the client says so, and with time', async () => {
  await using server = await startTestServer({ online: true })
  const perm = (await connect(server)).key!
  const clients = [await connect(server, 7200), await connect(server, 7200), await connect(server, 7200)]
  for (const client of clients) await bind(server, client, perm)
  const [own, kept, dropped] = clients as [MtClient, MtClient, MtClient]
  await signUp(own)
  const exceptAuthKeys = [BigInt.asIntN(64, kept.key!.id)]
  assert.equal(await call(own, 'auth.dropTempAuthKeys', { exceptAuthKeys }), true)
  await dropped.gone()
  await call(own, 'updates.getState', {})
  await call(kept, 'updates.getState', {})
  const rows = async () => {
    const found = await server.app.store.db.selectFrom('auth_key').select('id').where('temp', '=', 1).execute()
    return found.length
  }
  assert.equal(await rows(), 2)
  await server.clock.advance(4 * 3600)
  assert.equal(await rows(), 0)
  for (const client of clients) client.close()
})
