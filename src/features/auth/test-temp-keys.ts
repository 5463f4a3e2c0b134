import { randomBytes } from 'node:crypto'
import type { TestServer } from '../../../test/harness/index.ts'
import { BAD_SERVER_SALT, PONG } from '../../mtproto/ids.ts'
import { encryptBinding } from '../../mtproto/test-bind.ts'
import { ping } from '../../mtproto/test-bodies.ts'
import { type ClientKey, MtClient } from '../../mtproto/test-client.ts'
import type { Server } from '../../server.ts'
import { LATEST_LAYER, type Methods, readMt, readResult, writeObject } from '../../tl/index.ts'

const RPC_ERROR = 0x2144ca19

/** A client with a new key: a permanent one, or one that ends after so many seconds. */
export async function connect(server: TestServer, expiresIn?: number, node = server.server): Promise<MtClient> {
  const client = await MtClient.connect(node.address.port)
  await client.exchange({ rsa: node.keys.rsa, ...(expiresIn === undefined ? undefined : { expiresIn }) })
  return client
}

/** A new session of a client's key, at that node; the salt of the key exchange is good where it was made alone. */
export async function comeBack(node: Server, before: MtClient): Promise<MtClient> {
  const client = await MtClient.connect(node.address.port)
  client.key = before.key
  client.timeOffset = before.timeOffset
  client.sendMessage(ping(1n))
  await client.expect(PONG, BAD_SERVER_SALT)
  return client
}

/** A call by a client of the newest layer; an rpc_error's name is thrown. */
export async function call<N extends keyof Methods>(
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

export interface Binding {
  nonce: bigint
  tempKey: bigint
  session: bigint
  expiresAt: number
  msgId: bigint
}

/** Binds a client's temporary key; `lie` changes what the encrypted message says. */
export async function bind(
  server: TestServer,
  client: MtClient,
  perm: ClientKey,
  lie: Partial<Binding> = {},
  seconds = 3600,
) {
  const expiresAt = Math.floor(server.clock.now() / 1000) + seconds
  const nonce = randomBytes(8).readBigInt64LE()
  const msgId = client.nextId()
  const told = { nonce, tempKey: client.key!.id, session: client.sessionId, expiresAt, msgId, ...lie }
  const permAuthKeyId = BigInt.asIntN(64, perm.id)
  const fields = { ...told, tempAuthKeyId: told.tempKey, permAuthKeyId: perm.id, tempSessionId: told.session }
  const request = { permAuthKeyId, nonce, expiresAt, encryptedMessage: encryptBinding(perm.key, fields) }
  return call(client, 'auth.bindTempAuthKey', request, msgId)
}

/** A new account with a test number. */
export async function signUp(client: MtClient): Promise<number> {
  const phoneNumber = '9996610001'
  const settings = { _: 'codeSettings' as const }
  const sent = await call(client, 'auth.sendCode', { phoneNumber, apiId: 4, apiHash: 'x', settings })
  const { phoneCodeHash } = sent as { phoneCodeHash: string }
  await call(client, 'auth.signIn', { phoneNumber, phoneCodeHash, phoneCode: '11111' })
  const done = await call(client, 'auth.signUp', { phoneNumber, phoneCodeHash, firstName: 'Alice', lastName: '' })
  return (done as { user: { id: number } }).user.id
}
