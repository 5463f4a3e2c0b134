import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from './metrics.ts'

const known = new Set(['help.getConfig', 'messages.sendMessage'])
const make = () => createMetrics((name) => known.has(name))

async function samples(metrics: ReturnType<typeof make>): Promise<Map<string, number>> {
  const out = new Map<string, number>()
  for (const line of (await metrics.text()).split('\n')) {
    const match = /^([^#]\S*(?:\{.*\})?) (\S+)$/.exec(line)
    if (match) out.set(match[1]!, Number(match[2]))
  }
  return out
}

test('requests are counted by method and error', async () => {
  const metrics = make()
  metrics.request('help.getConfig', undefined, 1)
  metrics.request('help.getConfig', undefined, 3)
  metrics.request('messages.sendMessage', 'FLOOD_WAIT_30', 100)
  metrics.request('messages.sendMessage', 'FLOOD_WAIT_31', 100)
  const found = await samples(metrics)
  assert.equal(found.get('chappe_requests_total{method="help.getConfig",error=""}'), 2)
  assert.equal(found.get('chappe_requests_total{method="messages.sendMessage",error="FLOOD_WAIT_X"}'), 2)
  assert.equal(found.get('chappe_request_seconds_count{method="help.getConfig"}'), 2)
  assert.equal(found.get('chappe_request_seconds_bucket{le="0.001",method="help.getConfig"}'), 1)
})

test('what clients make up does not become a label', async () => {
  const metrics = make()
  for (let i = 0; i < 2000; i++) metrics.request(`made.up${i}`, `ODD_${'A'.repeat(i % 70)}${i}Z`, 1)
  metrics.request('help.getConfig', 'a "quoted" thing', 1)
  const found = [...(await samples(metrics)).keys()].filter((name) => name.startsWith('chappe_requests_total'))
  assert.ok(found.length <= 502, `${found.length} series`)
  assert.ok(found.every((name) => /method="(unknown|help\.getConfig)"/.test(name)))
  assert.ok(found.includes('chappe_requests_total{method="help.getConfig",error="OTHER"}'))
})

test('connections, bytes, handshakes, commits, wakes and queues', async () => {
  const metrics = make()
  metrics.connection('tcp', 1)
  metrics.connection('tcp', 1)
  metrics.connection('tcp', -1)
  metrics.bytes('in', 'tcp', 100)
  metrics.handshake('done')
  metrics.commit(8, 2)
  metrics.wakes(() => 3)
  let length = 5
  metrics.queue('writes', () => length)
  metrics.queue('writes', () => 1)
  let found = await samples(metrics)
  assert.equal(found.get('chappe_connections{transport="tcp"}'), 1)
  assert.equal(found.get('chappe_bytes_total{direction="in",transport="tcp"}'), 100)
  assert.equal(found.get('chappe_handshakes_total{outcome="done"}'), 1)
  assert.equal(found.get('chappe_commit_transactions_sum'), 8)
  assert.equal(found.get('chappe_wakes_total'), 3)
  assert.equal(found.get('chappe_queue_length{queue="writes"}'), 6)
  assert.ok(found.get('process_resident_memory_bytes')! > 1e7)
  length = 0
  found = await samples(metrics)
  assert.equal(found.get('chappe_queue_length{queue="writes"}'), 1)
})

test('two servers in one process count apart', async () => {
  const [one, two] = [make(), make()]
  one.wakes(() => 1)
  assert.equal((await samples(two)).get('chappe_wakes_total'), 0)
})
