import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hub, type Subscriber } from './hub.ts'
import type { Published } from './log.ts'

const OWNER = 1

const entry = (pos: number): Published =>
  ({
    owner: OWNER,
    pos,
    pts: pos,
    ptsCount: 1,
    qts: 0,
    date: 0,
    fact: { kind: 'newMessage', ref: pos },
    by: undefined,
  }) as never

function subscriber(): Subscriber {
  return {
    account: OWNER,
    idle: true,
    wake() {},
    own() {},
    signal() {},
    follow() {},
    unfollow() {},
    close() {},
    at: () => undefined,
    ready: () => undefined,
    take() {},
    bot: false,
    layer: 0,
    boxes: [],
  }
}

const positions = (hub: Hub, after: number) => hub.tail(OWNER, after)?.map((fact) => fact.pos)

test('the tail in memory has no gaps: what has one is read from the database', () => {
  const hub = new Hub()
  hub.subscribe(OWNER, subscriber())
  hub.committed([entry(3), entry(4)])
  assert.deepEqual(positions(hub, 2), [3, 4])
  assert.equal(positions(hub, 1), undefined)
  hub.committed([entry(6)])
  assert.equal(positions(hub, 4), undefined)
  assert.deepEqual(positions(hub, 5), [6])
})

test('a commit that is told of late leaves nobody believing that they have read everything', () => {
  const hub = new Hub()
  hub.subscribe(OWNER, subscriber())
  hub.committed([entry(1)])
  hub.committed([entry(4)])
  hub.committed([entry(2), entry(3)])
  for (const after of [1, 2, 3]) assert.equal(positions(hub, after), undefined, `after ${after}`)
  hub.committed([entry(5)])
  assert.equal(positions(hub, 3), undefined)
  assert.deepEqual(positions(hub, 4), [5])
})

test('what another node appended is never missing from the tail in memory', () => {
  const hub = new Hub()
  hub.subscribe(OWNER, subscriber())
  hub.committed([entry(1)])
  hub.wake(OWNER, 3)
  assert.equal(positions(hub, 1), undefined)
  // A commit of this node's own from before is told of late.
  hub.committed([entry(2)])
  assert.equal(positions(hub, 1), undefined)
  hub.committed([entry(4)])
  assert.deepEqual(positions(hub, 3), [4])
})
