import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type { Trx } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { history, makeGroup } from './test-group.ts'

// On PostgreSQL transactions run side by side: what two of them do to the same boxes at once must come out as if one
// had waited for the other, and none may wait for ever. SQLite runs the same calls one after the other.

const randomId = () => randomBytes(8).readBigInt64LE()
const state = (who: Person) => who.call('updates.getState', {})

async function dialogOf(who: Person, peer: tl.InputPeer): Promise<tl.dialog> {
  const answer = await who.call('messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeer', peer }] })
  return answer.dialogs[0] as tl.dialog
}

/** Everything in a dialog, the newest first. */
async function everything(who: Person, peer: tl.InputPeer): Promise<tl.message[]> {
  const all: tl.message[] = []
  for (;;) {
    const part = await history(who, peer, { offsetId: all.at(-1)?.id ?? 0 })
    if (part.length === 0) return all
    all.push(...part)
  }
}

/** What the other person wrote and `who` has not read, counted from their history. */
async function unreadIn(who: Person, peer: tl.InputPeer): Promise<number> {
  const { readInboxMaxId } = await dialogOf(who, peer)
  return (await everything(who, peer)).filter((m) => !m.out && m.id > readInboxMaxId).length
}

/** Whatever was said is in the dialog once, by ascending ids, and the counters say how much of it is unread. */
async function assertExact(who: Person, peer: tl.InputPeer, said: readonly string[]): Promise<void> {
  const all = (await everything(who, peer)).filter((m) => m._ === 'message')
  assert.deepEqual(all.map((m) => m.message).sort(), [...said].sort())
  assert.equal(new Set(all.map((m) => m.id)).size, all.length)
  const dialog = await dialogOf(who, peer)
  assert.equal(dialog.topMessage, Math.max(...all.map((m) => m.id)))
  assert.equal(dialog.unreadCount, await unreadIn(who, peer))
}

test('people who write to each other at once do not wait for each other for ever', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const before = [await state(alice), await state(bob)]
  const said = Array.from({ length: 50 }, (_, i) => `${i}`)
  await Promise.all(
    said.map((text, i) => (i % 2 === 0 ? alice.say(alice.peerOf(bob), text) : bob.say(bob.peerOf(alice), text))),
  )
  for (const who of [alice, bob]) {
    const told = (await who.updates()).filter((u) => u._ === 'updateShortMessage' || u._ === 'updateNewMessage')
    assert.ok(
      told.every((u) => !(u.out ?? u.message.out)),
      'what a session sent itself it has in its answers',
    )
    assert.equal(told.length, 25)
  }
  await assertExact(alice, alice.peerOf(bob), said)
  await assertExact(bob, bob.peerOf(alice), said)
  assert.equal((await dialogOf(alice, alice.peerOf(bob))).unreadCount, 25)
  assert.equal((await dialogOf(bob, bob.peerOf(alice))).unreadCount, 25)
  for (const [i, who] of [alice, bob].entries()) {
    const now = await state(who)
    assert.equal(now.pts - before[i]!.pts, 50, 'every message counts once')
  }
})

test('what a session wrote is not pushed to it, however late it hears that it is written', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const store = server.app.store as { transact: typeof server.app.store.transact }
  const transact: typeof store.transact = server.app.store.transact
  let late = true
  store.transact = async <T>(fn: (trx: Trx) => Promise<T>): Promise<T> => {
    const wait = late
    const value = await Reflect.apply(transact, store, [fn])
    if (wait) await sleep(50)
    return value
  }
  const mine = alice.say(bob, 'mine')
  // It is in the database, and another's message makes the session read there.
  while ((await history(bob, bob.peerOf(alice))).length === 0) await sleep(1)
  late = false
  await bob.say(alice, 'yours')
  await mine
  assert.deepEqual(await alice.texts(), ['yours'])
})

test('a group in which everybody speaks at once', async () => {
  await using server = await startTestServer()
  const people = await server.people('Ada', 'Ben', 'Cleo', 'Dan', 'Eve')
  const [ada, ...others] = people
  const group = await makeGroup(ada!, ...others)
  const before = await Promise.all(people.map(state))
  const said = Array.from({ length: 50 }, (_, i) => `${i}`)
  await Promise.all(said.map((text, i) => people[i % 5]!.say(group.peer, text)))
  for (const [i, who] of people.entries()) {
    await assertExact(who, group.peer, said)
    assert.equal((await state(who)).pts - before[i]!.pts, 50)
    // What made the group is unread for all but who made it.
    assert.equal((await dialogOf(who, group.peer)).unreadCount, 40 + (who === ada ? 0 : 1))
  }
})

test('one message sent many times at once is sent once', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const once = { peer: alice.peerOf(bob), message: 'once', randomId: randomId() }
  const answers = await Promise.all(Array.from({ length: 12 }, () => alice.call('messages.sendMessage', once)))
  assert.equal(new Set(answers.map((a) => (a as tl.updateShortSentMessage).id)).size, 1)
  assert.deepEqual(await bob.texts(), ['once'])
  await assertExact(bob, bob.peerOf(alice), ['once'])
})

test('writing, reading, editing and deleting at once leave exact counters', async () => {
  await using server = await startTestServer()
  const [alice, bob, cleo] = await server.people('Alice', 'Bob', 'Cleo')
  const group = await makeGroup(alice, bob, cleo)
  const places: [Person, tl.InputPeer][] = [
    [alice, alice.peerOf(bob)],
    [bob, bob.peerOf(alice)],
    [alice, group.peer],
    [bob, group.peer],
    [cleo, group.peer],
  ]
  const work: Promise<unknown>[] = []
  for (let i = 0; i < 60; i++) {
    const [who, peer] = places[i % places.length]!
    work.push(
      who.say(peer, `${i}`).then(async (id) => {
        if (i % 4 === 0) await who.call('messages.deleteMessages', { id: [id], revoke: true })
        if (i % 4 === 1) await who.call('messages.editMessage', { peer, id, message: `${i} edited` })
      }),
    )
    if (i % 3 === 0) {
      const [reader, at] = places[(i * 7) % places.length]!
      work.push(reader.call('messages.readHistory', { peer: at, maxId: 0 }))
    }
    if (i % 10 === 5) work.push(who.call('messages.saveDraft', { peer, message: `draft ${i}` }))
    if (i % 10 === 6) {
      const sent = { peer, message: `clears ${i}`, clearDraft: true, randomId: randomId() }
      work.push(who.call('messages.sendMessage', sent))
    }
  }
  await Promise.all(work)
  const said = Array.from({ length: 60 }, (_, i) => (i % 4 === 0 ? '' : i % 4 === 1 ? `${i} edited` : `${i}`))
  for (const [who, peer] of places) {
    const here = (i: number) => (peer === group.peer ? i % 5 > 1 : i % 5 < 2)
    const clears = said.map((_, i) => (i % 10 === 6 ? `clears ${i}` : ''))
    await assertExact(
      who,
      peer,
      [...said.filter((_, i) => here(i)), ...clears.filter((_, i) => here(i))].filter((text) => text !== ''),
    )
  }
})
