import assert from 'node:assert/strict'
import { startTestServer, test } from '../../test/harness/index.ts'
import type * as tl from '../tl/gen/types.ts'

const start = async (person: { call: any }) => {
  const { pts, qts, date } = (await person.call('updates.getState', {})) as tl.updates_state
  return { pts, qts, date }
}

test('getDifference gives what was missed, in slices that add up', async () => {
  await using server = await startTestServer({ settings: { limits: { differenceRows: 10 } } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  let from = await start(bob)
  assert.equal((await bob.call('updates.getDifference', from))._, 'updates.differenceEmpty')
  for (let i = 0; i < 25; i++) await alice.say(bob, `number ${i}`)
  const texts: string[] = []
  let slices = 0
  for (;;) {
    const part = await bob.call('updates.getDifference', from)
    assert.ok(part._ === 'updates.difference' || part._ === 'updates.differenceSlice', part._)
    assert.ok(part.newMessages.length <= 10)
    texts.push(...part.newMessages.map((m) => (m as tl.message).message))
    slices++
    const state = part._ === 'updates.difference' ? part.state : part.intermediateState
    from = { pts: state.pts, qts: state.qts, date: state.date }
    if (part._ === 'updates.difference') break
  }
  assert.deepEqual(
    texts,
    Array.from({ length: 25 }, (_, i) => `number ${i}`),
  )
  assert.equal(slices, 3)
  assert.deepEqual(await start(bob), { ...from, date: (await start(bob)).date })
})

test('a client that lacks too much is told to start afresh', async () => {
  await using server = await startTestServer({ settings: { limits: { differenceTooLong: 100 } } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const from = await start(bob)
  for (let i = 0; i < 5; i++) await alice.say(bob, `number ${i}`)
  const answer = await bob.call('updates.getDifference', { ...from, ptsTotalLimit: 3 })
  assert.deepEqual(answer, { _: 'updates.differenceTooLong', pts: from.pts + 5 })
  await bob.fails('PERSISTENT_TIMESTAMP_INVALID', 'updates.getDifference', { ...from, pts: -1 })
})

test('updates without pts are found again by their date, and others are not repeated', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const phone = await alice.device()
  const before = await start(phone)
  await server.clock.advance(10)
  await alice.call('contacts.block', { id: alice.peerOf(bob) })
  const part = (await phone.call('updates.getDifference', before)) as tl.updates_difference
  assert.deepEqual(
    part.otherUpdates.map((u) => u._).filter((n) => n === 'updatePeerBlocked'),
    ['updatePeerBlocked'],
  )
  await server.clock.advance(10)
  await carol.say(alice, 'hello')
  const { pts, qts, date } = part.state
  const next = (await phone.call('updates.getDifference', { pts, qts, date: date + 5 })) as tl.updates_difference
  assert.equal(next.otherUpdates.filter((u) => u._ === 'updatePeerBlocked').length, 0)
})

test('a message that was deleted meanwhile is missing from neither pts nor the picture', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const from = await start(bob)
  const id = await alice.say(bob, 'never mind')
  await alice.say(bob, 'but this')
  await alice.call('messages.deleteMessages', { id: [id], revoke: true })
  const part = (await bob.call('updates.getDifference', from)) as tl.updates_difference
  assert.deepEqual(
    part.newMessages.map((m) => (m as tl.message).message),
    ['but this'],
  )
  assert.equal(part.state.pts, from.pts + 3)
})

test('a session that was away is pushed what it missed, or told that it is too much', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  bob.device1.disconnect()
  await alice.say(bob, 'while you were away')
  assert.deepEqual(await bob.texts(), [])
  bob.device1.reconnect()
  assert.deepEqual(await bob.texts(), ['while you were away'])
})

test('the calling session has its own answer, the account’s other devices are pushed it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  await alice.say(bob, 'from the first device')
  assert.deepEqual(await alice.texts(), [])
  assert.deepEqual(await phone.texts(), ['from the first device'])
})

test('what two devices write at once is pushed to both, once each', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  const say = (device: { call: any }, message: string, randomId: bigint) =>
    device.call('messages.sendMessage', { peer: alice.peerOf(bob), message, randomId })
  await Promise.all(Array.from({ length: 20 }, (_, i) => say(i % 2 ? phone : alice.device1, `m${i}`, BigInt(i + 1))))
  const even = Array.from({ length: 10 }, (_, i) => `m${i * 2}`)
  const odd = Array.from({ length: 10 }, (_, i) => `m${i * 2 + 1}`)
  assert.deepEqual((await phone.texts()).sort(), even.sort())
  assert.deepEqual((await alice.texts()).sort(), odd.sort())
  assert.equal(new Set(await bob.texts()).size, 20)
})

test('old facts are cut off, and who lacks them is told to start afresh', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const from = await start(bob)
  for (let i = 0; i < 5; i++) await alice.say(bob, `old ${i}`)
  await server.clock.advance(100 * 86_400)
  await alice.say(bob, 'new')
  const late = await bob.call('updates.getDifference', from)
  assert.deepEqual(late, { _: 'updates.differenceTooLong', pts: from.pts + 6 })
  const near = await bob.call('updates.getDifference', { ...from, pts: from.pts + 5 })
  assert.deepEqual(
    (near as tl.updates_difference).newMessages.map((m) => (m as tl.message).message),
    ['new'],
  )
  for (const device of server.devices) device.start = undefined
})

test('a client may stand anywhere', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const first = await start(bob)
  const stood: { pts: number; qts: number; date: number }[] = []
  for (let i = 0; i < 12; i++) {
    stood.push(await start(bob))
    if (i % 4 === 1) await alice.call('contacts.block', { id: alice.peerOf(bob) })
    if (i % 4 === 3) await alice.call('contacts.unblock', { id: alice.peerOf(bob) })
    if (i % 4 === 2) {
      const ids = [await bob.say(alice, 'a'), await bob.say(alice, 'b')]
      await bob.call('messages.deleteMessages', { id: ids })
    }
    await bob.call('account.updateStatus', { offline: i % 2 === 0 })
    await bob.say(alice, `number ${i}`)
  }
  const end = await start(bob)
  const from = async (state: typeof first) => {
    const part = await bob.call('updates.getDifference', state)
    return part._ === 'updates.difference' ? part.newMessages.length : -1
  }
  for (const [i, state] of stood.entries()) assert.equal(await from({ ...state, date: end.date + 1 }), 12 - i)
  assert.equal((await bob.call('updates.getDifference', { ...end, date: end.date + 1 }))._, 'updates.differenceEmpty')
})
