import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Costs, kinds, POPULATION, plan } from './model.ts'
import { type Setting, simulate } from './simulate.ts'

const costs = JSON.parse(readFileSync(join(import.meta.dirname, 'costs.json'), 'utf8')) as Costs
const setting: Setting = { users: 100_000, nodes: 2, cores: 1, shards: 1, seconds: 20, fail: 0 }

test('the plan is the sum of its kinds, and grows with the people', () => {
  const one = plan({ ...POPULATION, users: 1_000_000 }, costs)
  const ten = plan({ ...POPULATION, users: 10_000_000 }, costs)
  assert.ok(Math.abs(ten.nodeCores / one.nodeCores - 10) < 1e-9)
  const ms = kinds(POPULATION, costs).reduce((sum, kind) => sum + kind.perSecond * kind.nodeMs, 0)
  assert.ok(Math.abs(plan(POPULATION, costs).nodeCores - (ms * POPULATION.peak) / 1000) < 1e-9)
})

test('the simulation is as busy as the plan says, and its answers take longer where machines are too few', () => {
  const { nodeCores } = plan({ ...POPULATION, users: setting.users }, costs)
  const enough = simulate(setting, costs)
  assert.ok(Math.abs(enough.nodeBusy - nodeCores / (setting.nodes * setting.cores)) < 0.05, `${enough.nodeBusy}`)
  const few = simulate({ ...setting, users: 1_000_000, nodes: 1 }, costs)
  assert.ok(few.p99Ms > 10 * enough.p99Ms)
})

test('when a node fails its clients come back to the others, which then have more to do', () => {
  const whole = simulate({ ...setting, nodes: 3 }, costs)
  const failed = simulate({ ...setting, nodes: 3, fail: 1 }, costs)
  assert.ok(failed.requests > whole.requests)
  assert.ok(failed.p99AfterFailureMs > whole.p99Ms)
})
