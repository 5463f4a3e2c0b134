import assert from 'node:assert/strict'
import { MemoryStorage, TcpTransport, TelegramClient } from '@mtcute/node'
import { addPublicKey, NodeCryptoProvider } from '@mtcute/node/utils.js'
import { startTestServer, type TestServer, test } from '../harness/index.ts'
import './mtcute-salts.ts'

/** mtcute as it comes, against a test server. */
async function open(server: TestServer, usePfs = false): Promise<TelegramClient> {
  const { address, keys } = server.server
  const crypto = new NodeCryptoProvider()
  await crypto.initialize?.()
  addPublicKey(crypto, keys.rsa.publicPem)
  const dc = { id: 2, ipAddress: address.host, port: address.port }
  return new TelegramClient({
    apiId: 1,
    apiHash: 'anything',
    storage: new MemoryStorage(),
    crypto,
    defaultDcs: { main: dc, media: dc },
    transport: new TcpTransport(),
    network: { usePfs },
    logLevel: process.env.CHAPPE_WIRE_LOG ? 4 : 0,
  })
}

/** Signs a person of the harness in on a client. */
async function signIn(client: TelegramClient, phone: string): Promise<void> {
  const code = await client.sendCode({ phone })
  assert.ok('phoneCodeHash' in code)
  await client.signIn({ phone, phoneCodeHash: code.phoneCodeHash, phoneCode: phone[5]!.repeat(5) })
}

for (const pfs of [false, true]) {
  test(`mtcute signs in${pfs ? ' over temporary keys' : ''}, protects the account, and signs in again`, async () => {
    await using server = await startTestServer({ online: true })
    const alice = await server.person('Alice')
    const first = await open(server, pfs)
    const second = await open(server, pfs)
    try {
      await signIn(first, alice.phone)
      assert.equal((await first.getMe()).id, alice.id)
      await first.enableCloudPassword({ password: 'correct horse', hint: 'battery' })
      await assert.rejects(signIn(second, alice.phone), /SESSION_PASSWORD_NEEDED/)
      assert.equal(await second.getPasswordHint(), 'battery')
      await assert.rejects(second.checkPassword('wrong'), /PASSWORD_HASH_INVALID/)
      assert.equal((await second.checkPassword('correct horse')).id, alice.id)
      await first.changeCloudPassword({ currentPassword: 'correct horse', newPassword: 'staple', hint: 'paper' })
      await first.removeCloudPassword('staple')
      assert.equal((await alice.call('account.getPassword', {})).hasPassword, undefined)
      await second.logOut()
      await first.getMe()
    } finally {
      await first.destroy()
      await second.destroy()
    }
  })
}

test('mtcute signs in by a QR code that another device accepts', async () => {
  await using server = await startTestServer({ online: true })
  // By its own clock mtcute tells when a code is too old, and then asks for the next at once.
  await server.clock.advance((Date.now() - server.clock.now()) / 1000)
  const alice = await server.person('Alice')
  const client = await open(server)
  try {
    await client.connect()
    const done = client.signInQr({
      onUrlUpdated: (url) => {
        const token = Buffer.from(new URL(url).searchParams.get('token')!, 'base64url')
        void alice.call('auth.acceptLoginToken', { token })
      },
    })
    assert.equal((await done).id, alice.id)
    assert.equal((await client.getMe()).id, alice.id)
  } finally {
    await client.destroy()
  }
})

test('mtcute signs a bot in', async () => {
  await using server = await startTestServer({ online: true })
  const botToken = await server.botToken('weather_bot', 'Weather')
  const client = await open(server)
  try {
    const me = await client.signInBot(botToken)
    assert.deepEqual([me.isBot, me.username], [true, 'weather_bot'])
  } finally {
    await client.destroy()
  }
})
