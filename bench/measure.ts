// What every load measures with: the time, and the CPU seconds of the server, of the generator and of all else.
import { cpuSeconds, familySeconds, machineSeconds } from './server-process.ts'

export interface Span {
  seconds: number
  serverCpuS: number
  generatorCpuS: number
  /** The database's, where CHAPPE_BENCH_POSTGRES names the process of a PostgreSQL on this machine. */
  databaseCpuS?: number
  /** All else on this machine: what makes a run worth less. */
  otherCpuS: number
}

export interface Load {
  port: number
  serverPid: number
  dataDir: string
  seconds: number
  /** Tells the process above that measuring begins and ends (it profiles meanwhile). */
  mark(what: 'begin' | 'end'): Promise<void>
}

export type Figure = Record<string, number | string>

const round = (n: number, digits: number) => Math.round(n * 10 ** digits) / 10 ** digits
export const two = (n: number): number => round(n, 2)
export const three = (n: number): number => round(n, 3)

const postgres = Number(process.env.CHAPPE_BENCH_POSTGRES ?? 0)

export class Meter {
  readonly #pid: number
  #database = 0
  #at = 0
  #server = 0
  #own = 0
  #all = 0

  constructor(pid: number) {
    this.#pid = pid
    this.begin()
  }

  begin(): void {
    this.#at = performance.now()
    this.#server = cpuSeconds(this.#pid)
    this.#database = database()
    this.#own = own()
    this.#all = machineSeconds()
  }

  end(): Span {
    const seconds = (performance.now() - this.#at) / 1000
    const server = cpuSeconds(this.#pid) - this.#server
    const generator = own() - this.#own
    const stored = database() - this.#database
    const other = Math.max(0, machineSeconds() - this.#all - server - generator - stored)
    return {
      seconds: three(seconds),
      serverCpuS: two(server),
      generatorCpuS: two(generator),
      ...(postgres > 0 ? { databaseCpuS: two(stored) } : undefined),
      otherCpuS: two(other),
    }
  }
}

const database = () => (postgres > 0 ? familySeconds(postgres) : 0)

function own(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Counts of a span as rates: a second, and a CPU second of the server. */
export function rates(count: number, span: Span): Figure {
  return {
    perS: Math.round(count / span.seconds),
    perServerCpuS: Math.round(count / Math.max(span.serverCpuS, 0.01)),
    ...(span.databaseCpuS ? { perDatabaseCpuS: Math.round(count / span.databaseCpuS) } : undefined),
    ...span,
  }
}

export function quantile(sorted: readonly number[], share: number): number {
  return three(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN)
}
