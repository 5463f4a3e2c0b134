import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf } from '../channels/test-channel.ts'
import { answerIn, makeDirect } from '../saved/test-monoforum.ts'

// What PostgreSQL does side by side comes out as if one had waited for the other; see the messages' folder.

const randomId = () => randomBytes(8).readBigInt64LE()

test('many write to a channel at once while it answers: every topic is whole', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const { direct } = await makeDirect(alice)
  const writers = [bob, carol, dave]
  await bob.say(direct.peer(bob), 'first')
  await Promise.all([
    ...writers.flatMap((who) => Array.from({ length: 10 }, (_, i) => who.say(direct.peer(who), `${i}`))),
    ...Array.from({ length: 10 }, (_, i) => answerIn(alice, direct, bob, `answer ${i}`)),
  ])
  const answer = await alice.call('messages.getSavedDialogs', {
    parentPeer: direct.peer(alice),
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: { _: 'inputPeerEmpty' },
    limit: 10,
    hash: 0n,
  })
  assert.ok(answer._ === 'messages.savedDialogs')
  const topics = answer.dialogs as tl.monoForumDialog[]
  assert.deepEqual(topics.map((t) => t.unreadCount).sort(), [10, 10, 11])
  for (const who of writers) {
    const own = await historyOf(who, direct)
    assert.equal(own.length, who === bob ? 21 : 10)
    const topic = topics.find((t) => t.peer._ === 'peerUser' && t.peer.userId === who.id)!
    assert.equal(topic.topMessage, own[0]!.id)
  }
})

test('two administrators decide on one suggestion at once: one of them does', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { channel, direct } = await makeDirect(alice, carol)
  await alice.call('channels.editAdmin', {
    channel: channel.of(alice),
    userId: alice.userOf(carol),
    adminRights: { _: 'chatAdminRights', manageDirectMessages: true, postMessages: true },
  })
  for (let round = 0; round < 3; round++) {
    const sent = await bob.call('messages.sendMessage', {
      peer: direct.peer(bob),
      message: `post ${round}`,
      randomId: randomId(),
      suggestedPost: { _: 'suggestedPost' },
    })
    const { id: msgId } = unpack(sent).find((u) => u._ === 'updateMessageID')
    const decided = await Promise.allSettled(
      [alice, carol, alice, carol].map((who, i) =>
        who.call('messages.toggleSuggestedPostApproval', {
          peer: direct.peer(who),
          msgId,
          reject: i === 3 ? true : undefined,
        }),
      ),
    )
    assert.equal(decided.filter((d) => d.status === 'fulfilled').length, 1)
  }
  const posts = (await historyOf(alice, channel)).filter((m) => m._ === 'message')
  const approvals = (await historyOf(bob, direct)).flatMap((m) => (m._ === 'message' ? [m.suggestedPost!] : []))
  assert.equal(posts.length, approvals.filter((post) => post.accepted).length)
  assert.equal(approvals.length, 3)
})

test('administrators schedule posts at once, and searches at once are counted', async () => {
  await using server = await startTestServer({ settings: { limits: { postSearches: 2 } } })
  const [alice, carol] = await server.people('Alice', 'Carol')
  const { channel } = await makeDirect(alice, carol)
  await alice.call('channels.editAdmin', {
    channel: channel.of(alice),
    userId: alice.userOf(carol),
    adminRights: { _: 'chatAdminRights', postMessages: true },
  })
  const scheduleDate = Math.floor(server.clock.now() / 1000) + 600
  await Promise.all(
    [alice, carol].flatMap((who) =>
      Array.from({ length: 10 }, (_, i) =>
        who.call('messages.sendMessage', {
          peer: channel.peer(who),
          message: `${who.firstName} ${i}`,
          randomId: randomId(),
          scheduleDate,
        }),
      ),
    ),
  )
  const queue = await carol.call('messages.getScheduledHistory', { peer: channel.peer(carol), hash: 0n })
  assert.ok('messages' in queue)
  assert.equal(new Set(queue.messages.map((m) => m.id)).size, 20)
  await server.clock.advance(601)
  const posts = (await historyOf(carol, channel)).flatMap((m) => (m._ === 'message' ? [m.message] : []))
  assert.equal(new Set(posts).size, 20)
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ premium: 1 }).where('id', '=', carol.id).execute(),
  )
  const searches = await Promise.allSettled(
    ['alice', 'carol', 'one', 'two', 'three'].map((query) =>
      carol.call('channels.searchPosts', {
        query,
        offsetRate: 0,
        offsetPeer: { _: 'inputPeerEmpty' },
        offsetId: 0,
        limit: 10,
      }),
    ),
  )
  assert.equal(searches.filter((s) => s.status === 'fulfilled').length, 2)
})
