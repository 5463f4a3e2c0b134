import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { type Bus, BusError, connectNats, LocalWire } from './index.ts'

const nats = process.env.CHAPPE_TEST_BUS
const needsNats = { skip: !nats && 'needs CHAPPE_TEST_BUS (tools/nats.sh)' }

async function heard(bus: Bus, subject: string): Promise<() => Promise<string>> {
  const come: string[] = []
  let waiting: (() => void) | undefined
  bus.subscribe(subject, (data) => {
    come.push(Buffer.from(data).toString())
    waiting?.()
  })
  await bus.flush()
  return async () => {
    while (come.length === 0) await new Promise<void>((resolve) => (waiting = resolve))
    return come.shift()!
  }
}

const say = (bus: Bus, text: string) => bus.publish('x', Buffer.from(text))

for (const kind of ['local', 'nats'] as const) {
  test(
    `a bus (${kind}) carries what the others say, in order, and not one’s own`,
    kind === 'nats' ? needsNats : {},
    async () => {
      const wire = new LocalWire()
      const prefix = `chappe.test-${randomBytes(6).toString('hex')}.`
      const open = async () => (kind === 'local' ? wire.join() : connectNats(nats!, prefix))
      await using one = await open()
      await using two = await open()
      const toOne = await heard(one, 'x')
      const toTwo = await heard(two, 'x')
      for (const text of ['a', 'b', 'c']) say(one, text)
      await one.flush()
      assert.deepEqual([await toTwo(), await toTwo(), await toTwo()], ['a', 'b', 'c'])
      say(two, 'd')
      assert.equal(await toOne(), 'd')
    },
  )
}

test('a bus that is cut off says so, loses what is said, and comes back', needsNats, async () => {
  const target = new URL(nats!)
  const sockets = new Set<Socket>()
  let cut = false
  const middle = createServer((from) => {
    if (cut) return void from.destroy()
    const to = connect(Number(target.port), target.hostname)
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(a)
      a.on('error', () => a.destroy())
      a.on('close', () => b.destroy())
      a.pipe(b)
    }
  })
  await new Promise<void>((resolve) => middle.listen(0, '127.0.0.1', resolve))
  const prefix = `chappe.test-${randomBytes(6).toString('hex')}.`
  const { port } = middle.address() as { port: number }
  await using one = await connectNats(`nats://127.0.0.1:${port}`, prefix)
  await using two = await connectNats(nats!, prefix)
  const toOne = await heard(one, 'x')
  const changes: string[] = []
  const back = Promise.withResolvers<void>()
  one.onState((state) => {
    changes.push(state)
    if (state === 'cut') say(two, 'lost')
    if (state === 'connected') back.resolve()
  })
  cut = true
  for (const socket of sockets) socket.destroy()
  while (one.state !== 'cut') await new Promise((resolve) => setTimeout(resolve, 5))
  await assert.rejects(one.flush(), BusError)
  await two.flush()
  cut = false
  await back.promise
  say(two, 'heard')
  assert.equal(await toOne(), 'heard')
  assert.deepEqual(changes, ['cut', 'connected'])
  middle.close()
  for (const socket of sockets) socket.destroy()
})
