// The server under measurement: a process of its own, started as an operator starts it, ended by its id.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '..')
/** Clock ticks a second in /proc (USER_HZ). */
const TICK = 100

/** User and system CPU seconds of a process, all of its threads. */
export function cpuSeconds(pid: number): number {
  return statSeconds(`/proc/${pid}/stat`)
}

function statSeconds(file: string): number {
  const stat = readFileSync(file, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICK
}

/** The same of a process, of its children, and of those children that have ended. */
export function familySeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  let seconds = cpuSeconds(pid) + (Number(fields[13]) + Number(fields[14])) / TICK
  for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ')) {
    try {
      if (child !== '') seconds += cpuSeconds(Number(child))
    } catch {
      // It has ended meanwhile, and is counted with its parent next time.
    }
  }
  return seconds
}

/** CPU seconds of each thread of a process, by its number. */
export function threadSeconds(pid: number): Map<number, number> {
  const tasks = readdirSync(`/proc/${pid}/task`).map(Number)
  return new Map(tasks.map((task) => [task, statSeconds(`/proc/${pid}/task/${task}/stat`)]))
}

/** CPU seconds that all of the machine was busy. */
export function machineSeconds(): number {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'latin1')
    .slice(5, 200)
    .trim()
    .split(' ')
    .map(Number)
  return (user! + nice! + system! + irq! + softirq!) / TICK
}

/** Resident memory of a process, MiB. */
export function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024
}

export class ServerProcess {
  readonly child: ChildProcess
  readonly pid: number
  readonly dataDir: string
  port = 0
  #errors = ''
  #said = ''
  #inspector: WebSocket | undefined
  #asked = 0

  private constructor(child: ChildProcess, dataDir: string) {
    this.child = child
    this.pid = child.pid!
    this.dataDir = dataDir
    child.stdout!.on('data', (text) => {
      this.#said += text
    })
    child.stderr!.on('data', (text) => {
      this.#errors += text
    })
  }

  /** Starts the server on a data folder, on free ports of the loopback. `port` 0 takes any. */
  static spawn(
    dataDir: string,
    options: {
      profile?: boolean
      port?: number
      database?: string | undefined
      bus?: string | undefined
      threads?: number | undefined
    } = {},
  ): ServerProcess {
    const flags = options.profile ? ['--inspect=127.0.0.1:0'] : []
    const args = ['--test', '--data', dataDir, '--port', String(options.port ?? 0), '--http-port', '0']
    if (options.database) args.push('--database', options.database)
    if (options.bus) args.push('--bus', options.bus)
    if (options.threads !== undefined) args.push('--threads', String(options.threads))
    const child = spawn(process.execPath, [...flags, 'lib/chappe.js', ...args, '--log-level', 'warn'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return new ServerProcess(child, dataDir)
  }

  /** Waits until it serves. */
  async ready(): Promise<this> {
    const until = performance.now() + 30_000
    for (;;) {
      const found = /MTProto\s+\S+:(\d+)/.exec(this.#said)
      if (found) {
        this.port = Number(found[1])
        return this
      }
      if (this.child.exitCode !== null || performance.now() > until) {
        await this.stop()
        throw new Error(`the server did not start: ${this.#errors || this.#said}`)
      }
      await sleep(2)
    }
  }

  /** The end of its log. */
  get logged(): string {
    return this.#said.slice(-20_000)
  }

  /** What it has complained of. */
  get errors(): string {
    return this.#errors.replaceAll(/^(Debugger|For help|Starting inspector|Warning:).*\n/gm, '')
  }

  async #inspect(method: string, params: object = {}): Promise<any> {
    if (!this.#inspector) {
      const url = /ws:\/\/\S+/.exec(this.#errors)![0]
      const socket = new WebSocket(url)
      await once(socket as unknown as EventTarget, 'open')
      this.#inspector = socket
    }
    const socket = this.#inspector
    const id = ++this.#asked
    const answer = new Promise<any>((resolve, reject) => {
      const on = ({ data }: MessageEvent) => {
        const message = JSON.parse(String(data))
        if (message.id !== id) return
        socket.removeEventListener('message', on)
        if (message.error) reject(new Error(message.error.message))
        else resolve(message.result)
      }
      socket.addEventListener('message', on)
    })
    socket.send(JSON.stringify({ id, method, params }))
    return answer
  }

  async startProfile(): Promise<void> {
    await this.#inspect('Profiler.enable')
    await this.#inspect('Profiler.setSamplingInterval', { interval: 200 })
    await this.#inspect('Profiler.start')
  }

  async stopProfile(): Promise<unknown> {
    return (await this.#inspect('Profiler.stop')).profile
  }

  /** Asks it to stop, and ends it when it does not. */
  async stop(): Promise<void> {
    this.#inspector?.close()
    const { child } = this
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await gone
    clearTimeout(timer)
  }
}
