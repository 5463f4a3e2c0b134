import { performance } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What the parts count. Every label has few values: nothing that a client sends becomes one. */
export interface Metrics {
  /** One connection more or less on a transport (`tcp`, `obfuscated`, `websocket`, `http` ...). */
  connection(transport: string, by: 1 | -1): void
  bytes(direction: 'in' | 'out', transport: string, count: number): void
  handshake(outcome: 'begun' | 'done' | 'failed'): void
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

/**
 * A registry of its own for each server, so that several can run in one process.
 * @param isMethod says whether a name is one of the API's methods; others are counted together as `unknown`
 */
export function createMetrics(isMethod: (name: string) => boolean): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const connections = new Gauge({
    name: 'chappe_connections',
    help: 'Open connections by transport',
    labelNames: ['transport'],
    registers,
  })
  const bytes = new Counter({
    name: 'chappe_bytes_total',
    help: 'Bytes received and sent by transport',
    labelNames: ['direction', 'transport'],
    registers,
  })
  const handshakes = new Counter({
    name: 'chappe_handshakes_total',
    help: 'Key exchanges by outcome',
    labelNames: ['outcome'],
    registers,
  })
  const requests = new Counter({
    name: 'chappe_requests_total',
    help: 'Answered requests by method and error (empty: a result)',
    labelNames: ['method', 'error'],
    registers,
  })
  const latency = new Histogram({
    name: 'chappe_request_seconds',
    help: 'Time from a request read to its answer handed to the connection, by method',
    labelNames: ['method'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5],
    registers,
  })
  const commitSize = new Histogram({
    name: 'chappe_commit_transactions',
    help: 'Transactions in one durable commit',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  })
  const commitTime = new Histogram({
    name: 'chappe_commit_seconds',
    help: 'Time from the first transaction of a group to its durable commit',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5],
    registers,
  })
  const wakes: (() => number)[] = []
  new Counter({
    name: 'chappe_wakes_total',
    help: 'Sessions woken to read their log',
    registers,
    collect() {
      this.reset()
      this.inc(wakes.reduce((sum, count) => sum + count(), 0))
    },
  })
  const queues = new Map<string, Array<() => number>>()
  new Gauge({
    name: 'chappe_queue_length',
    help: 'What is kept or waits, by its name',
    labelNames: ['queue'],
    registers,
    collect() {
      for (const [name, read] of queues)
        this.set(
          { queue: name },
          read.reduce((sum, length) => sum + length(), 0),
        )
    },
  })
  processFigures(registry)

  // A child per label set is kept, since finding it again costs more than counting.
  const byMethod = new Map<string, { errors: Map<string, { inc(): void }>; time: { observe(seconds: number): void } }>()
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
    connection: (transport, by) => connections.inc({ transport }, by),
    bytes: (direction, transport, count) => bytes.inc({ direction, transport }, count),
    handshake: (outcome) => handshakes.inc({ outcome }),
    request(method, error, ms) {
      let entry = byMethod.get(method)
      if (entry === undefined) {
        const known = isMethod(method) ? method : 'unknown'
        entry = byMethod.get(known) ?? { errors: new Map(), time: latency.labels(known) }
        byMethod.set(known, entry)
      }
      const label = errorLabel(error)
      let counter = entry.errors.get(label)
      if (counter === undefined) {
        counter = requests.labels(isMethod(method) ? method : 'unknown', label)
        entry.errors.set(label, counter)
      }
      counter.inc()
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
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

/** The process in a few figures, under the names that dashboards for Node know where there are such. */
function processFigures(registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('process_cpu_seconds_total', 'User and system CPU time', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  gauge('process_start_time_seconds', 'Start of the process, unix time', () => performance.timeOrigin / 1000)
  gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss())
  gauge('nodejs_heap_size_used_bytes', 'Heap in use', () => process.memoryUsage().heapUsed)
  gauge('nodejs_external_memory_bytes', 'Memory of buffers and the like', () => process.memoryUsage().external)
  let last = performance.eventLoopUtilization()
  gauge(
    'nodejs_eventloop_utilization',
    'Share of time the event loop was busy since the figures were last asked for',
    () => {
      const now = performance.eventLoopUtilization()
      const { utilization } = performance.eventLoopUtilization(now, last)
      last = now
      return utilization
    },
  )
}
