import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'

const ALL = { filter: { _: 'inputMessagesFilterEmpty' }, maxId: 0, minId: 0, hash: 0n } as const

test('words are found page by page in both directions, by dates, and by who said them', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = (await alice.call('channels.createChannel', { title: 'Talk', about: '', megagroup: true })) as any
  const { id: channelId, accessHash } = made.chats[0]
  const channel = { _: 'inputChannel' as const, channelId, accessHash }
  const peer = { _: 'inputPeerChannel' as const, channelId, accessHash }
  await alice.call('channels.inviteToChannel', { channel, users: [alice.userOf(bob)] })
  const theirs = (await bob.call('messages.getDialogs', {
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: { _: 'inputPeerEmpty' },
    limit: 10,
    hash: 0n,
  })) as any
  const bobs = { ...peer, accessHash: theirs.chats[0].accessHash }
  const start = server.clock.now() / 1000
  for (let i = 0; i < 30; i++) {
    const who = i % 3 === 0 ? bob : alice
    const to = i % 3 === 0 ? bobs : peer
    await who.call('messages.sendMessage', {
      peer: to,
      message: i % 2 === 0 ? `apple ${i}` : `pear ${i}`,
      randomId: BigInt(i + 1),
    })
    await server.clock.advance(100)
  }
  const find = async (more: object) => {
    const found = (await alice.call('messages.search', {
      peer,
      q: 'apple',
      minDate: 0,
      maxDate: 0,
      offsetId: 0,
      addOffset: 0,
      limit: 100,
      ...ALL,
      ...more,
    })) as any
    return {
      texts: found.messages.map((m: any) => Number(m.message.split(' ')[1])),
      ids: found.messages.map((m: any) => m.id),
      count: found.count,
    }
  }
  const evens = Array.from({ length: 15 }, (_, i) => 28 - i * 2)
  const all = await find({})
  assert.deepEqual(all.texts, evens)
  assert.equal(all.count, 15)
  assert.deepEqual((await find({ limit: 4 })).texts, evens.slice(0, 4))
  assert.deepEqual((await find({ offsetId: all.ids[3], limit: 4 })).texts, evens.slice(4, 8))
  assert.deepEqual((await find({ offsetId: all.ids[3], limit: 4, addOffset: 2 })).texts, evens.slice(6, 10))
  assert.deepEqual((await find({ offsetId: all.ids[5], limit: 4, addOffset: -2 })).texts, evens.slice(4, 8))
  // What was said at 1000 s and before 2000 s: the tenth to the nineteenth.
  const dated = await find({ minDate: start + 999, maxDate: start + 2000 })
  assert.deepEqual(dated.texts, [18, 16, 14, 12, 10])
  assert.equal(dated.count, 5)
  const from = await find({ fromId: alice.peerOf(bob) })
  assert.deepEqual(from.texts, [24, 18, 12, 6, 0])
  assert.equal(from.count, 5)
  const byBob = await find({ q: '', fromId: alice.peerOf(bob), limit: 3 })
  assert.deepEqual(byBob.texts, [27, 24, 21])
})
