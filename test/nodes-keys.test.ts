// Temporary keys (perfect forward secrecy) at several nodes: bound at one they are good at all, dropped at one they end at
// all. https://core.telegram.org/api/pfs
import assert from 'node:assert/strict'
import { test as nodeTest } from 'node:test'
import { bind, call, comeBack, connect, signUp } from '../src/features/auth/test-temp-keys.ts'
import { MtClient } from '../src/mtproto/test-client.ts'
import { DIALECTS } from '../src/storage/test-store.ts'
import { test as harnessTest, startTestServer, type TestServer } from './harness/index.ts'

const here = DIALECTS.includes('postgres')
const test: typeof harnessTest = here ? harnessTest : (name) => void nodeTest.skip(name, () => {})
const NOT_FOUND = -404

const state = (client: MtClient) => call(client, 'updates.getState', {})
const self = async (client: MtClient) => (await call(client, 'users.getUsers', { id: [{ _: 'inputUserSelf' }] }))[0]?.id

/** A permanent key and temporary ones bound to it, one at each node; its account is signed in at the first. */
async function begin(server: TestServer) {
  const [one, two, three] = server.nodes as [typeof server.server, typeof server.server, typeof server.server]
  const perm = await connect(server)
  const clients: MtClient[] = []
  for (const node of [one, two, three]) {
    const client = await connect(server, 7200, node)
    await bind(server, client, perm.key!)
    clients.push(client)
  }
  perm.close()
  const [first, second, third] = clients as [MtClient, MtClient, MtClient]
  const id = await signUp(first)
  return { one, two, three, perm: perm.key!, first, second, third, id }
}

/** A client is told that its key is unknown, wherever it comes. */
async function isGone(server: TestServer, client: MtClient): Promise<void> {
  await client.gone()
  for (const node of server.nodes) {
    const again = await MtClient.connect(node.address.port)
    again.key = client.key
    again.sendMessage(Buffer.alloc(4))
    await again.gone()
    assert.deepEqual(again.errors, [NOT_FOUND])
  }
}

test('a temporary key that was bound at one node is good at the others, also when that one has died', async () => {
  await using server = await startTestServer({ nodes: 3, online: true })
  const { one, two, three, perm, first, second, third, id } = await begin(server)
  for (const client of [first, second, third]) assert.equal(await self(client), id)

  // A key is known to a node before it is bound at another one.
  const late = await connect(server, 7200, two)
  await assert.rejects(state(late), /AUTH_KEY_PERM_EMPTY/)
  const elsewhere = await comeBack(three, late)
  await bind(server, elsewhere, perm)
  assert.equal(await self(late), id)

  const moved = await comeBack(two, first)
  assert.equal(await self(moved), id)
  await one.stop()
  await first.gone()
  assert.equal(await self(moved), id)
  const again = await comeBack(three, first)
  assert.equal(await self(again), id)
  for (const client of [second, third, late, elsewhere, moved, again]) client.close()
})

test('temporary keys that are dropped at one node end at all of them', async () => {
  await using server = await startTestServer({ nodes: 3, online: true })
  const { first, second, third, two } = await begin(server)
  await state(second)
  await state(third)
  const other = await comeBack(two, third)
  await state(other)
  const exceptAuthKeys = [BigInt.asIntN(64, second.key!.id)]
  assert.equal(await call(first, 'auth.dropTempAuthKeys', { exceptAuthKeys }), true)
  await isGone(server, third)
  await other.gone()
  await state(first)
  await state(second)
  for (const client of [first, second]) client.close()
})

test('a node that does not hear of it finds that a temporary key was dropped', async () => {
  await using server = await startTestServer({ nodes: 3, online: true })
  const { first, second, third } = await begin(server)
  await state(second)
  await state(third)
  // The news does not arrive anywhere.
  const { dropped } = server.nodes[0]!.app.nodes
  server.nodes[0]!.app.nodes.dropped = () => {}
  await call(first, 'auth.dropTempAuthKeys', { exceptAuthKeys: [BigInt.asIntN(64, second.key!.id)] })
  server.nodes[0]!.app.nodes.dropped = dropped
  await isGone(server, third)
  await state(second)
  for (const client of [first, second]) client.close()
})

test('who signs out, or is signed out, at one node is so at all of them, whichever temporary key they use', async () => {
  await using server = await startTestServer({ nodes: 3, online: true })
  const { first, second, third } = await begin(server)
  for (const client of [second, third]) await state(client)
  await call(first, 'auth.logOut', {})
  for (const client of [second, third]) {
    await client.gone()
    const again = await comeBack(server.nodes[1]!, client)
    await assert.rejects(state(again), /AUTH_KEY_UNREGISTERED/)
    again.close()
  }
  // The key itself stays, and signs in again.
  await assert.rejects(state(first), /AUTH_KEY_UNREGISTERED/)
  first.close()
})

test('a device that another one ends is signed out at all nodes', async () => {
  await using server = await startTestServer({ nodes: 3, online: true })
  const [alice] = await server.people('Alice')
  const perm = await connect(server)
  const lost = await connect(server, 7200, server.nodes[1]!)
  await bind(server, lost, perm.key!)
  perm.close()
  const settings = { _: 'codeSettings' as const }
  const phoneNumber = alice.phone
  const sent = await call(lost, 'auth.sendCode', { phoneNumber, apiId: 4, apiHash: 'x', settings })
  const { phoneCodeHash } = sent as { phoneCodeHash: string }
  await call(lost, 'auth.signIn', { phoneNumber, phoneCodeHash, phoneCode: phoneNumber[5]!.repeat(5) })
  assert.equal(await self(lost), alice.id)
  const twin = await comeBack(server.nodes[2]!, lost)
  assert.equal(await self(twin), alice.id)
  const { authorizations } = await alice.call('account.getAuthorizations', {})
  const { hash } = authorizations.find((one) => !one.current)!
  await alice.call('account.resetAuthorization', { hash })
  for (const client of [lost, twin]) await client.gone()
  for (const node of server.nodes) {
    const again = await comeBack(node, lost)
    await assert.rejects(state(again), /AUTH_KEY_UNREGISTERED/)
    again.close()
  }
})
