import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ServerProcess } from '../../bench/server-process.ts'
import { loadRsaKey, type RsaKey } from '../../src/mtproto/rsa.ts'
import { Middle } from './proxy.ts'

const run = promisify(execFile)
const tools = join(import.meta.dirname, '../../tools')

/** One node: a process, and its ways to the database and to the bus. */
export interface Node {
  readonly data: string
  readonly database: Middle
  readonly databaseUrl: string
  readonly bus: Middle
  readonly busUrl: string
  server: ServerProcess | undefined
}

/** Nodes as processes over a PostgreSQL and a NATS server of their own. */
export class Cluster implements AsyncDisposable {
  readonly nodes: Node[] = []
  readonly #dir: string
  readonly #env: Record<string, string | undefined>
  #ended = false
  rsa!: RsaKey

  private constructor(dir: string) {
    this.#dir = dir
    // Postgres's own user must get there.
    const place = `/tmp/${dir.split('/').at(-1)}`
    this.#env = { ...process.env, CHAPPE_POSTGRES_DIR: `${place}-pg`, CHAPPE_NATS_DIR: `${place}-nats` }
  }

  static async start(count: number): Promise<Cluster> {
    const cluster = new Cluster(await mkdtemp(join(tmpdir(), 'chappe-faults-')))
    try {
      const database = await cluster.#tool('postgres.sh', 'start')
      const bus = await cluster.#tool('nats.sh', 'start')
      for (let i = 0; i < count; i++) await cluster.#addNode(i, `${database}?pool=8`, bus)
      // The first draws the keys, which all of them share.
      const [first, ...others] = cluster.nodes
      await cluster.startNode(first!)
      cluster.rsa = loadRsaKey(readFileSync(join(first!.data, 'keys/rsa.pem'), 'utf8'))
      for (const node of others) await cp(join(first!.data, 'keys'), join(node.data, 'keys'), { recursive: true })
      await Promise.all(others.map((node) => cluster.startNode(node)))
      return cluster
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
  }

  async #tool(name: string, command: string): Promise<string> {
    const { stdout } = await run('sh', [join(tools, name), command], { env: this.#env, timeout: 120_000 })
    return stdout.trim()
  }

  async #addNode(i: number, databaseUrl: string, busUrl: string): Promise<void> {
    const database = await Middle.to(databaseUrl)
    const bus = await Middle.to(busUrl)
    this.nodes.push({
      data: join(this.#dir, `node${i}`),
      database: database.proxy,
      databaseUrl: database.address,
      bus: bus.proxy,
      busUrl: bus.address,
      server: undefined,
    })
  }

  /** Starts a node; again, when what it needs is out of reach. */
  async startNode(node: Node): Promise<void> {
    for (let tries = 1; !this.#ended; tries++) {
      const server = ServerProcess.spawn(node.data, { database: node.databaseUrl, bus: node.busUrl })
      try {
        node.server = await server.ready()
        return
      } catch (error) {
        if (tries === 10) throw error
        await sleep(500)
      }
    }
  }

  async kill(node: Node, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { server } = node
    node.server = undefined
    if (!server || server.child.exitCode !== null || server.child.signalCode !== null) return
    const gone = once(server.child, 'exit')
    server.child.kill(signal)
    const timer = setTimeout(() => server.child.kill('SIGKILL'), 20_000)
    await gone
    clearTimeout(timer)
  }

  async restartDatabase(): Promise<void> {
    await this.#tool('postgres.sh', 'restart')
  }

  get live(): number[] {
    return this.nodes.flatMap((node) => (node.server ? [node.server.port] : []))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    for (const node of this.nodes) {
      await this.kill(node, 'SIGKILL')
      node.database.close()
      node.bus.close()
    }
    await this.#tool('nats.sh', 'stop').catch(() => {})
    await this.#tool('postgres.sh', 'stop').catch(() => {})
    await rm(this.#dir, { recursive: true, force: true })
  }
}
