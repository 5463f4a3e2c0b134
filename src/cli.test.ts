import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const MAIN = join(import.meta.dirname, 'main.ts')

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'chappe-cli-'))
  return { path, data: join(path, 'data'), [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** The command as the shell runs it; nothing of this process's environment reaches its settings. */
function chappe(...args: string[]) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CHAPPE_|NODE_TEST)/.test(name)))
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }))
  return { child, said, ended }
}

const run = (...args: string[]) => chappe(...args).ended

async function start(data: string, ...args: string[]) {
  const { child, said, ended } = chappe('--data', data, '--port', '0', '--http-port', '0', ...args)
  while (!said.out.includes('Ctrl+C')) {
    const done = await Promise.race([once(child.stdout!, 'data'), ended.then(() => 'ended')])
    assert.notEqual(done, 'ended', said.err)
  }
  const found = (pattern: RegExp) => said.out.match(pattern)![1]!
  return {
    child: child as ChildProcess,
    said,
    ended,
    port: Number(found(/MTProto +127\.0\.0\.1:(\d+)/)),
    httpPort: Number(found(/health +http:\/\/127\.0\.0\.1:(\d+)/)),
    fingerprint: found(/fingerprint +([0-9a-f]{16})/),
    async stop() {
      child.kill('SIGTERM')
      return ended
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

test('a start prints what to do next and serves; a second one goes on with the same keys', async () => {
  using dir = folder()
  let fingerprint: string
  {
    await using server = await start(dir.data, '--test')
    fingerprint = server.fingerprint
    assert.match(server.said.out, /99966XYYYY; the code is XXXXX/)
    assert.ok(server.said.out.includes(join(dir.data, 'keys/rsa.pub.pem')))
    assert.equal((await fetch(`http://127.0.0.1:${server.httpPort}/healthz`)).status, 200)
    assert.equal((await fetch(`http://127.0.0.1:${server.httpPort}/readyz`)).status, 200)
    const figures = await (await fetch(`http://127.0.0.1:${server.httpPort}/metrics`)).text()
    assert.match(figures, /^chappe_queue_length\{queue="sessions"\} 0$/m)
    const { code, out, err } = await server.stop()
    assert.equal(code, 0, err)
    assert.match(out, /SIGTERM: stopping\n$/)
    assert.equal(err, '')
  }
  await using again = await start(dir.data)
  assert.equal(again.fingerprint, fingerprint)
  assert.doesNotMatch(again.said.out, /anybody can be/)
  again.child.kill('SIGINT')
  assert.equal((await again.ended).code, 0)
})

test('a server that runs says how much there is, and what is measured is asked for', async () => {
  using dir = folder()
  await using server = await start(dir.data, '--test')
  assert.match((await run('user', 'create', '+491701234567', 'Alice', '--data', dir.data)).out, /account/)
  const { code, out, err } = await run('stats', '--data', dir.data)
  assert.deepEqual([code, err], [0, ''])
  assert.match(out, /^accounts +1 people/m)
  assert.equal(server.child.exitCode, null)
  const bench = await run('bench', 'nothing-of-the-kind')
  assert.deepEqual([bench.code, /no such figure/.test(bench.err)], [2, true])
})

test('commands on accounts work on a running server and on a stopped one', async () => {
  using dir = folder()
  {
    await using server = await start(dir.data, '--test')
    const made = await run('user', 'create', '9996620001', 'Alice', 'Jones', '--data', dir.data)
    assert.equal(made.code, 0, made.err)
    assert.match(made.out, /^account \d+ with \+9996620001\n$/)
    const refused = await run('user', 'create', '9996620001', 'Bob', '--data', dir.data)
    assert.equal(refused.code, 1)
    assert.match(refused.err, /^chappe: \+9996620001 belongs to account \d+\n$/)
    await server.stop()
  }
  const list = await run('user', 'list', '--data', dir.data)
  assert.equal(list.code, 0, list.err)
  assert.match(list.out, /^\d+\t\+9996620001\t-\tAlice Jones\t0 devices\t$/m)
  const bot = await run('user', 'bot', 'echo_bot', 'Echo', '--data', dir.data)
  assert.match(bot.out, /^token \d+:\S{35}$/m)
})

test('two servers never share data or a port', async () => {
  using dir = folder()
  await using server = await start(dir.data)
  const same = await run('--data', dir.data, '--port', '0', '--http-port', 'off')
  assert.equal(same.code, 2)
  assert.match(same.err, /^chappe: .*: a server already runs on this data\n$/)
  const other = await run('--data', join(dir.path, 'other'), '--port', String(server.port), '--http-port', 'off')
  assert.equal(other.code, 1)
  assert.match(other.err, new RegExp(`^chappe: port ${server.port} of 127\\.0\\.0\\.1 is in use`))
  assert.equal((await fetch(`http://127.0.0.1:${server.httpPort}/healthz`)).status, 200)
})

test('after kill -9 the same data serves again', async () => {
  using dir = folder()
  const killed = await start(dir.data)
  await run('user', 'create', '491701234567', 'Alice', '--data', dir.data)
  killed.child.kill('SIGKILL')
  await killed.ended
  await using again = await start(dir.data)
  assert.equal(again.fingerprint, killed.fingerprint)
  assert.match((await run('user', 'list', '--data', dir.data)).out, /\+491701234567/)
})

test('a backup of a running server, restored, is that server', async () => {
  using dir = folder()
  const copy = join(dir.path, 'copy')
  const restored = join(dir.path, 'restored')
  writeFileSync(join(dir.path, 'settings.json'), '{}')
  let fingerprint: string
  {
    await using server = await start(dir.data)
    fingerprint = server.fingerprint
    await run('user', 'create', '491701234567', 'Alice', '--data', dir.data)
    const made = await run('backup', copy, '--data', dir.data)
    assert.equal(made.code, 0, made.err)
    const twice = await run('backup', copy, '--data', dir.data)
    assert.equal(twice.code, 1)
    await run('user', 'create', '491701234568', 'Late', '--data', dir.data)
  }
  const back = await run('restore', copy, '--data', restored)
  assert.equal(back.code, 0, back.err)
  assert.equal((await run('restore', copy, '--data', restored)).code, 2)
  assert.deepEqual(readFileSync(join(restored, 'keys/secret')), readFileSync(join(dir.data, 'keys/secret')))
  await using server = await start(restored)
  assert.equal(server.fingerprint, fingerprint)
  const { out } = await run('user', 'list', '--data', restored)
  assert.match(out, /\+491701234567/)
  assert.doesNotMatch(out, /\+491701234568/)
})

test('what is asked wrongly is answered by one line and changes nothing', async () => {
  using dir = folder()
  for (const [args, reason] of [
    [['--port', 'abc'], /^chappe: --port: expected a number between 0 and 65535, got "abc"\n$/],
    [['strat'], /^chappe: strat: unknown command \(see chappe help\)\n$/],
    [['user', 'dance'], /^chappe: user dance: unknown command/],
    [['start', 'now'], /^chappe: usage: chappe start\n$/],
    [['restore'], /^chappe: usage: chappe restore DIR\n$/],
    [['restore', dir.path], /no backup/],
  ] as const) {
    const { code, out, err } = await run(...args, ...(args[0] === '--port' ? [] : ['--data', dir.data]))
    assert.equal(code, 2, args.join(' '))
    assert.match(err, reason)
    assert.equal(out, '')
  }
  assert.equal(existsSync(dir.data), false)
})

test('keys, help and version', async () => {
  using dir = folder()
  const first = await run('keys', '--data', dir.data)
  assert.match(first.out, /^fingerprint [0-9a-f]{16} \(-?\d+\)\npublic key .*\n-----BEGIN RSA PUBLIC KEY-----\n/)
  assert.equal((await run('keys', '--data', dir.data)).out, first.out)
  const help = await run('--help')
  for (const word of ['user create', 'backup DIR', '--http-port', '--test']) assert.ok(help.out.includes(word), word)
  assert.match((await run('version')).out, /^\d+\.\d+\.\d+\n$/)
})
