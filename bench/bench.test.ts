import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { type CpuProfile, hottest, shares } from './profile.ts'

test('the bench measures a real server under a real load', { timeout: 60_000 }, async () => {
  const run = join(import.meta.dirname, 'run.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [run, 'steady', 'start', '--seconds', '1'])
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    lines.map((line) => line.figure),
    ['start', 'steady'],
  )
  const [start, steady] = lines
  assert.ok(start.coldStartMs > 50 && start.idleRssMiB > 20 && start.serverCpuS > 0, JSON.stringify(start))
  assert.ok(steady.perS > 100 && steady.p50ms > 0 && steady.p99ms >= steady.p50ms, JSON.stringify(steady))
  assert.deepEqual([steady.lost, steady.unanswered, steady.faults], [0, 0, 0])
})

test('a name that is no figure is refused', async () => {
  const run = promisify(execFile)(process.execPath, [join(import.meta.dirname, 'run.ts'), 'speed'])
  await assert.rejects(run, /speed: no such figure/)
})

test('a profile is shared out by what the work was, and natives count to who called them', () => {
  const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 0 })
  const profile: CpuProfile = {
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 3, 4, 6] },
      { id: 2, callFrame: frame('(idle)') },
      { id: 3, callFrame: frame('(garbage collector)') },
      { id: 4, callFrame: frame('sendMessage', 'file:///chappe/src/domain/send.ts'), children: [5, 7] },
      { id: 5, callFrame: frame('all') },
      { id: 6, callFrame: frame('writeObject', 'file:///chappe/src/tl/codec.ts') },
      { id: 7, callFrame: frame('push') },
    ],
    samples: [2, 3, 4, 5, 6, 7],
    timeDeltas: [50, 10, 10, 10, 10, 10],
  }
  const { busyShare, gc, app, sql, codec, other } = shares(profile)
  assert.deepEqual(
    { busyShare, gc, app, sql, codec, other },
    { busyShare: 0.5, gc: 0.2, app: 0.4, sql: 0.2, codec: 0.2, other: 0 },
  )
  assert.deepEqual(hottest(profile, 1), [{ function: '(garbage collector)', share: 0.2 }])
})
