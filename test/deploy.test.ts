// What deploy/ says is what these programs do: nginx and Caddy in front of the server, and the files that the image has.
// Where a program is not installed its test is skipped; .ci/run installs both.
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { optionsHelp } from '../src/config.ts'
import { startTestServer, test } from './harness/index.ts'
import { Clients, type OpenOptions, targetOf, until } from './wire/index.ts'

const root = join(import.meta.dirname, '..')
const deploy = (name: string) => readFileSync(join(root, 'deploy', name), 'utf8')
const installed = (program: string, ...args: string[]) => spawnSync(program, args).error === undefined
/** Debian's nginx passes TCP on by a module of its own. */
const STREAM = '/usr/lib/nginx/modules/ngx_stream_module.so'

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'chappe-deploy-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}

/** A program in front of the server, until it is disposed of. */
class Program implements AsyncDisposable {
  readonly #child: ChildProcess
  #said = ''

  constructor(command: string, args: string[], env: Record<string, string> = {}) {
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) stream.on('data', (data) => (this.#said += data))
  }

  /** Waits until an address answers as wanted. */
  async ready(url: string): Promise<void> {
    for (let i = 0; i < 200; i++) {
      const ok = await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      )
      if (ok) return
      if (this.#child.exitCode !== null) break
      await sleep(50)
    }
    throw new Error(`${url} does not answer:\n${this.#said}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await gone
  }
}

/** Two clients, each by its own way, say something to each other. */
async function converse(one: Pick<OpenOptions, 'target' | 'transport'>, other: typeof one): Promise<void> {
  await using clients = new Clients()
  const a = await clients.open('mtcute', { ...one, phone: '9996630001', firstName: 'One' })
  const b = await clients.open('mtcute', { ...other, phone: '9996630002', firstName: 'Other' })
  await a.know('9996630002', 'Other')
  await b.know('9996630001', 'One')
  await a.say(b.id, 'there')
  await until('the message is pushed', () => b.pushed.find((m) => m.text === 'there'))
  await b.say(a.id, 'and back')
  await until('the answer is pushed', () => a.pushed.find((m) => m.text === 'and back'))
}

const noNginx = !(installed('nginx', '-v') && existsSync(STREAM)) && 'nginx with its stream module is not installed'
const noCaddy = !installed('caddy', 'version') && 'caddy is not installed'

async function behindNginx(): Promise<void> {
  await using server = await startTestServer({ online: true })
  using temporary = folder()
  const [port, httpPort] = [await freePort(), await freePort()]
  const [first, second = first] = server.nodes
  const conf = deploy('nginx.conf')
    .replace('server node1:4430', `server 127.0.0.1:${first!.address.port}`)
    .replace('server node2:4430', `server 127.0.0.1:${second!.address.port}`)
    .replace('server node1:8080', `server 127.0.0.1:${first!.httpPort}`)
    .replace('server node2:8080', `server 127.0.0.1:${second!.httpPort}`)
    .replace('listen 4430', `listen 127.0.0.1:${port}`)
    .replace('listen 8080', `listen 127.0.0.1:${httpPort}`)
    .replace('http {', `http {\n  access_log off;\n${temporaryPaths(temporary.path)}`)
  assert.ok(!/node\d/.test(conf))
  const file = join(temporary.path, 'nginx.conf')
  const log = join(temporary.path, 'error.log')
  writeFileSync(file, `load_module ${STREAM};\ndaemon off;\npid ${temporary.path}/pid;\nerror_log ${log};\n${conf}`)
  await using program = new Program('nginx', ['-c', file, '-e', log])
  await program.ready(`http://127.0.0.1:${httpPort}/healthz`)
  assert.equal((await fetch(`http://127.0.0.1:${httpPort}/metrics`)).status, 404)
  const target = { ...targetOf(server.server), port, httpPort }
  await converse({ target }, { target, transport: 'websocket' })
}

test('nginx, as deploy/nginx.conf sets it up, carries TCP and WebSockets', behindNginx, { skip: noNginx })

/** Folders that nginx would else look for in the system's places. */
function temporaryPaths(path: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return kinds.map((kind) => `  ${kind}_temp_path ${path}/${kind};\n`).join('')
}

async function behindCaddy(): Promise<void> {
  await using server = await startTestServer({ online: true })
  using temporary = folder()
  const [port, plain] = [await freePort(), await freePort()]
  const options = `{\n  admin off\n  skip_install_trust\n  auto_https disable_redirects\n  http_port ${plain}\n  https_port ${port}\n}\n`
  const conf = deploy('Caddyfile')
    .replace('chat.example.org {', `localhost:${port} {\n\tbind 127.0.0.1\n\ttls internal`)
    .replace('127.0.0.1:8080', `127.0.0.1:${server.server.httpPort}`)
  const file = join(temporary.path, 'Caddyfile')
  writeFileSync(file, options + conf)
  const places = { XDG_DATA_HOME: temporary.path, XDG_CONFIG_HOME: temporary.path, HOME: temporary.path }
  await using program = new Program('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], places)
  const authority = join(temporary.path, 'caddy/pki/authorities/local/root.crt')
  await until('the certificate is made', () => existsSync(authority))
  const trusted = getCACertificates()
  setDefaultCACertificates([...trusted, readFileSync(authority, 'utf8')])
  try {
    await program.ready(`https://localhost:${port}/healthz`)
    assert.equal((await fetch(`https://localhost:${port}/metrics`)).status, 404)
    const target = targetOf(server.server)
    const behind = { ...target, httpPort: port, webSocket: `wss://localhost:${port}/apiws` }
    await converse({ target }, { target: behind, transport: 'websocket' })
  } finally {
    setDefaultCACertificates(trusted)
  }
}

test('Caddy, as deploy/Caddyfile sets it up, carries WebSockets over TLS', behindCaddy, { skip: noCaddy })

/** The files that the last stage of the image is made of, and the packages that `npm ci --omit=dev` would leave. */
function imageIn(path: string): void {
  const last = deploy('Dockerfile')
    .split(/^FROM /m)
    .at(-1)!
  const copies = [...last.matchAll(/^COPY (?!--from)(.+)$/gm)].map((match) => match[1]!.split(' '))
  assert.ok(copies.length >= 3)
  for (const words of copies) {
    const to = words.at(-1)!
    for (const from of words.slice(0, -1)) {
      cpSync(join(root, from), to === './' ? join(path, from) : join(path, to), { recursive: true })
    }
  }
  const args = ['ls', '--omit=dev', '--all', '--parseable']
  const listed = execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  for (const at of listed.split('\n').filter((line) => line.includes('/node_modules/'))) {
    const within = at.slice(root.length + 1)
    // What is inside of another package comes with it.
    if (within.indexOf('node_modules/', 1) !== -1) continue
    mkdirSync(dirname(join(path, within)), { recursive: true })
    symlinkSync(at, join(path, within))
  }
}

test('what the image holds is enough to serve', async () => {
  using temporary = folder()
  imageIn(temporary.path)
  const run = (...args: string[]) =>
    execFileSync(process.execPath, ['lib/chappe.js', ...args], { cwd: temporary.path, encoding: 'utf8' })
  assert.match(run('version'), /^\d+\.\d+\.\d+\n$/)
  const [port, httpPort] = [await freePort(), await freePort()]
  const args = [
    'lib/chappe.js',
    '--data',
    join(temporary.path, 'data'),
    '--port',
    `${port}`,
    '--http-port',
    `${httpPort}`,
  ]
  const server = spawn(process.execPath, args, { cwd: temporary.path, stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(server, 'exit')
  try {
    await until('it serves', () =>
      fetch(`http://127.0.0.1:${httpPort}/healthz`).then(
        (answer) => answer.ok,
        () => false,
      ),
    )
    const said = deploy('Dockerfile').match(/fetch\('http:\/\/127\.0\.0\.1:8080(\/\w+)'\)/)
    assert.ok((await fetch(`http://127.0.0.1:${httpPort}${said![1]}`)).ok, 'its HEALTHCHECK asks for what there is')
  } finally {
    server.kill('SIGTERM')
  }
  assert.deepEqual(await gone, [0, null])
})

test('every setting that deploy/ names is one', async () => {
  const known = new Set(optionsHelp().match(/--[a-z-]+/g))
  for (const name of readdirSync(join(root, 'deploy'))) {
    const text = deploy(name)
    const variables = [...text.matchAll(/\bCHAPPE_([A-Z_]+)/g)].map(([, word]) =>
      word!.toLowerCase().replaceAll('_', '-'),
    )
    const flags = [...text.matchAll(/chappe\.js(?: --[^\n]*)/g)].flatMap(
      ([line]) => line.match(/(?<=--)[a-z-]+/g) ?? [],
    )
    for (const word of [...variables, ...flags]) assert.ok(known.has(`--${word}`), `${name} names ${word}`)
  }
})
