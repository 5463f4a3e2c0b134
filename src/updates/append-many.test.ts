import assert from 'node:assert/strict'
import { startTestServer, test } from '../../test/harness/index.ts'
import { Context } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import type { Telling } from './append-many.ts'
import type { Logged } from './facts.ts'
import { readLog } from './log.ts'

const update = (filters: boolean): tl.Update =>
  filters ? { _: 'updateDialogFilters' } : { _: 'updateRecentReactions' }

test('many facts told at once stand in each box as if they had been told one by one', async () => {
  await using server = await startTestServer()
  const people = await server.people('Alice', 'Bob', 'Carol', 'Dave', 'Erin', 'Frank')
  const [alice, bob, carol, dave, erin, frank] = people
  const { app } = server.server
  const tellings = ([one, two, three]: readonly { id: number }[]): Telling[] => [
    [three!.id, { kind: 'update', update: update(true) }],
    [one!.id, { kind: 'deleteMessages', ids: [901, 902] }],
    [two!.id, { kind: 'deleteMessages', ids: [903] }],
    [one!.id, { kind: 'update', update: update(false) }],
    [two!.id, { kind: 'update', update: update(true) }],
    [three!.id, { kind: 'editMessage', ref: 904 }],
    [two!.id, { kind: 'counted', update: { _: 'updateBotStopped', userId: 5, date: 6, stopped: true, qts: 0 } }],
    [one!.id, { kind: 'editMessage', ref: 905 }],
  ]
  const told = await new Context(app, 0).transact((tx) => tx.publishAll(tellings([alice!, bob!, carol!])))
  const single = await new Context(app, 0).transact(async (tx) => {
    const published = []
    for (const [owner, fact] of tellings([dave!, erin!, frank!])) published.push(await tx.publish(owner, fact))
    return published
  })
  const shown = ({ pos, pts, ptsCount, qts, date, fact }: Logged) => {
    return { pos, pts, ptsCount, qts, date, fact }
  }
  assert.deepEqual(told.map(shown), single.map(shown))
  const ctx = new Context(app, 0)
  for (const [many, one] of [
    [alice, dave],
    [bob, erin],
    [carol, frank],
  ] as const) {
    const [ours, theirs] = [await readLog(ctx, many!.id, 0, 100), await readLog(ctx, one!.id, 0, 100)]
    assert.deepEqual(ours.slice(-3).map(shown), theirs.slice(-3).map(shown))
    assert.deepEqual(await many!.call('updates.getState', {}), await one!.call('updates.getState', {}))
  }
  assert.deepEqual(await new Context(app, 0).transact((tx) => tx.publishAll([])), [])
  await assert.rejects(
    new Context(app, 0).transact((tx) => {
      return tx.publishAll([alice!.id, 999_999].map((owner) => [owner, { kind: 'editMessage', ref: 1 }]))
    }),
    /no box for 999999/,
  )
})
