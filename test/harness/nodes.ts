import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bus, connectNats, LocalWire } from '../../src/bus/index.ts'
import type { Server } from '../../src/server.ts'
import { defaultDialect } from '../../src/storage/test-store.ts'

/** How many nodes a test's server is: CHAPPE_TEST_NODES, over PostgreSQL. */
export const defaultNodes = ((): number => {
  const nodes = Number(process.env.CHAPPE_TEST_NODES || 1)
  if (!(Number.isInteger(nodes) && nodes >= 1 && nodes <= 9)) throw new Error('CHAPPE_TEST_NODES is between 1 and 9')
  if (nodes > 1 && defaultDialect !== 'postgres')
    throw new Error('CHAPPE_TEST_NODES needs CHAPPE_TEST_DATABASE=postgres')
  return nodes
})()

/** Over NATS when CHAPPE_TEST_BUS=nats://... names one (see tools/nats.sh), else within the process. */
const nats = process.env.CHAPPE_TEST_BUS

/** The bus between the nodes of one test. */
export interface TestWire extends AsyncDisposable {
  readonly ends: readonly Bus[]
  /** Resolves when everything that the nodes told each other has arrived. */
  quiet(nodes: readonly Server[]): Promise<void>
}

/** A barrier is sent again after so long, ms: a test may have cut the bus meanwhile. */
const AGAIN = 20

export async function openTestWire(count: number): Promise<TestWire> {
  const wire = new LocalWire()
  const cluster = `chappe.test-${randomBytes(8).toString('hex')}.`
  const ends: Bus[] = []
  for (let i = 0; i < count; i++) ends.push(nats ? await connectNats(nats, cluster) : wire.join())
  // Each node's messages arrive in their order: after a node's barrier nothing of what it said before is on its way.
  const arrived = new Map<string, number>()
  for (const end of ends) {
    end.subscribe('barrier', (data) => {
      const name = Buffer.from(data).toString()
      arrived.set(name, (arrived.get(name) ?? 0) + 1)
    })
  }
  let barriers = 0
  const settle = async (nodes: readonly Server[]) => {
    while (nodes.some((node) => !node.app.nodes.idle)) await new Promise((resolve) => setImmediate(resolve))
    const connected = ends.filter((end) => end.state === 'connected')
    if (connected.length < 2) return
    const names = connected.map((_, i) => `${++barriers} ${i}`)
    for (const [i, end] of connected.entries()) end.publish('barrier', Buffer.from(names[i]!))
    const until = performance.now() + AGAIN * 100
    while (names.some((name) => (arrived.get(name) ?? 0) < connected.length - 1)) {
      if (performance.now() > until) throw new Error('the bus does not carry what is published')
      await (nats ? sleep(1) : new Promise((resolve) => setImmediate(resolve)))
    }
    for (const name of names) arrived.delete(name)
  }
  return {
    ends,
    async quiet(nodes) {
      // What arrives may make a node say something itself.
      for (let i = 0; i < 3; i++) await settle(nodes)
    },
    async [Symbol.asyncDispose]() {
      for (const end of ends) await end[Symbol.asyncDispose]()
    },
  }
}
