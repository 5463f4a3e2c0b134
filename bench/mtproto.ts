// What MTProto costs the server: key exchanges, then requests of which each is answered and followed by a push, over
// sockets from a process of its own. One JSON line per measurement; micros are the server's CPU time.
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { MtSession } from '../src/mtproto/index.ts'
import { MtClient } from '../src/mtproto/test-client.ts'
import { TestServer } from '../src/mtproto/test-server.ts'

const CLIENTS = 20
const WINDOW = 8
const REQUESTS = 40_000
const EXCHANGES = 300
const IDLE = 2000

interface Job {
  port: number
  publicPem: string
  modulus: string
  fingerprint: string
  keys: string[]
}

async function client({ port, publicPem, modulus, fingerprint, keys }: Job): Promise<void> {
  const rsa = {
    fingerprint: BigInt(fingerprint),
    modulus: Buffer.from(modulus, 'hex'),
    exponent: Buffer.of(1, 0, 1),
    publicPem,
    privatePem: '',
  }
  for (let i = 0; i < EXCHANGES; i++) {
    const c = await MtClient.connect(port)
    await c.exchange({ rsa })
    c.close()
  }
  process.send?.('exchanged')
  const { ClientKey } = await import('../src/mtproto/test-client.ts')
  const body = randomBytes(96)
  const run = async (hex: string, obfuscated: boolean) => {
    const c = await MtClient.connect(port, { obfuscated, transport: 'abridged' })
    c.key = new ClientKey(Buffer.from(hex, 'hex'))
    c.onMessage = () => void c.inbox.splice(0)
    c.sendMessage(body)
    while (c.key.salt === 0n) await new Promise((resolve) => setTimeout(resolve, 1))
    await c.invoke(body)
    return c
  }
  const clients = await Promise.all(keys.map((hex) => run(hex, true)))
  process.send?.('ready')
  await new Promise((resolve) => process.once('message', resolve))
  await Promise.all(
    clients.flatMap((c) =>
      Array.from({ length: WINDOW }, async () => {
        for (let i = 0; i < REQUESTS / CLIENTS / WINDOW; i++) await c.invoke(body)
      }),
    ),
  )
  process.send?.('requested')
  await new Promise((resolve) => process.once('message', resolve))
  for (const c of clients) c.close()
  const idle: MtClient[] = []
  for (let i = 0; i < IDLE; i++) idle.push(await run(keys[i % keys.length]!, true))
  process.send?.('idle')
  await new Promise((resolve) => process.once('message', resolve))
  process.exit(0)
}

async function server(): Promise<void> {
  const test = new TestServer({ maxSessionsPerKey: 1000 })
  const { port } = await test.mtproto.listenTcp('127.0.0.1', 0)
  const update = randomBytes(160)
  let push = true
  test.host.onRequest = async (session: MtSession, { body }) => {
    if (push) session.push((w) => w.query(update))
    return (w) => w.query(body)
  }
  const keys = Array.from({ length: CLIENTS }, () => test.makeKey().key.toString('hex'))
  const child = fork(import.meta.filename, ['client'], { stdio: 'inherit' })
  const said = (what: string) =>
    new Promise<void>((resolve) => {
      const on = (message: unknown) => {
        if (message !== what) return
        child.off('message', on)
        resolve()
      }
      child.on('message', on)
    })
  let start = process.cpuUsage()
  let wall = performance.now()
  const report = (name: string, count: number, more: object = {}) => {
    const { user, system } = process.cpuUsage(start)
    const micros = Math.round(((user + system) / count) * 10) / 10
    const perCpuSecond = Math.round(1e6 / micros)
    const seconds = (performance.now() - wall) / 1000
    console.log(JSON.stringify({ bench: 'mtproto', name, count, micros, perCpuSecond, seconds, ...more }))
  }
  const mark = () => {
    start = process.cpuUsage()
    wall = performance.now()
  }
  const { publicPem, modulus, fingerprint } = test.rsa
  const job: Job = { port, publicPem, modulus: modulus.toString('hex'), fingerprint: String(fingerprint), keys }
  child.send(job)
  await said('exchanged')
  report('key exchange', EXCHANGES)
  await said('ready')
  mark()
  child.send('go')
  await said('requested')
  report('request, answer and push', REQUESTS)
  push = false
  child.send('idle')
  const collect = () => (globalThis as { gc?: () => void }).gc?.()
  collect()
  const before = process.memoryUsage().rss
  mark()
  await said('idle')
  collect()
  const bytes = Math.round((process.memoryUsage().rss - before) / IDLE)
  report('connection, first request', IDLE, { bytesEach: bytes })
  child.send('end')
  await test.mtproto.close()
}

if (process.argv[2] === 'client') process.once('message', (job) => void client(job as Job))
else await server()
