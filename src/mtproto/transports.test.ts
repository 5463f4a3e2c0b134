import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import { MtClient, type Pipe, Stream, type StreamOptions, type TransportName, tcpPipe } from './test-client.ts'
import { testServer } from './test-server.ts'

const SECRET = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
const DD = Buffer.concat([Buffer.of(0xdd), SECRET])
const EE = Buffer.concat([Buffer.of(0xee), SECRET, Buffer.from('example.org')])
const TRANSPORTS: TransportName[] = ['abridged', 'intermediate', 'padded', 'full']

const STREAMS: Record<string, StreamOptions> = {}
for (const transport of TRANSPORTS) STREAMS[transport] = { transport }
for (const transport of TRANSPORTS.slice(0, 3)) {
  STREAMS[`${transport}+obfuscated`] = { transport, obfuscated: true }
  STREAMS[`${transport}+obfuscated by a secret`] = { transport, secret: SECRET }
}
STREAMS['padded+obfuscated by a dd secret'] = { transport: 'padded', secret: DD }
STREAMS['padded+tls'] = { transport: 'padded', secret: EE }

const request = (bytes: number): Buffer => {
  const body = randomBytes(bytes)
  body.writeUInt32LE(0x0badf00d, 0)
  return body
}

for (const [name, options] of Object.entries(STREAMS)) {
  test(`${name}: key exchange, requests of all sizes, pushes`, async () => {
    await using server = await testServer({ secrets: options.secret === undefined ? [] : [options.secret] })
    const client = await MtClient.connect(server.port, options)
    await client.exchange({ rsa: server.rsa })
    for (const bytes of [4, 8, 400, 500, 504, 508, 512, 70_000, 524_288]) {
      const body = request(bytes)
      assert.deepEqual(await client.invoke(body), body, `${bytes} bytes`)
    }
    assert.equal(server.session?.remote.transport, name.replace(/ by .*/, ''))
    assert.equal(server.session?.remote.ip, '127.0.0.1')
    server.session?.push((w) => w.query(Buffer.from('0102030405060708', 'hex')))
    assert.deepEqual((await client.expect(0x04030201)).body, Buffer.from('0102030405060708', 'hex'))
    client.close()
  })

  test(`${name}: a stream cut anywhere gives the same frames`, async () => {
    await using server = await testServer({ secrets: options.secret === undefined ? [] : [options.secret] })
    const pipe = await tcpPipe(server.port)
    const chunks: Buffer[] = []
    const collecting: Pipe = { ...pipe, write: (bytes) => void chunks.push(Buffer.from(bytes)) }
    if (options.secret?.[0] === 0xee) {
      // The hello must be answered before anything else is written.
      collecting.write = pipe.write
    }
    const stream = new Stream(collecting, options)
    pipe.onData = (bytes) => collecting.onData(bytes)
    if (options.secret?.[0] === 0xee) await stream.tls(options, Math.floor(Date.now() / 1000))
    collecting.write = (bytes) => void chunks.push(Buffer.from(bytes))
    const client = new MtClient(stream)
    client.key = server.makeKey()
    const bodies = [request(8), request(300), request(3000)]
    const answers = bodies.map((body) => client.invoke(body))
    const bytes = Buffer.concat(chunks)
    for (let at = 0; at < bytes.length; ) {
      const n = at < 90 ? 1 : 1 + Math.floor(Math.random() * 700)
      pipe.write(bytes.subarray(at, at + n))
      at += n
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.deepEqual(await Promise.all(answers), bodies)
    pipe.close()
  })
}

for (const transport of ['abridged', 'intermediate', 'padded'] as const) {
  for (const obfuscated of [false, true]) {
    test(`quick acknowledgement over ${transport}, obfuscated ${obfuscated}`, async () => {
      await using server = await testServer()
      const client = await server.client({ transport, obfuscated })
      const token = new Promise<number>((resolve) => {
        client.stream.onQuickAck = resolve
      })
      const body = request(64)
      const msgId = client.nextId()
      const answer = client.answerTo(msgId)
      client.sendMessage(body, { msgId, quick: true })
      const got = await token
      assert.ok(got >= 0x80000000)
      assert.deepEqual(await answer, body)
    })
  }
}

test('an unknown key is told -404 in every framing, and the connection closes', async () => {
  await using server = await testServer()
  for (const transport of TRANSPORTS) {
    const client = await MtClient.connect(server.port, { transport })
    client.key = server.makeKey()
    server.keys.clear()
    await assert.rejects(client.invoke(request(8)), /transport error -404/, transport)
    await client.gone()
  }
})

test('a message that was changed on its way is told -404', async () => {
  await using server = await testServer()
  const client = await server.client()
  const { send } = client.stream
  client.stream.send = (payload) => {
    const spoiled = Buffer.from(payload)
    spoiled[60] = spoiled[60]! ^ 1
    send.call(client.stream, spoiled)
  }
  await assert.rejects(client.invoke(request(8)), /transport error -404/)
})

test('garbage, HTTP and TLS on the port end the connection', async () => {
  await using server = await testServer()
  const texts = [
    randomBytes(64).fill(0x41, 0, 8),
    Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n'),
    Buffer.concat([Buffer.from('16030102000100', 'hex'), randomBytes(600)]),
  ]
  for (const text of texts) {
    const pipe = await tcpPipe(server.port)
    const closed = new Promise<void>((resolve) => {
      pipe.onClose = resolve
    })
    pipe.write(text)
    await closed
  }
})

test('damaged frames of the full transport end the connection', async () => {
  await using server = await testServer()
  for (const at of [4, 20, -1]) {
    const client = await server.client({ transport: 'full' })
    const { write } = client.stream.pipe
    client.stream.pipe.write = (bytes) => {
      const spoiled = Buffer.from(bytes)
      const place = at < 0 ? spoiled.length - 1 : at
      spoiled[place] = spoiled[place]! ^ 0x55
      write(spoiled)
    }
    client.sendMessage(request(8))
    await client.gone()
  }
})

test('a frame larger than the bound ends the connection before it is read', async () => {
  await using server = await testServer({ maxFrame: 4096 })
  const client = await server.client()
  const body = request(3000)
  assert.deepEqual(await client.invoke(body), body)
  client.stream.write(Buffer.from('01100000', 'hex'))
  await client.gone()
})

test('with secrets only, nothing else is served', async () => {
  await using server = await testServer({ secrets: [DD, EE], allowBare: false })
  for (const options of [
    { transport: 'abridged' },
    { transport: 'intermediate' },
    { transport: 'padded' },
    { transport: 'full' },
    { transport: 'padded', obfuscated: true },
    { transport: 'intermediate', secret: DD },
    { transport: 'padded', secret: Buffer.alloc(16, 9) },
  ] as StreamOptions[]) {
    const client = await MtClient.connect(server.port, options)
    client.key = server.makeKey()
    client.sendMessage(request(200))
    await client.gone()
  }
  const client = await server.client({ transport: 'padded', secret: DD })
  const body = request(8)
  assert.deepEqual(await client.invoke(body), body)
})

test('a TLS hello counts once, with the right secret and time', async () => {
  await using server = await testServer({ secrets: [EE] })
  const hello = async (secret: Buffer, time: number) => {
    const pipe = await tcpPipe(server.port)
    let sent = Buffer.alloc(0)
    const closed = new Promise<'closed'>((resolve) => {
      pipe.onClose = () => resolve('closed')
    })
    const { write } = pipe
    pipe.write = (bytes) => {
      sent = Buffer.concat([sent, bytes])
      write(bytes)
    }
    const options = { transport: 'padded', secret } as const
    const stream = new Stream(pipe, options)
    pipe.onClose = stream.pipe.onClose
    const done = new Promise<'closed'>((resolve) => {
      stream.onClose = () => resolve('closed')
    })
    const outcome = await Promise.race([stream.tls(options, time).then(() => 'answered'), done, closed])
    pipe.close()
    return { outcome, sent }
  }
  const now = Math.floor(Date.now() / 1000)
  const good = await hello(EE, now)
  assert.equal(good.outcome, 'answered')
  const other = Buffer.concat([Buffer.of(0xee), Buffer.alloc(16, 3), Buffer.from('example.org')])
  assert.equal((await hello(other, now)).outcome, 'closed')
  assert.equal((await hello(EE, now - 10 * 86_400)).outcome, 'closed')
  // The same hello again, as somebody who recorded it would send it.
  const pipe = await tcpPipe(server.port)
  const closed = new Promise<void>((resolve) => {
    pipe.onClose = resolve
  })
  pipe.onData = () => assert.fail('a repeated hello was answered')
  pipe.write(good.sent.subarray(0, 5 + good.sent.readUInt16BE(3)))
  await closed
})

test('WebSocket: an obfuscated stream in binary messages, cut anywhere', async () => {
  await using server = await testServer()
  const http = createServer()
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => 'binary' })
  sockets.on('connection', (ws) => server.mtproto.handleWebSocket(ws, '10.1.2.3'))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const ws = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/apiws`, 'binary')
  await new Promise((resolve) => ws.once('open', resolve))
  const pipe: Pipe = {
    write: (bytes) => {
      ws.send(bytes.subarray(0, 10))
      ws.send(bytes.subarray(10))
    },
    onData: () => {},
    onClose: () => {},
    close: () => ws.close(),
  }
  ws.on('message', (data: Buffer) => pipe.onData(data))
  ws.on('close', () => pipe.onClose())
  const client = new MtClient(new Stream(pipe, { transport: 'abridged', obfuscated: true }))
  await client.exchange({ rsa: server.rsa })
  const body = request(2000)
  assert.deepEqual(await client.invoke(body), body)
  assert.deepEqual(server.session?.remote, { ip: '10.1.2.3', transport: 'websocket' })
  server.session?.push((w) => w.query(Buffer.from('0102030405060708', 'hex')))
  await client.expect(0x04030201)
  client.close()
  await client.gone()
  sockets.close()
  http.close()
})

test('connections, bytes and key exchanges are counted by transport', async () => {
  await using server = await testServer()
  const client = await MtClient.connect(server.port, { transport: 'abridged', obfuscated: true })
  await client.exchange({ rsa: server.rsa })
  assert.equal(server.metrics.get('abridged+obfuscated'), 1)
  assert.equal(server.metrics.get('tcp'), 0)
  assert.equal(server.metrics.get('done'), 1)
  client.close()
  while (server.metrics.get('abridged+obfuscated') !== 0) await new Promise((resolve) => setTimeout(resolve, 5))
  // The figures are reported now and then, in parts.
  const counted = (way: string) => server.metrics.get(`${way} abridged+obfuscated`) ?? 0
  while (counted('in') <= 500 || counted('out') <= 500) await new Promise((resolve) => setTimeout(resolve, 5))
})
