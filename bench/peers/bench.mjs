// Drives one XMPP server: node bench.mjs ejabberd|prosody   (see README.md for the environment)
// Starts the server as a child on 127.0.0.1, runs each figure REPS times, prints one JSON line per figure.
import { execFileSync as sh, spawn } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client, sleep, user } from './xmpp.mjs'

const here = import.meta.dirname
const name = process.argv[2]
const {
  WAL = '1',
  REPS = '3',
  ONLY = 'start,pm,rate,muc,idle',
  USERS = '2000',
  PORT = '15222',
  ERL_ARGS = '',
  GC = 'incremental',
} = process.env
const only = ONLY.split(',')
const dir = `${tmpdir()}/chappe-peers/${name}`
const [data, seed] = [`${dir}/data`, `${dir}/seed`]
const out = (...a) => sh(a[0], a.slice(1), { encoding: 'utf8' }).trim()
const [uid, gid] = [+out('id', '-u', name), +out('id', '-g', name)]

const servers = {
  ejabberd: {
    config: 'ejabberd.yml.in',
    archive: 'sql', // each is the fastest of its persistent archives, see README.md
    db: 'archive.db',
    // Without a node name: no epmd and no distribution port. Debian keeps the ejabberd application outside of Erlang's own library folder.
    command: () => [
      'erl',
      '+K',
      'true',
      '+P',
      '250000',
      ...ERL_ARGS.split(' ').filter(Boolean),
      '-noinput',
      '-mnesia',
      'dir',
      `"${data}"`,
      '-s',
      'ejabberd',
    ],
    env: () => ({
      ERL_LIBS: path.resolve(out('dpkg', '-L', 'ejabberd').match(/.*\/ebin\/ejabberd\.app$/m)[0], '../../..'),
      EJABBERD_CONFIG_PATH: `${dir}/ejabberd.yml`,
      EJABBERD_LOG_PATH: `${dir}/ejabberd.log`,
      ERL_MAX_PORTS: '32000',
      ERL_MAX_ETS_TABLES: '1400',
      ERL_CRASH_DUMP_BYTES: '0',
    }),
  },
  prosody: {
    config: 'prosody.cfg.lua',
    archive: 'internal',
    db: 'prosody.sqlite',
    command: () => ['prosody', '-F', '--config', `${dir}/prosody.cfg.lua`],
    env: () => ({}),
  },
}
const server = servers[name]
const ARCHIVE = process.env.ARCHIVE ?? server.archive
const note = (s) => process.stderr.write(`${name}: ${s}\n`)
const own = () => sh('chown', ['-R', `${uid}:${gid}`, dir])

let child
// exec to the first accepted login, in ms
async function start() {
  const log = fs.openSync(`${dir}/console.log`, 'a')
  const [cmd, ...args] = server.command()
  const t = performance.now()
  child = spawn(cmd, args, {
    cwd: dir,
    uid,
    gid,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, HOME: dir, LANG: 'C.UTF-8', ...server.env() },
  })
  child.gone = new Promise((r) => child.on('exit', r))
  fs.closeSync(log)
  let c
  for (;;) {
    if (child.exitCode !== null || performance.now() - t > 60e3)
      throw new Error(`${name} did not start; see ${dir}/*.log`)
    try {
      c = new Client(+PORT, user(0))
      await c.opened
      if (!fs.existsSync(seed)) break // no users yet: a connection is enough
      await c.login()
      break
    } catch {
      c.close()
      await sleep(5)
    }
  }
  const ms = performance.now() - t
  c.close()
  return ms
}
async function stop() {
  if (!child) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 20e3)
  await child.gone
  clearTimeout(timer)
  child = null
}
process.on('exit', () => child?.kill('SIGKILL'))
for (const s of ['SIGINT', 'SIGTERM']) process.on(s, () => process.exit(1))

const load = (mode, n = '') =>
  new Promise((ok, fail) => {
    const p = spawn(process.execPath, [`${here}/load.mjs`, mode, PORT, child.pid, n], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let s = ''
    p.stdout.on('data', (d) => {
      s += d
    })
    p.on('close', (code) => (code ? fail(new Error(`load ${mode} failed`)) : ok(JSON.parse(s))))
  })
// A figure counts only on an otherwise quiet machine (CI, editors and compilers shift both latency and CPU time):
// wait for 3 s with little else running, and repeat a run during which the rest used over QUIET of one core.
const QUIET = 0.1,
  TRIES = +(process.env.TRIES ?? 12)
const busy = () =>
  fs
    .readFileSync('/proc/stat', 'latin1')
    .split('\n', 1)[0]
    .split(/ +/)
    .reduce((a, v, i) => a + ([1, 2, 3, 6, 7].includes(i) ? +v : 0), 0) / 100
async function quiet() {
  for (let ok = 0; ok < 3; ) {
    const b = busy()
    await sleep(1000)
    ok = busy() - b < QUIET ? ok + 1 : 0
  }
}
async function measure(figure, f) {
  for (let i = 1; ; i++) {
    await quiet()
    const r = await f()
    if (r.otherCpuS / r.seconds <= QUIET || i === TRIES) return keep(figure, r)
    note(`${figure} repeated: the rest of the machine used ${r.otherCpuS} CPU s in ${r.seconds} s`)
  }
}
const rssMiB = () =>
  +(+fs.readFileSync(`/proc/${child.pid}/status`, 'latin1').match(/VmRSS:\s+(\d+)/)[1] / 1024).toFixed(1)

const serverCpuS = () => {
  const s = fs.readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return (+s[11] + +s[12]) / 100
}

// ---- fresh server with USERS accounts; each repetition starts from a copy of it
fs.rmSync(dir, { recursive: true, force: true })
fs.mkdirSync(data, { recursive: true })
const off = ARCHIVE === 'none'
const fill = {
  GC,
  PORT,
  DIR: dir,
  DATA: data,
  ARCHIVE: off ? 'sql' : ARCHIVE,
  ALWAYS: off ? 'never' : 'always',
  KEEP: !off,
}
fs.writeFileSync(
  `${dir}/${server.config.replace('.in', '')}`,
  fs.readFileSync(`${here}/${server.config}`, 'utf8').replace(/@([A-Z]+)@/g, (_, k) => fill[k]),
)
own()
await start()
note(`registered ${JSON.stringify(await load('users', USERS))}`)
await stop()
if (ARCHIVE === 'sql' && WAL === '1')
  note(`journal: ${out('sqlite3', `${data}/${server.db}`, 'PRAGMA journal_mode=WAL')}`)
own()
sh('cp', ['-a', data, seed])

const runs = {}
const keep = (figure, r) => {
  ;(runs[figure] ??= []).push(r)
  note(`${figure} ${JSON.stringify(r)}`)
}
const fresh = async () => {
  await stop()
  fs.rmSync(data, { recursive: true, force: true })
  sh('cp', ['-a', seed, data])
  sh('sync', [])
  return start()
}
for (let rep = 0; rep < +REPS; rep++) {
  await fresh()
  if (only.includes('start'))
    await measure('start', async () => {
      await stop()
      await quiet()
      const [b, t] = [busy(), performance.now()]
      const coldStartMs = await start()
      const seconds = (performance.now() - t) / 1e3,
        cpuS = serverCpuS()
      const otherCpuS = Math.max(0, busy() - b - cpuS - 0.3 * seconds - 0.05) // this process polls; ticks are coarse
      await sleep(5000)
      return { coldStartMs: Math.round(coldStartMs), startCpuS: cpuS, idleRssMiB: rssMiB(), seconds, otherCpuS }
    })
  for (const figure of ['pm', 'rate', 'muc']) if (only.includes(figure)) await measure(figure, () => load(figure))
  if (only.includes('idle'))
    await measure('idle', async () => {
      await fresh()
      return load('idle', USERS)
    })
}
await stop()

// biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholder
const version = out('dpkg-query', '-W', '-f', '${Version}', name)
const archive = ARCHIVE === 'sql' ? `sqlite${WAL === '1' ? ' (WAL)' : ''}` : ARCHIVE
for (const [figure, list] of Object.entries(runs)) {
  const median = {},
    range = {}
  for (const k of Object.keys(list[0])) {
    const v = list.map((r) => r[k]).sort((a, b) => a - b)
    median[k] = v[v.length >> 1]
    range[k] = [v[0], v.at(-1)]
  }
  console.log(
    JSON.stringify({
      server: name,
      version,
      archive,
      ...(name === 'prosody' ? { gc: GC } : { erlArgs: ERL_ARGS }),
      figure,
      runs: list.length,
      median,
      range,
    }),
  )
}
