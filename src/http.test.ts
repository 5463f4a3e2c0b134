import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { type HttpOptions, startHttp } from './http.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'

async function start(options: Partial<HttpOptions> = {}) {
  const seen: string[] = []
  const http = await startHttp({
    host: '127.0.0.1',
    port: 0,
    trustProxy: false,
    bodyBytes: 1000,
    frameBytes: 1000,
    log: createLog('silent'),
    metrics: createMetrics(() => true),
    mtproto: {
      handleWebSocket(socket, ip) {
        seen.push(ip)
        socket.on('message', (data) => socket.send(data))
        socket.on('error', () => {})
      },
      async handleHttp(body, ip) {
        seen.push(ip)
        return Buffer.from(body).reverse()
      },
    },
    ready: async () => [],
    ...options,
  })
  return {
    http,
    seen,
    url: (path: string) => `http://127.0.0.1:${http.port}${path}`,
    ws: (path: string, protocols: string[] = ['binary'], headers = {}) =>
      new WebSocket(`ws://127.0.0.1:${http.port}${path}`, protocols, { headers }),
    [Symbol.asyncDispose]: () => http.close(0),
  }
}

test('healthz answers, readyz tells why not', async () => {
  let reason: string | undefined = 'starting'
  await using server = await start({
    async ready() {
      if (reason) throw new Error(reason)
      return ['the bus between the nodes is cut']
    },
  })
  assert.equal((await fetch(server.url('/healthz'))).status, 200)
  const waiting = await fetch(server.url('/readyz'))
  assert.equal(waiting.status, 503)
  assert.equal(await waiting.text(), 'starting\n')
  reason = undefined
  const ready = await fetch(server.url('/readyz'))
  assert.equal(ready.status, 200)
  assert.equal(await ready.text(), 'ok\nthe bus between the nodes is cut\n')
  assert.equal((await fetch(server.url('/nothing'))).status, 404)
})

test('metrics are for private networks, also behind a proxy', async () => {
  await using bare = await start()
  const answer = await fetch(bare.url('/metrics'))
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/)
  assert.match(await answer.text(), /^chappe_wakes_total 0$/m)
  assert.equal((await fetch(bare.url('/metrics'), { headers: { 'x-forwarded-for': '127.0.0.1' } })).status, 403)

  await using proxied = await start({ trustProxy: true })
  const from = async (list: string) =>
    (await fetch(proxied.url('/metrics'), { headers: { 'x-forwarded-for': list } })).status
  assert.equal(await from('203.0.113.5'), 403)
  assert.equal(await from('127.0.0.1, 203.0.113.5'), 403)
  assert.equal(await from('203.0.113.5, 192.168.1.2'), 200)
  assert.equal(await from('::1'), 200)
})

test('MTProto over HTTP, from pages of any origin', async () => {
  await using server = await start()
  for (const path of ['/api', '/apiw', '/apiw1', '/api2', '/apiw1_test']) {
    const answer = await fetch(server.url(path), { method: 'POST', body: Buffer.from([1, 2, 3]) })
    assert.equal(answer.status, 200, path)
    assert.deepEqual([...(await answer.bytes())], [3, 2, 1])
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
  }
  assert.equal(server.seen[0], '127.0.0.1')
  const preflight = await fetch(server.url('/apiw1'), { method: 'OPTIONS' })
  assert.equal(preflight.status, 204)
  assert.match(preflight.headers.get('access-control-allow-headers')!, /content-type/)
  const typed = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
  assert.equal(await (await fetch(server.url('/api'), typed)).text(), '}{')
  assert.equal((await fetch(server.url('/apix'), { method: 'POST', body: 'a' })).status, 404)
  assert.equal((await fetch(server.url('/api'))).status, 404)
})

test('a body over the limit is refused', async () => {
  await using server = await start()
  const answer = await fetch(server.url('/api'), { method: 'POST', body: Buffer.alloc(1001) })
  assert.equal(answer.status, 413)
  assert.equal(server.seen.length, 0)
})

test('a failure inside is not told outside', async () => {
  await using server = await start({
    mtproto: {
      handleWebSocket() {},
      async handleHttp() {
        throw new Error('secret detail')
      },
    },
  })
  const answer = await fetch(server.url('/api'), { method: 'POST', body: 'a' })
  assert.equal(answer.status, 500)
  assert.doesNotMatch(await answer.text(), /secret/)
})

test('WebSocket: subprotocol binary, every path that clients use, nothing else', async () => {
  await using server = await start()
  for (const path of ['/apiws', '/apiws1', '/apiws_test', '/apiws_premium', '/apiws?x=1']) {
    const socket = server.ws(path)
    await once(socket, 'open')
    assert.equal(socket.protocol, 'binary')
    socket.send(Buffer.from([5, 6]))
    const [data] = await once(socket, 'message')
    assert.deepEqual([...data], [5, 6])
    socket.close()
  }
  assert.deepEqual(new Set(server.seen), new Set(['127.0.0.1']))
  const wrong = server.ws('/elsewhere')
  const [error] = await once(wrong, 'error')
  assert.match(error.message, /404/)
})

test('a WebSocket message over the limit ends that connection only', async () => {
  await using server = await start()
  const [big, other] = [server.ws('/apiws'), server.ws('/apiws')]
  await Promise.all([once(big, 'open'), once(other, 'open')])
  big.send(Buffer.alloc(1001))
  const [code] = await once(big, 'close')
  assert.equal(code, 1009)
  other.send(Buffer.from([7]))
  assert.deepEqual([...(await once(other, 'message'))[0]], [7])
  other.close()
})

test('behind a proxy the caller is the last entry of X-Forwarded-For', async () => {
  await using server = await start({ trustProxy: true })
  const socket = server.ws('/apiws', ['binary'], { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' })
  await once(socket, 'open')
  await fetch(server.url('/api'), { method: 'POST', body: 'a', headers: { 'x-forwarded-for': 'rubbish' } })
  assert.deepEqual(server.seen, ['203.0.113.9', '127.0.0.1'])
  socket.close()
})

test('a client that goes away is not waited for', async () => {
  let gone: AbortSignal | undefined
  await using server = await start({
    mtproto: {
      handleWebSocket() {},
      handleHttp: (_body, _ip, signal) => {
        gone = signal
        return new Promise((done) => signal?.addEventListener('abort', () => done(Buffer.alloc(0))))
      },
    },
  })
  const abort = new AbortController()
  const asking = fetch(server.url('/api'), { method: 'POST', body: 'a', signal: abort.signal }).catch(() => {})
  while (gone === undefined) await new Promise((turn) => setImmediate(turn))
  assert.equal(gone.aborted, false)
  abort.abort()
  await asking
  if (!gone.aborted) await once(gone, 'abort')
})

test('a port in use is an error of the start', async () => {
  await using server = await start()
  await assert.rejects(start({ port: server.http.port }), { code: 'EADDRINUSE' })
})

test('closing ends what stays open after the time it was given', async () => {
  const server = await start()
  const socket = server.ws('/apiws')
  await once(socket, 'open')
  const idle = connect(server.http.port, '127.0.0.1')
  await once(idle, 'connect')
  idle.on('error', () => {})
  const ended = once(socket, 'close')
  const started = performance.now()
  await server.http.close(50)
  await ended
  assert.ok(performance.now() - started < 2000)
  idle.destroy()
})

test('draining refuses what is new', async () => {
  await using server = await start()
  const socket = server.ws('/apiws')
  await once(socket, 'open')
  server.http.drain()
  assert.equal((await fetch(server.url('/readyz'))).status, 503)
  assert.equal((await fetch(server.url('/healthz'))).status, 200)
  assert.equal((await fetch(server.url('/api'), { method: 'POST', body: 'a' })).status, 503)
  const [error] = await once(server.ws('/apiws'), 'error')
  assert.match(error.message, /503/)
  socket.send(Buffer.from([9]))
  assert.deepEqual([...(await once(socket, 'message'))[0]], [9])
})

test('closing lets a request under way end', async () => {
  let answer!: (value: Buffer) => void
  let begun!: () => void
  const running = new Promise<void>((done) => {
    begun = done
  })
  const server = await start({
    mtproto: {
      handleWebSocket() {},
      handleHttp: () =>
        new Promise<Buffer>((done) => {
          answer = done
          begun()
        }),
    },
  })
  const response = fetch(server.url('/api'), { method: 'POST', body: 'a' })
  await running
  const closed = server.http.close(5000)
  answer(Buffer.from('done'))
  assert.equal(await (await response).text(), 'done')
  await closed
})
