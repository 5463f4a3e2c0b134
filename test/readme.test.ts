// What the README shows is what happens: its commands and snippets are taken out of it and run against a server that is
// started as it says. Only the port is another one.
import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { configOf } from '../src/config.ts'
import { PYTHON, telethonInstalled } from './wire/telethon.ts'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const run = promisify(execFile)

/** The port that the README names. */
const PORT = 4430
/** GramJS and teleproto keep a port in 16 bits with a sign. */
const LOWEST = 20_000
const HIGHEST = 32_000
/** A snippet may take so long, ms. */
const PATIENCE = 60_000

/** The fenced code with this info string. */
function snippet(info: string): string {
  const found = new RegExp(`^\`\`\`${info}\\n([^]*?)^\`\`\`$`, 'm').exec(readme)
  assert.ok(found, `README.md has no \`\`\`${info}`)
  return found[1]!
}

/** The words of the indented command in the README that begins so. */
function command(start: string): string[] {
  const line = readme.split('\n').find((text) => text.trimStart().startsWith(start))
  assert.ok(line, `README.md does not say ${start}`)
  return line.trim().split(/\s+/)
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    const probe = createServer()
    const free = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    await new Promise((resolve) => probe.close(resolve))
    return port
  }
}

let dir: string
let port: number
let server: ChildProcess
let said = ''

/** A directory in which `chappe` and the libraries are installed, and from which the server was started. */
function project(): string {
  const path = mkdtempSync(join(tmpdir(), 'chappe-readme-'))
  const modules = join(path, 'node_modules')
  mkdirSync(modules)
  symlinkSync(root, join(modules, 'chappe'))
  for (const name of readdirSync(join(root, 'node_modules'))) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  return path
}

before(async () => {
  dir = project()
  port = await freePort()
  const args = [join(root, 'lib/chappe.js'), '--test', '--port', String(port), '--http-port', '0']
  server = spawn(process.execPath, args, { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] })
  server.stdout!.on('data', (text) => {
    said += text
  })
  while (!said.includes('Sign in with')) await Promise.race([once(server.stdout!, 'data'), failed()])
})

async function failed(): Promise<never> {
  const [code] = await once(server, 'exit')
  throw new Error(`the server ended with ${code}`)
}

after(async () => {
  const gone = once(server, 'exit')
  server.kill('SIGTERM')
  const [code] = await gone
  rmSync(dir, { recursive: true })
  assert.equal(code, 0)
})

/** Runs a program in the project; what it prints, line by line. */
async function lines(program: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await run(program, args, { cwd: dir, encoding: 'utf8', timeout: PATIENCE })
  return stdout.trimEnd().split('\n')
}

/** Runs a snippet as a file of its own. */
function runs(info: string, file: string, program = process.execPath): Promise<string[]> {
  writeFileSync(join(dir, file), snippet(info).replaceAll(String(PORT), String(port)))
  return lines(program, file)
}

const chappe = (words: string[]) => lines(process.execPath, join(root, 'lib/chappe.js'), ...words)

test('the first start prints what the README shows', () => {
  const shown = readme.slice(readme.indexOf('    Chappe 0')).split('\n\n## ')[0]!
  const label = /^\s*(MTProto|WebSocket|health|data|public key|fingerprint|Sign in with)\b/gm
  const labels = (text: string) => Array.from(text.matchAll(label), (match) => match[1])
  assert.deepEqual(labels(said), labels(shown.slice(0, shown.indexOf('The keys are made'))))
  assert.match(said, new RegExp(`MTProto +127\\.0\\.0\\.1:${port} \\(data centre 2\\)`))
  assert.match(said, /fingerprint +[0-9a-f]{16} \(-?\d+\)/)
  assert.ok(said.includes(join(dir, 'data/keys/rsa.pub.pem')))
})

test('an operator makes the account that the snippets sign in to', async () => {
  const [line] = await chappe(command('npx chappe user create').slice(2))
  assert.match(line!, /\+9996620001$/)
})

test('mtcute', async () => {
  assert.equal((await runs('js mtcute', 'mtcute.mjs')).at(-1), 'signed in as Alice')
})

test('GramJS', async () => {
  assert.equal(
    (await runs('js gramjs', 'gramjs.mjs')).findLast((line) => line.startsWith('signed')),
    'signed in as Bob',
  )
})

test('teleproto', async () => {
  const printed = await runs('js teleproto', 'teleproto.mjs')
  assert.equal(
    printed.findLast((line) => line.startsWith('signed')),
    'signed in as Carol',
  )
})

test('Telethon', { skip: telethonInstalled() ? false : 'python3-telethon is not installed' }, async () => {
  assert.equal((await runs('python telethon', 'telethon_snippet.py', PYTHON)).at(-1), 'signed in as Alice')
})

test('a bot has a token', async () => {
  const { groups } = /(?<words>npx chappe user bot \w+) '(?<name>\w+)'/.exec(readme) ?? {}
  const printed = await chappe([...groups!.words!.split(' ').slice(2), groups!.name!])
  assert.match(printed.join('\n'), /\d+:[\w-]{20,}/)
})

test('the settings that it shows are settings', () => {
  const { limits } = configOf(JSON.parse(snippet('json')))
  assert.deepEqual([limits.chatMembers, limits.flood.send], [500, { count: 100, seconds: 60 }])
})

test("a server inside somebody's own test", async () => {
  // What it has at its end is printed, so that there is something to look at.
  const ended = `${snippet('js library')}console.log(alice.firstName, host, port > 0)\n`
  writeFileSync(join(dir, 'library.mjs'), ended)
  assert.deepEqual(await lines(process.execPath, 'library.mjs'), ['Alice 127.0.0.1 true'])
})
