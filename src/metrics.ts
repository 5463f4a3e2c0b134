import { performance } from 'node:perf_hooks'

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

/** One figure as Prometheus' text format has it. */
interface Family {
  write(lines: string[]): void
}

// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
const TYPE = 'text/plain; version=0.0.4; charset=utf-8'
const quoted = (value: string) => value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))
const labelled = (names: readonly string[], values: readonly string[]) =>
  names.length === 0 ? '' : `{${names.map((name, i) => `${name}="${quoted(values[i]!)}"`).join(',')}}`

/** Numbers by their labels. The children stand for themselves: whoever counts often keeps one. */
class Numbers implements Family {
  readonly #head: string[]
  readonly #name: string
  readonly #labels: readonly string[]
  readonly #children = new Map<string, { readonly text: string; value: number }>()
  readonly #collect: ((self: Numbers) => void) | undefined

  constructor(
    type: 'counter' | 'gauge',
    [name, help]: readonly [string, string],
    labels: readonly string[],
    collect?: (self: Numbers) => void,
  ) {
    this.#head = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
    this.#name = name
    this.#labels = labels
    this.#collect = collect
  }

  of(...values: string[]): { value: number } {
    const text = labelled(this.#labels, values)
    let child = this.#children.get(text)
    if (child === undefined) this.#children.set(text, (child = { text, value: 0 }))
    return child
  }

  write(lines: string[]): void {
    this.#collect?.(this)
    lines.push(...this.#head)
    for (const { text, value } of this.#children.values()) lines.push(`${this.#name}${text} ${value}`)
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

  write(lines: string[], name: string, labels: readonly string[], values: readonly string[]): void {
    let below = 0
    const at = (le: string) => labelled(['le', ...labels], [le, ...values])
    for (const [i, bound] of this.#bounds.entries()) {
      below += this.#counts[i]!
      lines.push(`${name}_bucket${at(String(bound))} ${below}`)
    }
    lines.push(`${name}_bucket${at('+Inf')} ${this.#count}`)
    lines.push(`${name}_sum${labelled(labels, values)} ${this.#sum}`)
    lines.push(`${name}_count${labelled(labels, values)} ${this.#count}`)
  }
}

class Distributions implements Family {
  readonly #head: string[]
  readonly #name: string
  readonly #labels: readonly string[]
  readonly #bounds: readonly number[]
  readonly #children = new Map<string, { readonly values: string[]; readonly of: Distribution }>()

  constructor([name, help]: readonly [string, string], labels: readonly string[], bounds: readonly number[]) {
    this.#head = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`]
    this.#name = name
    this.#labels = labels
    this.#bounds = bounds
  }

  of(...values: string[]): Distribution {
    const key = values.join(' ')
    let child = this.#children.get(key)
    if (child === undefined) this.#children.set(key, (child = { values, of: new Distribution(this.#bounds) }))
    return child.of
  }

  write(lines: string[]): void {
    lines.push(...this.#head)
    for (const { values, of } of this.#children.values()) of.write(lines, this.#name, this.#labels, values)
  }
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5]

/**
 * Figures of their own for each server, so that several can run in one process. Written here in Prometheus' text format:
 * a start would read 87 files for it else, and a request would be counted by more work.
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
  const families: Family[] = [connections, bytes, handshakes, requests, latency, commitSizes, commitTimes]
  families.push(woken, lengths, ...processFigures())

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
      const lines: string[] = []
      for (const family of families) family.write(lines)
      return `${lines.join('\n')}\n`
    },
    contentType: TYPE,
  }
}

/** The process in a few figures, under the names that dashboards for Node know where there are such. */
function processFigures(): Family[] {
  const all: Family[] = []
  const gauge = (name: string, help: string, read: () => number) =>
    all.push(
      new Numbers('gauge', [name, help], [], (self) => {
        self.of().value = read()
      }),
    )
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
  return all
}
