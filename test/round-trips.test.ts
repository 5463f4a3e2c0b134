// What an operation costs on PostgreSQL, in round trips and in statements. The bounds may be lowered, never raised: each
// round trip is a wake of both sides. docs/bench.md has what they come to in time.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test as nodeTest } from 'node:test'
import { defaultDialect } from '../src/storage/test-store.ts'
import { test as harnessTest, startTestServer } from './harness/index.ts'
import { statementsDuring } from './harness/statements.ts'

const here = defaultDialect === 'postgres'
const test: typeof harnessTest = here ? harnessTest : (name) => void nodeTest.skip(name, () => {})

/** Round trips and statements at most, until the answer is there. */
const MOST: Record<string, [trips: number, statements: number]> = {
  'a private message': [3, 17],
  'a message to a basic group': [4, 25],
  'a post in a supergroup': [6, 19],
  'a history': [5, 10],
  'a history of a supergroup': [5, 17],
  'a part of a file': [3, 8],
  'a difference': [10, 40],
  'a history that was read': [7, 15],
}

test('an operation takes no more round trips and statements than it did', async () => {
  await using server = await startTestServer({ nodes: 1 })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const users = [alice.userOf(bob), alice.userOf(carol)]
  const made: any = await alice.call('messages.createChat', { title: 'Chat', users })
  const toChat = { _: 'inputPeerChat' as const, chatId: made.updates.chats[0].id }
  const opened: any = await alice.call('channels.createChannel', { title: 'Group', about: '', megagroup: true })
  const { id: channelId, accessHash } = opened.chats[0]
  const channel = { _: 'inputChannel' as const, channelId, accessHash }
  await alice.call('channels.inviteToChannel', { channel, users })
  const toChannel = { _: 'inputPeerChannel' as const, channelId, accessHash }
  const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0, hash: 0n }
  const fileId = randomBytes(8).readBigInt64LE()
  const { pts, qts, date } = await bob.call('updates.getState', {})
  let part = 0
  const acts: Record<string, () => Promise<unknown>> = {
    'a private message': () => alice.say(bob, 'hello'),
    'a message to a basic group': () => alice.say(toChat, 'hello'),
    'a post in a supergroup': () => alice.say(toChannel, 'hello'),
    'a history': () => bob.call('messages.getHistory', { peer: bob.peerOf(alice), ...page }),
    'a history of a supergroup': () => alice.call('messages.getHistory', { peer: toChannel, ...page }),
    'a part of a file': () => {
      return alice.call('upload.saveFilePart', { fileId, filePart: part++, bytes: new Uint8Array(1024) })
    },
    'a difference': () => bob.call('updates.getDifference', { pts, qts, date }),
    'a history that was read': () => bob.call('messages.readHistory', { peer: bob.peerOf(alice), maxId: 0 }),
  }
  assert.deepEqual(Object.keys(acts), Object.keys(MOST))
  for (const [what, act] of Object.entries(acts)) {
    const [mostTrips, most] = MOST[what]!
    let told: string | undefined
    // The first times more is read: code is loaded, uses are counted. And now and then the server has work of its own.
    for (let tries = 0; tries < 6; tries++) {
      if (what === 'a history that was read') await alice.say(bob, 'unread')
      await server.quiet()
      const statements = await statementsDuring(act)
      await server.quiet()
      assert.ok(statements.length > 0)
      const trips = new Set(statements.map((one) => one.trip)).size
      const list = statements.map(({ trip, text }) => `${trip} ${text}`).join('\n')
      told = `${what}: ${trips} round trips, ${statements.length} statements:\n${list}`
      if (trips > mostTrips || statements.length > most) continue
      told = undefined
      break
    }
    assert.equal(told, undefined)
  }
})
