import type { Metric, Registry } from 'prom-client'

/** What the parts count. Every label has few values: nothing that a client sends becomes one. */
export interface Metrics {
  /** One connection more or less on a transport (`tcp`, `obfuscated`, `websocket`, `http` ...). */
  connection(transport: string, by: 1 | -1): void
  bytes(direction: 'in' | 'out', transport: string, count: number): void
  handshake(outcome: 'begun' | 'done' | 'failed'): void
  /** A connection has ended, for one of few reasons. */
  closed(reason: string): void
  /** One answered request: `error` is the error's name, undefined for a result; the time in milliseconds. */
  request(method: string, error: string | undefined, ms: number): void
  /** One durable commit of so many transactions; the time in milliseconds, from the first of them to the disk. */
  commit(transactions: number, ms: number): void
  /** Sessions woken so far to read their log; read when somebody asks for the figures. */
  wakes(count: () => number): void
  /** A length that is read when somebody asks for the figures. */
  queue(name: string, length: () => number): void
  /** The figures in Prometheus' text format. */
  text(): Promise<string>
  readonly contentType: string
}

const ERROR_NAMES = 500

// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
const TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** One number with its labels, as prom-client takes it. */
interface Value {
  value: number
  labels: Record<string, string>
  metricName?: string
}

/** A figure as prom-client's registry reads it. Counting itself is done here: it happens with every request. */
abstract class Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]

  constructor(type: Family['type'], [name, help]: readonly [string, string], labels: readonly string[]) {
    this.type = type
    this.name = name
    this.help = help
    this.labels = labels
  }

  abstract values(): Value[]

  async get() {
    const { name, help, type } = this
    return { name, help, type, aggregator: 'sum', values: this.values() }
  }

  protected labelled(values: readonly string[]): Record<string, string> {
    return Object.fromEntries(this.labels.map((label, i) => [label, values[i]!]))
  }
}

/** Numbers by their labels. The children stand for themselves: whoever counts often keeps one. */
class Numbers extends Family {
  readonly #children = new Map<string, { readonly labels: Record<string, string>; value: number }>()
  readonly #collect: ((self: Numbers) => void) | undefined

  constructor(
    type: 'counter' | 'gauge',
    names: readonly [string, string],
    labels: readonly string[],
    collect?: (self: Numbers) => void,
  ) {
    super(type, names, labels)
    this.#collect = collect
  }

  of(...values: string[]): { value: number } {
    const key = values.join(' ')
    let child = this.#children.get(key)
    if (child === undefined) this.#children.set(key, (child = { labels: this.labelled(values), value: 0 }))
    return child
  }

  values(): Value[] {
    this.#collect?.(this)
    return [...this.#children.values()]
  }
}

/** How often a value fell below each of some bounds. */
class Distribution {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0
  #count = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = bounds.map(() => 0)
  }

  observe(value: number): void {
    this.#sum += value
    this.#count++
    const bounds = this.#bounds
    for (let i = 0; i < bounds.length; i++) {
      if (value > bounds[i]!) continue
      this.#counts[i]!++
      return
    }
  }

  values(name: string, labels: Record<string, string>): Value[] {
    let below = 0
    const buckets = this.#bounds.map((bound, i) => {
      below += this.#counts[i]!
      return { metricName: `${name}_bucket`, labels: { le: String(bound), ...labels }, value: below }
    })
    return [
      ...buckets,
      { metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels }, value: this.#count },
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: this.#count },
    ]
  }
}

class Distributions extends Family {
  readonly #bounds: readonly number[]
  readonly #children = new Map<string, { readonly labels: Record<string, string>; readonly of: Distribution }>()

  constructor(names: readonly [string, string], labels: readonly string[], bounds: readonly number[]) {
    super('histogram', names, labels)
    this.#bounds = bounds
  }

  of(...values: string[]): Distribution {
    const key = values.join(' ')
    let child = this.#children.get(key)
    if (child === undefined) {
      this.#children.set(key, (child = { labels: this.labelled(values), of: new Distribution(this.#bounds) }))
    }
    return child.of
  }

  values(): Value[] {
    return [...this.#children.values()].flatMap(({ labels, of }) => of.values(this.name, labels))
  }
}

/** prom-client and what it requires are 87 files: they are read when the figures are first asked for. */
async function registryOf(families: readonly Family[]): Promise<Registry> {
  const { collectDefaultMetrics, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const family of families) registry.registerMetric(family as unknown as Metric)
  return registry
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5]

/**
 * Figures of their own for each server, so that several can run in one process.
 * @param isMethod says whether a name is one of the API's methods; others are counted together as `unknown`
 */
export function createMetrics(isMethod: (name: string) => boolean): Metrics {
  const connections = new Numbers('gauge', ['chappe_connections', 'Open connections by transport'], ['transport'])
  const bytes = new Numbers(
    'counter',
    ['chappe_bytes_total', 'Bytes received and sent by transport'],
    ['direction', 'transport'],
  )
  const handshakes = new Numbers('counter', ['chappe_handshakes_total', 'Key exchanges by outcome'], ['outcome'])
  const closings = new Numbers(
    'counter',
    ['chappe_connections_closed_total', 'Connections that ended, by reason'],
    ['reason'],
  )
  const requests = new Numbers(
    'counter',
    ['chappe_requests_total', 'Answered requests by method and error (empty: a result)'],
    ['method', 'error'],
  )
  const latency = new Distributions(
    ['chappe_request_seconds', 'Time from a request read to its answer handed to the connection, by method'],
    ['method'],
    SECONDS,
  )
  const commitSizes = new Distributions(
    ['chappe_commit_transactions', 'Transactions in one durable commit'],
    [],
    [1, 2, 4, 8, 16, 32, 64, 128],
  )
  const commitTimes = new Distributions(
    ['chappe_commit_seconds', 'Time from the first transaction of a group to its durable commit'],
    [],
    SECONDS,
  )
  const commitSize = commitSizes.of()
  const commitTime = commitTimes.of()
  const wakes: (() => number)[] = []
  const woken = new Numbers('counter', ['chappe_wakes_total', 'Sessions woken to read their log'], [], (self) => {
    self.of().value = wakes.reduce((sum, count) => sum + count(), 0)
  })
  const queues = new Map<string, Array<() => number>>()
  const lengths = new Numbers(
    'gauge',
    ['chappe_queue_length', 'What is kept or waits, by its name'],
    ['queue'],
    (self) => {
      for (const [name, read] of queues) self.of(name).value = read.reduce((sum, length) => sum + length(), 0)
    },
  )
  const families: Family[] = [connections, bytes, handshakes, closings, requests, latency, commitSizes, commitTimes]
  families.push(woken, lengths)
  let registry: Promise<Registry> | undefined

  // A child per label set is kept, since finding it again costs more than counting.
  const byMethod = new Map<string, { errors: Map<string, { value: number }>; time: Distribution }>()
  const errorNames = new Set<string>()
  const errorLabel = (error: string | undefined) => {
    if (error === undefined) return ''
    // FLOOD_WAIT_30 and FILE_PART_7_MISSING are one error each.
    const name = error.replace(/_\d+(?=_|$)/g, '_X')
    if (errorNames.has(name)) return name
    if (errorNames.size >= ERROR_NAMES || !/^[A-Z][A-Z0-9_]{0,63}$/.test(name)) return 'OTHER'
    errorNames.add(name)
    return name
  }

  return {
    connection(transport, by) {
      connections.of(transport).value += by
    },
    bytes(direction, transport, count) {
      bytes.of(direction, transport).value += count
    },
    handshake(outcome) {
      handshakes.of(outcome).value++
    },
    closed(reason) {
      closings.of(reason).value++
    },
    request(method, error, ms) {
      let entry = byMethod.get(method)
      if (entry === undefined) {
        const known = isMethod(method) ? method : 'unknown'
        entry = byMethod.get(known) ?? { errors: new Map(), time: latency.of(known) }
        byMethod.set(known, entry)
      }
      const label = errorLabel(error)
      let counter = entry.errors.get(label)
      if (counter === undefined) {
        counter = requests.of(isMethod(method) ? method : 'unknown', label)
        entry.errors.set(label, counter)
      }
      counter.value++
      entry.time.observe(ms / 1000)
    },
    commit(transactions, ms) {
      commitSize.observe(transactions)
      commitTime.observe(ms / 1000)
    },
    wakes: (count) => void wakes.push(count),
    queue(name, length) {
      const list = queues.get(name)
      if (list) list.push(length)
      else queues.set(name, [length])
    },
    async text() {
      registry ??= registryOf(families)
      return (await registry).metrics()
    },
    contentType: TYPE,
  }
}
