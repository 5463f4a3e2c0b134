import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Config, ConfigError, optionsHelp, parseConfig } from './config.ts'
import type { Server } from './server.ts'

type Env = Record<string, string | undefined>

const say = (...lines: string[]) => void process.stdout.write(`${lines.join('\n')}\n`)
const complain = (line: string) => void process.stderr.write(`chappe: ${line}\n`)

/** What closing takes at most after requests under way had their time, ms. */
const AFTER_STOP = 10_000

/** Commands that need no running server, by their name. */
const OWN = {
  start: { args: '', text: 'serve (what happens without a command)' },
  keys: { args: '', text: 'the public key and its fingerprint; makes them if missing' },
  migrate: { args: '', text: 'bring the database to the newest version' },
  restore: { args: 'DIR', text: 'put a backup in the place of a server without data' },
  bench: { args: '[NAME ...]', text: 'measure a server of its own; its options are those of npm run bench' },
  help: { args: '', text: 'this text' },
  version: { args: '', text: 'the version' },
} as const

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

async function help(): Promise<string> {
  const { commands } = await import('./admin.ts')
  const rows = Object.entries({ ...OWN, ...commands }).map(([name, { args, text }]) => [
    `  ${name} ${args}`.trimEnd(),
    text,
  ])
  const width = Math.max(...rows.map(([left]) => left!.length)) + 2
  return `Chappe ${version()}: a server of the Telegram API

usage: chappe [COMMAND] [OPTIONS]

${rows.map(([left, text]) => `${left!.padEnd(width)}${text}`).join('\n')}

Options are also read from variables (--http-port is CHAPPE_HTTP_PORT) and from a file of settings, which alone has the limits.

${optionsHelp()}`
}

/** Splits the words of a command line: those before the first flag name the command and its arguments. */
function split(argv: string[]): { words: string[]; flags: string[] } {
  const words: string[] = []
  const flags: string[] = []
  let ended = false
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    if (ended || !word.startsWith('-') || word === '-') words.push(word)
    else if (word === '--') ended = true
    else {
      flags.push(word)
      // A flag's value is the next word, unless the flag is a switch.
      const next = argv[i + 1]
      const takes = !word.includes('=') && !/^--(no-.*|test|trust-proxy|help|version)$/.test(word)
      if (takes && next !== undefined && !next.startsWith('-')) flags.push(argv[++i]!)
    }
  }
  return { words, flags }
}

/**
 * Runs one command of the operator. Resolves when it is done; for `start`, when the server has stopped.
 * @param argv the arguments after the program's name
 * @param started called once the server serves
 * @returns the exit code: 0, 1 when it failed, 2 when it was asked wrongly
 */
export async function runCli(argv: string[], env: Env, started: () => void = () => {}): Promise<number> {
  try {
    if (argv.some((word) => word === '--help' || word === '-h')) {
      say(await help())
      return 0
    }
    if (argv.some((word) => word === '--version' || word === '-v')) {
      say(version())
      return 0
    }
    if (argv[0] === 'bench') return await bench(argv.slice(1))
    const { words, flags } = split(argv)
    const [name = 'start', ...args] = words
    if (name === 'help') say(await help())
    else if (name === 'version') say(version())
    else await command(name, args, parseConfig(flags, env), started)
    return 0
  } catch (error) {
    if (error instanceof ConfigError || error instanceof Usage) {
      complain(error.message)
      return 2
    }
    complain(plainReason(error as NodeJS.ErrnoException))
    return 1
  }
}

class Usage extends Error {}

/** Errors of the system in words; a fault of ours with its stack. */
function plainReason(error: NodeJS.ErrnoException & { address?: string; port?: number }): string {
  if (error.code === 'EADDRINUSE')
    return `port ${error.port} of ${error.address} is in use; choose another by --port or --http-port`
  if (error.code === 'EADDRNOTAVAIL') return `${error.address} is not an address of this machine`
  if (error.code === 'EACCES' && error.port !== undefined)
    return `port ${error.port} may not be listened on by this user`
  if (error.syscall !== undefined || error instanceof Refusal) return error.message
  return error.stack ?? String(error)
}

/** A command that could not be carried out, for a reason in plain words. */
class Refusal extends Error {}

async function command(name: string, args: string[], config: Config, started: () => void): Promise<void> {
  const own = Object.hasOwn(OWN, name) ? OWN[name as keyof typeof OWN] : undefined
  if (own !== undefined && args.length !== (own.args === '' ? 0 : 1)) {
    throw new Usage(`usage: chappe ${`${name} ${own.args}`.trimEnd()}`)
  }
  if (name === 'start') return start(config, started)
  if (name === 'keys') return keys(config)
  if (name === 'migrate') {
    const { openStore } = await import('./storage/index.ts')
    const store = await refusing(openStore({ database: config.database }))
    await store.close()
    return say('the database is at the newest version')
  }
  if (name === 'restore') {
    const { restore } = await import('./backup.ts')
    return say(...(await refusing(restore(config, args[0]!))))
  }
  return administer([name, ...args], config)
}

/** What an operator's command throws is a reason in plain words. */
function refusing<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: Error) => {
    throw error instanceof ConfigError ? error : new Refusal(error.message, { cause: error })
  })
}

async function keys(config: Config): Promise<void> {
  const { fingerprintText, openKeys } = await import('./keys.ts')
  const { rsa, publicPath } = await openKeys(config.dataDir)
  say(`fingerprint ${fingerprintText(rsa)}`, `public key  ${publicPath}`, rsa.publicPem.trimEnd())
}

/** Commands whose argument is a path. */
const PATHS = new Set(['backup', 'ads add', 'langpack import'])

/** Commands on the data: by the server that runs on this data, else by one without sockets for the moment. */
async function administer(words: string[], config: Config): Promise<void> {
  const { commands, runCommand } = await import('./admin.ts')
  const length = Object.hasOwn(commands, words.slice(0, 2).join(' ')) ? 2 : 1
  const name = words.slice(0, length).join(' ')
  if (!Object.hasOwn(commands, name))
    throw new Usage(`${words.slice(0, 2).join(' ')}: unknown command (see chappe help)`)
  // The server that carries it out may have been started in another directory.
  const args = words.slice(length).map((word) => (PATHS.has(name) ? resolve(word) : word))
  const { callControl } = await import('./control.ts')
  const lines = await refusing(callControl(config.dataDir, name, args))
  if (lines !== undefined) return say(...lines)
  const { startServer } = await import('./server.ts')
  await using server = await startServer({ ...config, logLevel: 'warn' }, { offline: true })
  say(...(await refusing(runCommand(server.app, name, args))))
}

/** The measurements lie in the repository, beside the sources, and not in the package. */
async function bench(args: string[]): Promise<number> {
  const script = fileURLToPath(new URL('../bench/run.ts', import.meta.url))
  if (!existsSync(script)) {
    throw new Refusal('the measurements come with the repository and not with the package: run this in a clone of it')
  }
  const { spawn } = await import('node:child_process')
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' })
  const [code] = await once(child, 'close')
  return code ?? 1
}

async function start(config: Config, started: () => void): Promise<void> {
  const stopped = whenAsked()
  // The control socket comes first: it keeps a second server away from data that is in use.
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const { listenControl } = await import('./control.ts')
  let running: Server | undefined
  await using control = await listenControl(config.dataDir, async (name, args) => {
    if (running === undefined) throw new Error('the server is just starting')
    return (await import('./admin.ts')).runCommand(running.app, name, args)
  })
  const { startServer } = await import('./server.ts')
  await using server = await startServer(config)
  running = server
  const { fingerprintText } = await import('./keys.ts')
  const { host, port } = server.address
  const { httpPort } = server
  say(
    `Chappe ${version()} serves`,
    `  MTProto      ${host}:${port} (data centre ${config.dc})`,
    ...(httpPort === undefined
      ? []
      : [
          `  WebSocket    ws://${config.host}:${httpPort}/apiws`,
          `  health       http://${config.host}:${httpPort}/healthz`,
        ]),
    `  data         ${config.dataDir}`,
    `  public key   ${server.keys.publicPath}`,
    `  fingerprint  ${fingerprintText(server.keys.rsa)}`,
    '',
    ...howToSignIn(config),
    '',
    'Give a client library the address and the public key: the README has a snippet for each.',
    'Ctrl+C stops the server; nothing that was answered is lost.',
  )
  started()
  const why = await Promise.race([stopped, server.failed])
  say(`${typeof why === 'string' ? why : 'the database failed'}: stopping`)
  setTimeout(
    () => {
      complain('stopping took too long')
      process.exit(1)
    },
    config.stopSeconds * 1000 + AFTER_STOP,
  ).unref()
  await control[Symbol.asyncDispose]()
  await server.stop()
  if (typeof why !== 'string') throw new Refusal(why.message, { cause: why })
}

function howToSignIn(config: Config): string[] {
  if (config.test) {
    return [
      'Sign in with any phone number 99966XYYYY; the code is XXXXX (99966 2 0001: code 22222).',
      'This is a test server: anybody who reaches it can be anybody.',
    ]
  }
  const by = config.smsHook === undefined ? 'is written here, to the log,' : 'goes to the SMS hook'
  return [
    `Sign in with any phone number; the code ${by} and to the account's other devices.`,
    'To try it out, start with --test: phone numbers 99966XYYYY take the code XXXXX.',
  ]
}

/** The first signal that asks the process to stop; a second one ends it at once. */
function whenAsked(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false
    const on = (signal: NodeJS.Signals) => {
      if (asked) process.exit(1)
      asked = true
      resolve(signal)
    }
    process.on('SIGINT', on)
    process.on('SIGTERM', on)
  })
}
