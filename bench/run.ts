// npm run bench -- [NAME ...] [--seconds N] [--reps N] [--connections N] [--profile]
// One JSON line a figure; docs/bench.md says what each is and how to read it.
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CHANNEL, GROUP, SUPERGROUP, type World } from './accounts.ts'
import type { Job } from './generator.ts'
import { ANNOUNCED, JOINERS } from './loads/join-storm.ts'
import { coldStart } from './loads/start.ts'
import type { Figure } from './measure.ts'
import { startPostgres } from './postgres.ts'
import { type CpuProfile, hottest, shares } from './profile.ts'
import { seedChannel, seedDialogs } from './seed.ts'
import { seedAccounts } from './seed-accounts.ts'
import { ServerProcess } from './server-process.ts'

/** Figures that measure a part by itself, in their own file. */
const PARTS = ['codec', 'ige', 'storage']
/** Figures of a server and a generator, and how many accounts each needs. */
const LOADS: Record<string, number> = {
  start: 2,
  handshakes: 2,
  messages: 100,
  steady: 100,
  postgres: 100,
  hostile: 102,
  'fan-out': GROUP,
  supergroup: SUPERGROUP,
  channel: SUPERGROUP,
  'channel-5000': GROUP,
  'join-storm': 2,
  cores: SUPERGROUP,
  difference: 2,
  files: 2,
  members: SUPERGROUP,
  history: SUPERGROUP,
  search: SUPERGROUP,
  idle: 0,
}
/** Of a channel as large as one may be: bench/seed.ts writes it into the database first. */
const SEEDED = ['members', 'history', 'search']
/** Of more accounts than are signed up: bench/seed-accounts.ts writes the others, as members of the channel or not. */
const CROWDS: Record<string, { accounts: number; joined: boolean }> = {
  'channel-5000': { accounts: CHANNEL, joined: true },
  'join-storm': { accounts: JOINERS + 1, joined: false },
}
/** Taken only when they are named: they need thousands of connections, or minutes. */
const ON_DEMAND = ['cores', 'postgres', ...Object.keys(CROWDS), ...SEEDED]
/** `--threads` of the servers that `cores` compares. */
const THREADS = [0, 1, 2]
/** A load that has not ended by then is ended, s. */
const LIMIT_S = 900

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '10' },
    reps: { type: 'string', default: '1' },
    connections: { type: 'string', default: '2000' },
    profile: { type: 'boolean', default: false },
  },
})
const number = (text: string, max: number) => {
  const n = Number(text)
  if (!(n >= 1 && n <= max)) throw new Error(`expected a number between 1 and ${max}, got ${text}`)
  return n
}
const seconds = number(values.seconds, 120)
const reps = Math.floor(number(values.reps, 20))
const connections = Math.floor(number(values.connections, 5000))
const { profile } = values
const all = [...PARTS, ...Object.keys(LOADS)]
const unknown = positionals.find((name) => !all.includes(name))
if (unknown !== undefined) {
  console.error(`${unknown}: no such figure; there are ${all.join(', ')}`)
  process.exit(2)
}
const wanted = all.filter((name) => (positionals.length === 0 ? !ON_DEMAND.includes(name) : positionals.includes(name)))
const loads = wanted.filter((name) => name in LOADS)
const say = (line: object) => console.log(JSON.stringify(line))
const note = (text: string) => console.error(text)
note(`${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`)

for (const part of wanted.filter((name) => PARTS.includes(name))) {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${part}.ts`)], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) process.exitCode = 1
}
if (loads.length > 0) await measureLoads()

async function measureLoads(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'chappe-bench-'))
  try {
    const prepared = join(dir, 'prepared')
    const onFiles = loads.filter((name) => name !== 'postgres')
    if (onFiles.length > 0) {
      const accounts = Math.max(...onFiles.map((name) => (name === 'idle' ? connections : LOADS[name]!)))
      note(`signing up ${accounts} accounts`)
      await withServer(prepared, false, (server) => generate(server, 'prepare', dir, accounts))
    }
    for (const name of loads) {
      const runs: Record<string, Figure>[] = []
      for (let i = 0; i < reps; i++) {
        if (name === 'cores') {
          runs.push(await compareThreads(prepared, dir))
          continue
        }
        if (name === 'postgres') {
          runs.push(await overPostgres(dir))
          continue
        }
        const data = join(dir, 'data')
        await cp(prepared, data, { recursive: true })
        runs.push(await measure(name, data, dir))
        await rm(data, { recursive: true })
      }
      const medians = Object.keys(runs[0]!).map((figure) => [figure, median(runs.map((run) => run[figure]!))] as const)
      for (const [figure, taken] of medians) say({ figure, runs: reps, cores: availableParallelism(), ...taken })
      if (name === 'cores') sayFactors(new Map(medians))
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Private messages on a server whose database is a PostgreSQL of its own, with accounts of its own. */
async function overPostgres(dir: string): Promise<Record<string, Figure>> {
  await using postgres = await startPostgres()
  const data = join(dir, 'data')
  const on = { database: postgres.url }
  try {
    const world = join(dir, 'postgres.json')
    await withServer(data, false, (server) => generate(server, 'prepare', dir, LOADS.postgres!, world), on)
    return await withServer(
      data,
      profile,
      (server) => generate(server, 'postgres', dir, connections, world, postgres.pid),
      on,
    )
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

/** The same loads on a server without threads and on servers with some, by turns. */
async function compareThreads(prepared: string, dir: string): Promise<Record<string, Figure>> {
  const all: Record<string, Figure> = {}
  for (const threads of THREADS) {
    const data = join(dir, 'data')
    await cp(prepared, data, { recursive: true })
    const taken = await withServer(data, profile, (server) => generate(server, 'cores', dir, connections), { threads })
    await rm(data, { recursive: true })
    for (const [load, figure] of Object.entries(taken)) all[`cores-${load}-threads-${threads}`] = figure
  }
  return all
}

/** What the threads gain: in throughput, and in what each second of CPU time brings. */
function sayFactors(figures: ReadonlyMap<string, Figure>): void {
  for (const [name, { perS, perServerCpuS, perBusiestThreadS }] of figures) {
    const base = figures.get(name.replace(/\d+$/, '0'))!
    const factor = (a: unknown, b: unknown) => Math.round((100 * (a as number)) / (b as number)) / 100
    say({
      figure: `${name}-factors`,
      throughput: factor(perS, base.perS),
      perServerCpuS: factor(perServerCpuS, base.perServerCpuS),
      perBusiestThreadS: factor(perBusiestThreadS, base.perBusiestThreadS),
    })
  }
}

async function measure(name: string, data: string, dir: string): Promise<Record<string, Figure>> {
  if (name === 'start') return { start: await coldStart(data, join(dir, 'world.json')) }
  if (SEEDED.includes(name)) {
    const world = JSON.parse(readFileSync(join(dir, 'world.json'), 'utf8')) as World
    seedChannel(data, world)
    seedDialogs(data, world)
  }
  const crowd = CROWDS[name]
  if (crowd) {
    const world = JSON.parse(readFileSync(join(dir, 'world.json'), 'utf8')) as World
    const all = await seedAccounts(data, world, crowd.accounts, crowd.joined)
    writeFileSync(join(dir, 'crowd.json'), JSON.stringify(all))
  }
  if (name === 'join-storm') {
    writeFileSync(join(data, 'chappe.json'), JSON.stringify({ limits: { announcedMembers: ANNOUNCED } }))
  }
  return withServer(data, profile, (server) => generate(server, name, dir, connections))
}

async function withServer<T>(
  data: string,
  inspect: boolean,
  use: (server: ServerProcess) => Promise<T>,
  options: { threads?: number; database?: string } = {},
): Promise<T> {
  const server = ServerProcess.spawn(data, { profile: inspect, ...options })
  try {
    await server.ready()
    return await use(server)
  } finally {
    await server.stop()
    if (server.errors !== '') note(server.errors)
  }
}

/** Has a generator put a load on the server, and gives its figures. */
async function generate(
  server: ServerProcess,
  name: string,
  dir: string,
  count: number,
  worldFile = join(dir, name in CROWDS ? 'crowd.json' : 'world.json'),
  database?: number,
): Promise<Record<string, Figure>> {
  const env = { ...process.env, ...(database ? { CHAPPE_BENCH_POSTGRES: String(database) } : undefined) }
  const child = fork(join(import.meta.dirname, 'generator.ts'), { stdio: 'inherit', env })
  const timer = setTimeout(() => child.kill('SIGKILL'), (LIMIT_S + seconds) * 1000)
  const profiling = profile && name !== 'prepare'
  try {
    return await new Promise<Record<string, Figure>>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the generator ended (${code})`)))
      server.child.once('exit', () => reject(new Error(`the server ended: ${server.errors}`)))
      child.on('message', (message: { mark?: string; figures?: Record<string, Figure>; error?: string }) => {
        if (message.figures) resolve(message.figures)
        else if (message.error) reject(new Error(message.error))
        else {
          const marked = !profiling ? undefined : message.mark === 'begin' ? server.startProfile() : keep(server, name)
          Promise.resolve(marked).then(() => child.send('go'), reject)
        }
      })
      const { port, pid: serverPid, dataDir } = server
      child.send({ name, port, serverPid, dataDir, worldFile, seconds, count } satisfies Job)
    })
  } finally {
    clearTimeout(timer)
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
  }
}

async function keep(server: ServerProcess, name: string): Promise<void> {
  const taken = (await server.stopProfile()) as CpuProfile
  const out = join(import.meta.dirname, 'out')
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, `${name}.cpuprofile`), JSON.stringify(taken))
  say({ figure: `${name}-profile`, ...shares(taken) })
  for (const { function: what, share } of hottest(taken, 25)) note(`${(share * 100).toFixed(1).padStart(6)} %  ${what}`)
}

/** Field by field. Texts are taken from the first run. */
function median(runs: readonly Figure[]): Figure {
  const out: Figure = {}
  for (const [key, first] of Object.entries(runs[0]!)) {
    if (typeof first === 'string') out[key] = first
    else out[key] = runs.map((run) => run[key] as number).sort((a, b) => a - b)[Math.floor(runs.length / 2)]!
  }
  return out
}
