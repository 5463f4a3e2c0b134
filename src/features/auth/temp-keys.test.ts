import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import { deriveV1, sha1 } from '../../mtproto/crypto.ts'
import { BIND_AUTH_KEY_INNER } from '../../mtproto/ids.ts'
import { igeEncrypt } from '../../mtproto/ige.ts'
import { type ClientKey, MtClient } from '../../mtproto/test-client.ts'
import { LATEST_LAYER, type Methods, readMt, readResult, writeObject } from '../../tl/index.ts'

const RPC_ERROR = 0x2144ca19

/** A client with a new key: a permanent one, or one that ends after so many seconds. */
async function connect(server: TestServer, expiresIn?: number): Promise<MtClient> {
  const client = await MtClient.connect(server.server.address.port)
  await client.exchange({ rsa: server.server.keys.rsa, ...(expiresIn === undefined ? undefined : { expiresIn }) })
  return client
}

async function call<N extends keyof Methods>(
  client: MtClient,
  method: N,
  params: Omit<Methods[N]['params'], '_'>,
  msgId?: bigint,
): Promise<Methods[N]['result']> {
  const query = { _: method, ...params }
  const app = {
    apiId: 4,
    deviceModel: 'wire',
    systemVersion: '1',
    appVersion: '1',
    systemLangCode: 'en',
    langPack: '',
    langCode: 'en',
  }
  const request = { _: 'invokeWithLayer', layer: LATEST_LAYER, query: { _: 'initConnection', ...app, query } }
  const body = writeObject((method === 'auth.bindTempAuthKey' ? query : request) as never)
  const answer = await client.invoke(body, msgId === undefined ? {} : { msgId })
  if (answer.readUInt32LE(0) === RPC_ERROR) throw new Error((readMt(answer) as { errorMessage: string }).errorMessage)
  return readResult(method, answer, LATEST_LAYER)
}

interface Binding {
  nonce: bigint
  tempKey: bigint
  session: bigint
  expiresAt: number
  msgId: bigint
}

/** bind_auth_key_inner, encrypted as in MTProto 1.0 with the permanent key. */
function bindMessage(perm: ClientKey, binding: Binding): Buffer {
  const text = Buffer.alloc(80)
  randomBytes(16).copy(text)
  text.writeBigInt64LE(binding.msgId, 16)
  text.writeInt32LE(40, 28)
  text.writeInt32LE(BIND_AUTH_KEY_INNER, 32)
  text.writeBigInt64LE(binding.nonce, 36)
  text.writeBigUInt64LE(binding.tempKey, 44)
  text.writeBigUInt64LE(perm.id, 52)
  text.writeBigInt64LE(binding.session, 60)
  text.writeInt32LE(binding.expiresAt, 68)
  const msgKey = sha1(text.subarray(0, 72)).subarray(4, 20)
  const { key, iv } = deriveV1(perm.key, msgKey, 0)
  return Buffer.concat([perm.idBytes, msgKey, igeEncrypt(text, key, iv)])
}

/** Binds a client's temporary key; `lie` changes what the encrypted message says. */
async function bind(server: TestServer, client: MtClient, perm: ClientKey, lie: Partial<Binding> = {}, seconds = 3600) {
  const expiresAt = Math.floor(server.clock.now() / 1000) + seconds
  const nonce = randomBytes(8).readBigInt64LE()
  const msgId = client.nextId()
  const told = { nonce, tempKey: client.key!.id, session: client.sessionId, expiresAt, msgId, ...lie }
  const permAuthKeyId = BigInt.asIntN(64, perm.id)
  const request = { permAuthKeyId, nonce, expiresAt, encryptedMessage: bindMessage(perm, told) }
  return call(client, 'auth.bindTempAuthKey', request, msgId)
}

async function signUp(client: MtClient): Promise<number> {
  const phoneNumber = '9996610001'
  const settings = { _: 'codeSettings' as const }
  const sent = await call(client, 'auth.sendCode', { phoneNumber, apiId: 4, apiHash: 'x', settings })
  const { phoneCodeHash } = sent as { phoneCodeHash: string }
  await call(client, 'auth.signIn', { phoneNumber, phoneCodeHash, phoneCode: '11111' })
  const done = await call(client, 'auth.signUp', { phoneNumber, phoneCodeHash, firstName: 'Alice', lastName: '' })
  return (done as { user: { id: number } }).user.id
}

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
