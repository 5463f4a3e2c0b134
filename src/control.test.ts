import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError } from './config.ts'
import { callControl, listenControl } from './control.ts'

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'chappe-control-'))
  return { path, socket: join(path, 'control.sock'), [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

test('a command is carried out by the server that runs', async () => {
  using dir = folder()
  await using _control = await listenControl(dir.path, async (command, args) => [
    `${command}: ${args.join(' ')}`,
    'done',
  ])
  assert.equal(statSync(dir.socket).mode & 0o777, 0o600)
  assert.deepEqual(await callControl(dir.path, 'user list', ['ä', 'b']), ['user list: ä b', 'done'])
})

test('its reason for a refusal reaches the operator', async () => {
  using dir = folder()
  await using _control = await listenControl(dir.path, async () => {
    throw new Error('no such account')
  })
  await assert.rejects(callControl(dir.path, 'x', []), /^Error: no such account$/)
})

test('without a server there is nobody to ask', async () => {
  using dir = folder()
  assert.equal(await callControl(dir.path, 'x', []), undefined)
  writeFileSync(dir.socket, '')
  assert.equal(await callControl(dir.path, 'x', []), undefined)
  const control = await listenControl(dir.path, async () => ['here'])
  assert.deepEqual(await callControl(dir.path, 'x', []), ['here'])
  await control[Symbol.asyncDispose]()
  assert.equal(await callControl(dir.path, 'x', []), undefined)
})

test('one data directory has one server', async () => {
  using dir = folder()
  await using _control = await listenControl(dir.path, async () => [])
  await assert.rejects(
    listenControl(dir.path, async () => []),
    (error: Error) => error instanceof ConfigError && /already runs/.test(error.message),
  )
})

test('broken words end the conversation and run nothing', async () => {
  using dir = folder()
  let runs = 0
  await using _control = await listenControl(dir.path, async () => {
    runs++
    return []
  })
  for (const words of [
    '{"command":1,"args":[]}\n',
    '{"command":"x","args":[1]}\n',
    'rubbish\n',
    'null\n',
    'x'.repeat(70_000),
  ]) {
    const socket = connect(dir.socket)
    socket.on('error', () => {})
    socket.resume()
    socket.write(words)
    await once(socket, 'close')
  }
  assert.equal(runs, 0)
})
