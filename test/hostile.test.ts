import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import * as id from '../src/mtproto/ids.ts'
import { ClientKey, MtClient } from '../src/mtproto/test-client.ts'
import type * as tl from '../src/tl/gen/types.ts'
import { LATEST_LAYER, readMt, type TlObject, writeObject } from '../src/tl/index.ts'
import { Writer } from '../src/tl/writer.ts'
import { startTestServer, type TestServer } from './harness/index.ts'
import { Caller } from './sockets.ts'

// Whatever arrives at the port, two people go on talking: every message of theirs is answered soon and heard once, in
// order. One server for all of it, so that each attack meets what the ones before have left.

/** A round trip of theirs may take so long while somebody attacks from the same two cores, ms. */
const SOON = 5000

let server: TestServer
let talk: Talk
let evil: Caller

before(async () => {
  server = await startTestServer({
    online: true,
    settings: { limits: { network: { firstFrameMs: 3000, stalledMs: 1000, maxConnectionsPerIp: 1000 } } },
  })
  await server.clock.advance((Date.now() - server.clock.now()) / 1000)
  talk = await Talk.begin(server)
  evil = await Caller.signUp(server, '9996610003')
})
after(async () => {
  await talk.end()
  evil.client.close()
  await server[Symbol.asyncDispose]()
})

/** Two people who write to each other without a pause. */
class Talk {
  readonly alice: Caller
  readonly bob: Caller
  readonly #peers: tl.inputPeerUser[]
  #said = 0
  #slowest = 0
  #over = false
  #failed: unknown
  readonly #running: Promise<void>

  private constructor(alice: Caller, bob: Caller, peers: tl.inputPeerUser[]) {
    this.alice = alice
    this.bob = bob
    this.#peers = peers
    this.#running = this.#go().catch((error: unknown) => {
      this.#failed = error
    })
  }

  static async begin(server: TestServer): Promise<Talk> {
    const alice = await Caller.signUp(server, '9996610001')
    const bob = await Caller.signUp(server, '9996610002')
    return new Talk(alice, bob, [await alice.know(bob), await bob.know(alice)])
  }

  get toBob(): tl.inputPeerUser {
    return this.#peers[0]!
  }

  async #go(): Promise<void> {
    while (!this.#over) {
      const started = performance.now()
      const text = `${this.#said}`
      await Promise.all([this.alice.say(this.#peers[0]!, text), this.bob.say(this.#peers[1]!, text)])
      this.#slowest = Math.max(this.#slowest, performance.now() - started)
      this.#said++
      await sleep(5)
    }
  }

  /** Both have heard everything so far, and no answer was late since the last look. */
  async check(): Promise<void> {
    const from = this.#said
    for (const started = performance.now(); this.#said < from + 3; ) {
      if (this.#failed) throw this.#failed
      assert.ok(performance.now() - started < SOON, 'nothing is said any more')
      await sleep(5)
    }
    const said = this.#said - 1
    for (const who of [this.alice, this.bob]) {
      for (const started = performance.now(); who.heard.length < said; ) {
        assert.ok(performance.now() - started < SOON, `${who.heard.length} of ${said} messages were heard`)
        await sleep(5)
      }
      const wrong = who.heard.findIndex((text, i) => text !== `${i}`)
      assert.equal(wrong, -1, `heard ${who.heard.slice(wrong - 3, wrong + 5).map((text) => text.slice(0, 20))}`)
    }
    assert.ok(this.#slowest < SOON, `an answer took ${Math.round(this.#slowest)} ms`)
    this.#slowest = 0
  }

  /** They say no more. */
  async stop(): Promise<void> {
    this.#over = true
    await this.#running
  }

  async end(): Promise<void> {
    await this.stop()
    for (const who of [this.alice, this.bob]) who.client.close()
  }
}

/** An attack, and then a look at the two. */
const attack = (name: string, run: () => Promise<void>) =>
  test(name, { timeout: 60_000 }, async () => {
    await run()
    await talk.check()
  })

async function open(): Promise<Socket> {
  const socket = connect(server.server.address.port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Resolves when the other side has closed. What it says before is dropped. */
async function closed(socket: Socket): Promise<void> {
  socket.resume()
  if (!socket.closed) await once(socket, 'close')
}

/** A session of the attacker's account on a connection of its own, any fault to be made by hand. */
async function session(): Promise<MtClient> {
  const client = await MtClient.connect(server.server.address.port)
  client.key = new ClientKey(evil.client.key.key)
  client.key.salt = evil.client.key.salt
  return client
}

const bytesOf = (object: object) => writeObject(object as TlObject, LATEST_LAYER)

/** The error that a request is answered with, or its result's constructor. */
async function answer(client: MtClient, body: Uint8Array): Promise<string> {
  const got = await client.invoke(body)
  if (got.readInt32LE(0) !== id.RPC_ERROR) return `#${got.readUInt32LE(0).toString(16)}`
  return (readMt(got) as unknown as { errorMessage: string }).errorMessage
}

attack('random bytes on the port', async () => {
  const sockets = await Promise.all(Array.from({ length: 30 }, open))
  sockets.forEach((socket, i) => void socket.write(randomBytes(1 + i * 200)))
  await Promise.all(sockets.map(closed))
})

attack('half a frame, and silence', async () => {
  const halves = [
    Buffer.of(0xef),
    Buffer.from('eeeeeeee00010000aabb', 'hex'),
    Buffer.of(0xef, 0x7f, 0xff),
    Buffer.alloc(0),
  ]
  const sockets = await Promise.all(halves.map(open))
  sockets.forEach((socket, i) => void socket.write(halves[i]!))
  await Promise.all(sockets.map(closed))
})

attack('HTTP and TLS where MTProto is spoken', async () => {
  for (const text of [
    'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'POST /api HTTP/1.1\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01',
  ]) {
    const socket = await open()
    socket.write(text, 'latin1')
    await closed(socket)
  }
})

attack('three hundred connections that send nothing', async () => {
  const sockets = await Promise.all(Array.from({ length: 300 }, open))
  await talk.check()
  await Promise.all(sockets.map(closed))
})

attack('key exchanges that are begun and left', async () => {
  const clients = await Promise.all(Array.from({ length: 100 }, () => MtClient.connect(server.server.address.port)))
  for (const client of clients) {
    const begin = Buffer.alloc(20)
    begin.writeUInt32LE(0xbe7e8ef1, 0)
    randomBytes(16).copy(begin, 4)
    client.sendPlain(begin)
    client.sendPlain(randomBytes(40))
  }
  await sleep(200)
  for (const client of clients) client.close()
})

attack('requests that nobody knows', async () => {
  const client = await session()
  for (let i = 0; i < 50; i++) {
    const body = randomBytes(4 * (1 + (i % 20)))
    body.writeUInt32LE((0x77000000 + i * 7919) >>> 0, 0)
    assert.equal(await answer(client, body), 'INPUT_METHOD_INVALID')
  }
  assert.match(await answer(client, bytesOf({ _: 'help.getNearestDc' })), /^#/)
  client.close()
})

attack('a method that ends in the middle, or goes on after its end', async () => {
  const client = await session()
  const body = bytesOf({ _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: 'cut', randomId: 1n })
  for (let n = 4; n < body.length; n += 4) assert.match(await answer(client, body.subarray(0, n)), /^INPUT_/)
  assert.match(await answer(client, Buffer.concat([body, Buffer.alloc(8)])), /^INPUT_|^#/)
  client.close()
})

attack('wrappers and peers within each other, thousands deep', async () => {
  const client = await session()
  const wrapped = new Writer(new Map(), 1 << 20)
  for (let i = 0; i < 40_000; i++) {
    wrapped.int(0xcb9f372d | 0) // invokeAfterMsg
    wrapped.long(1n)
  }
  assert.match(await answer(client, wrapped.copy()), /^INPUT_/)
  const peers = new Writer(new Map(), 1 << 20)
  peers.int(
    new DataView(bytesOf({ _: 'messages.getPeerSettings', peer: { _: 'inputPeerSelf' } }).buffer).getInt32(0, true),
  )
  for (let i = 0; i < 40_000; i++) peers.int(0xa87b0a1c | 0) // inputPeerUserFromMessage
  assert.match(await answer(client, peers.copy()), /^INPUT_/)
  client.close()
})

attack('vectors that say they are huge', async () => {
  const client = await session()
  const users = Buffer.from(bytesOf({ _: 'users.getUsers', id: [] }))
  for (const count of [0x7fffffff, -1, 1_000_000, 0x10000000]) {
    users.writeInt32LE(count, users.length - 4)
    assert.match(await answer(client, users), /^INPUT_/)
  }
  const ids = Array.from({ length: 200_000 }, () => ({ _: 'inputMessageID', id: 1 }))
  assert.match(await answer(client, bytesOf({ _: 'messages.getMessages', id: ids.slice(0, 80_000) })), /^[A-Z]|^#/)
  client.close()
})

attack('gzip bombs', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024))
  const packed = new Writer(new Map(), 1 << 20)
  packed.int(id.GZIP_PACKED)
  packed.bytes(bomb)
  const before = process.memoryUsage().rss
  const client = await session()
  for (let i = 0; i < 10; i++) client.sendMessage(packed.copy())
  await Promise.race([client.gone(), sleep(1000)])
  assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024, 'nothing is unpacked beyond the bound')
  client.close()
})

attack('wrong salts, old and future numbers, wrong sequence numbers', async () => {
  const client = await session()
  const ping = bytesOf({ _: 'help.getNearestDc' })
  client.sendMessage(ping, { salt: 1n })
  await client.expect(id.BAD_SERVER_SALT)
  const codes: number[] = []
  for (const shift of [-400_000, 100_000]) {
    client.sendMessage(ping, { msgId: client.nextId(shift) })
    codes.push((await client.expect(id.BAD_MSG_NOTIFICATION)).body.readInt32LE(16))
  }
  client.sendMessage(ping, { msgId: client.nextId() + 1n })
  codes.push((await client.expect(id.BAD_MSG_NOTIFICATION)).body.readInt32LE(16))
  assert.match(await answer(client, ping), /^#/)
  client.sendMessage(ping, { seqNo: 1_000_001 })
  client.sendMessage(ping, { seqNo: 2 })
  codes.push((await client.expect(id.BAD_MSG_NOTIFICATION)).body.readInt32LE(16))
  assert.deepEqual(codes.slice(0, 3), [16, 17, 18])
  client.close()
})

attack('containers of nonsense, and frames that were changed on their way', async () => {
  for (let i = 0; i < 10; i++) {
    const client = await session()
    client.sendContainer(Array.from({ length: 50 }, () => ({ body: randomBytes(64) })))
    client.sendMessage(randomBytes(256), { padding: 4096 })
    await Promise.race([client.gone(), sleep(100)])
    client.close()
  }
  const socket = await open()
  const frame = Buffer.concat([evil.client.key.idBytes, randomBytes(16), randomBytes(96)])
  socket.write(Buffer.concat([Buffer.of(0xef, frame.length / 4), frame]))
  await closed(socket)
})

attack('a client that sends as fast as it can', async () => {
  const client = await session()
  client.autoAck = false
  client.onMessage = () => void client.inbox.splice(0)
  const body = bytesOf({ _: 'help.getNearestDc' })
  await client.invoke(body)
  const answers: Promise<unknown>[] = []
  for (let i = 0; i < 5000; i++) answers.push(client.invoke(body))
  await talk.check()
  await Promise.all(answers)
  client.close()
})

attack('a client that asks for much and reads nothing', async () => {
  const client = await session()
  const { socket } = client.stream.pipe as unknown as { socket: Socket }
  await client.invoke(bytesOf({ _: 'help.getNearestDc' }))
  socket.pause()
  const body = bytesOf({ _: 'help.getCountriesList', langCode: 'en', hash: 0 })
  for (let i = 0; i < 3000; i++) client.sendMessage(body)
  for (const until = performance.now() + 2500; performance.now() < until; ) {
    await talk.check()
    await sleep(100)
  }
  socket.destroy()
})

attack('somebody who does not read what they are pushed loses nothing of it', async () => {
  const client = await session()
  const { socket } = client.stream.pipe as unknown as { socket: Socket }
  await client.invoke(bytesOf({ _: 'updates.getState' }))
  evil.client.close()
  socket.pause()
  const peer = await talk.alice.know(evil)
  const long = 'long '.repeat(800)
  for (let i = 0; i < 100; i++) {
    await Promise.all(Array.from({ length: 10 }, (_, k) => talk.alice.say(peer, `${i * 10 + k} ${long}`)))
  }
  await sleep(1500)
  socket.destroy()
  await evil.reconnect(server)
  const got = (await evil.difference())
    .filter((text) => text.endsWith(long.trimEnd()))
    .map((text) => Number.parseInt(text, 10))
  assert.deepEqual(
    got.sort((a, b) => a - b),
    Array.from({ length: 1000 }, (_, i) => i),
  )
})

attack("others' hashes, messages, files and texts without end", async () => {
  const { alice, toBob } = talk
  const fails = (error: RegExp, method: string, params: object) =>
    assert.rejects(evil.client.call(method as never, params), error, `${method} should fail`)
  const message = { message: 'hello', randomId: 5n }
  await fails(/PEER_ID_INVALID/, 'messages.sendMessage', { peer: toBob, ...message })
  await fails(/PEER_ID_INVALID/, 'messages.sendMessage', { peer: { ...toBob, accessHash: 0n }, ...message })
  await fails(/PEER_ID_INVALID/, 'messages.sendMessage', { peer: { _: 'inputPeerChat', chatId: 1 }, ...message })
  await fails(/USER_ID_INVALID/, 'users.getFullUser', { id: { ...toBob, _: 'inputUser' } })
  await fails(/MESSAGE_TOO_LONG/, 'messages.sendMessage', {
    peer: { _: 'inputPeerSelf' },
    message: 'x'.repeat(5000),
    randomId: 6n,
  })
  await fails(/MESSAGE_ID_INVALID/, 'messages.editMessage', {
    peer: { _: 'inputPeerSelf' },
    id: 1,
    message: 'mine now',
  })
  const location = {
    _: 'inputDocumentFileLocation',
    id: 1n,
    accessHash: 1n,
    fileReference: Buffer.alloc(0),
    thumbSize: '',
  }
  await fails(/FILE_|LOCATION_/, 'upload.getFile', { location, offset: 0, limit: 4096 })
  const before = await alice.client.call('messages.getMessages', { id: [{ _: 'inputMessageID', id: 1 }] })
  await evil.client.call('messages.deleteMessages', {
    id: Array.from({ length: 50 }, (_, i) => i + 5000),
    revoke: true,
  })
  assert.deepEqual(await alice.client.call('messages.getMessages', { id: [{ _: 'inputMessageID', id: 1 }] }), before)
})

test('in the end both have everything, once', async () => {
  await talk.check()
  await talk.stop()
  for (const who of [talk.alice, talk.bob]) {
    const texts = (await who.difference()).filter((text) => /^\d+$/.test(text))
    assert.ok(texts.length > 0)
    assert.deepEqual([...new Set(texts)].length * 2, texts.length)
  }
})
