// npm run scale -- [--users N] [--nodes N] [--cores N] [--shards N] [--seconds N] [--fail N]
// Replays the busiest minutes with the measured costs: requests come at random, each waits for a core of its node and
// then for a core of its database; prints how busy each is, and how long an answer takes. docs/scale.md reads it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Costs, type Kind, kinds, POPULATION, plan } from './model.ts'

/** A machine: so many cores, each serving what came first. */
class Machine {
  readonly #free: Float64Array
  busyMs = 0

  constructor(cores: number) {
    this.#free = new Float64Array(cores)
  }

  /** Work of so many ms that arrives at `at`; gives when it is done. */
  serve(at: number, ms: number): number {
    const free = this.#free
    let next = 0
    for (let i = 1; i < free.length; i++) if (free[i]! < free[next]!) next = i
    const from = Math.max(at, free[next]!)
    free[next] = from + ms
    this.busyMs += ms
    return from + ms
  }
}

/** A generator of random numbers that gives the same each time, so that two plans see the same load. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Setting {
  users: number
  nodes: number
  /** Cores of one node, and of one database. */
  cores: number
  shards: number
  seconds: number
  /** Nodes that fail at half of the time: their clients connect to the others within ten seconds. */
  fail: number
}

export interface Outcome {
  requests: number
  nodeBusy: number
  databaseBusy: number
  p50Ms: number
  p99Ms: number
  /** The same in the ten seconds after the failure. */
  p99AfterFailureMs: number
}

/** Time on the network and for the disk of the database, which no core is busy with, ms. */
const ROUND_TRIP_MS = 1
const FSYNC_MS = 1
/** Clients of a node that failed are back within that. */
const RECONNECT_SECONDS = 10

/** Every request of the busiest seconds, one after the other. */
export function simulate(setting: Setting, costs: Costs): Outcome {
  const population = { ...POPULATION, users: setting.users }
  const all = kinds(population, costs)
  const next = random(1)
  const nodes = Array.from({ length: setting.nodes }, () => new Machine(setting.cores))
  const shards = Array.from({ length: setting.shards }, () => new Machine(setting.cores))
  const perMs = (population.peak * all.reduce((sum, kind) => sum + kind.perSecond, 0)) / 1000
  const pick = chooser(all)
  const end = setting.seconds * 1000
  const failAt = end / 2
  const times: number[] = []
  const after: number[] = []
  const lost = (setting.fail / setting.nodes) * population.users * population.online
  const extra = { nodeMs: costs.node.signInCpuMs + costs.node.differenceCpuMs, databaseMs: 0.5 }
  const extraPerMs = setting.fail > 0 ? lost / (RECONNECT_SECONDS * 1000) : 0
  let at = 0
  for (;;) {
    const failing = setting.fail > 0 && at >= failAt
    const reconnecting = failing && at < failAt + RECONNECT_SECONDS * 1000
    const rate = perMs + (reconnecting ? extraPerMs : 0)
    at += -Math.log(1 - next()) / rate
    if (at > end) break
    const alive = failing ? setting.nodes - setting.fail : setting.nodes
    const kind = reconnecting && next() < extraPerMs / rate ? extra : pick(next())
    const node = nodes[Math.floor(next() * alive)]!
    const shard = shards[Math.floor(next() * setting.shards)]!
    // All that a node does for it is taken at once, which makes it wait rather longer than it will.
    const asked = node.serve(at, kind.nodeMs) + ROUND_TRIP_MS / 2
    const done = shard.serve(asked, kind.databaseMs) + FSYNC_MS + ROUND_TRIP_MS / 2
    times.push(done - at)
    if (reconnecting) after.push(done - at)
  }
  const busy = (machines: Machine[]) =>
    machines.reduce((sum, machine) => sum + machine.busyMs, 0) / (machines.length * setting.cores * end)
  return {
    requests: times.length,
    nodeBusy: two(busy(nodes)),
    databaseBusy: two(busy(shards)),
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    p99AfterFailureMs: quantile(after, 0.99),
  }
}

function chooser(all: readonly Kind[]): (dice: number) => Kind {
  const total = all.reduce((sum, kind) => sum + kind.perSecond, 0)
  return (dice) => {
    let left = dice * total
    for (const kind of all) if ((left -= kind.perSecond) < 0) return kind
    return all.at(-1)!
  }
}

const two = (n: number) => Math.round(n * 100) / 100

function quantile(times: number[], q: number): number {
  if (times.length === 0) return 0
  const sorted = Float64Array.from(times).sort()
  return two(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      users: { type: 'string', default: String(POPULATION.users) },
      nodes: { type: 'string', default: '12' },
      cores: { type: 'string', default: '8' },
      shards: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '40' },
      fail: { type: 'string', default: '0' },
      costs: { type: 'string', default: join(import.meta.dirname, 'costs.json') },
    },
  })
  const costs = JSON.parse(readFileSync(values.costs, 'utf8')) as Costs
  const setting = Object.fromEntries(
    (['users', 'nodes', 'cores', 'shards', 'seconds', 'fail'] as const).map((name) => [name, Number(values[name])]),
  ) as unknown as Setting
  if (Object.values(setting).some((n) => !(n >= 0)) || setting.fail >= setting.nodes) {
    console.error('numbers are expected, and fewer nodes that fail than there are')
    process.exit(2)
  }
  const needed = plan({ ...POPULATION, users: setting.users }, costs)
  console.log(
    JSON.stringify({ setting, needed: Object.fromEntries(Object.entries(needed).map(([k, v]) => [k, two(v)])) }),
  )
  console.log(JSON.stringify(simulate(setting, costs)))
}
