import assert from 'node:assert/strict'
import { CallError, type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeForum, openTopic, randomId, sayIn, type TestForum, topicsOf } from './test-forum.ts'

/** What may be refused where somebody else was faster. */
const LATE = new Set(['TOPIC_DELETED', 'TOPIC_CLOSED', 'TOPIC_ID_INVALID', 'TOPIC_NOT_MODIFIED', 'MESSAGE_ID_INVALID'])

async function unlessLate(call: Promise<unknown>): Promise<void> {
  await call.catch((error) => {
    if (!(error instanceof CallError) || !LATE.has(error.type)) throw error
  })
}

/** That the counters of a forum are what its messages say, for each of its people. */
async function check(forum: TestForum, people: readonly Person[]): Promise<void> {
  const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
  for (const who of people) {
    const peer = forum.peer(who)
    const topics = await topicsOf(who, peer)
    const list = await who.call('messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeer', peer }] })
    const unread = topics.reduce((sum, topic) => sum + topic.unreadCount, 0)
    assert.equal((list.dialogs[0] as tl.dialog).unreadCount, unread, `unread by ${who.firstName}`)
    for (const topic of topics) {
      const answer = await who.call('messages.getReplies', { peer, msgId: topic.id, ...page })
      const { count, messages } = answer as tl.messages_channelMessages
      assert.equal(count, messages.length, `count of ${topic.title}`)
      assert.equal(topic.topMessage, messages[0]?.id ?? topic.id, `top of ${topic.title}`)
      const fresh = messages.filter((m) => m.id > topic.readInboxMaxId && !(m as tl.message).out)
      const begun = topic.id > 1 && topic.id > topic.readInboxMaxId && !topic.my ? 1 : 0
      assert.equal(topic.unreadCount, fresh.length + begun, `unread of ${topic.title} by ${who.firstName}`)
    }
  }
}

test('people who open, write, read and delete at once leave counters that are right', async () => {
  await using server = await startTestServer()
  const people = await server.people('Alice', 'Bob', 'Carol')
  const [alice, bob, carol] = people as [Person, Person, Person]
  const forum = await makeForum(alice, bob, carol)
  const topics = [1]
  for (const title of ['A', 'B', 'C']) topics.push(await openTopic(alice, forum, title))
  const said = new Map<number, number[]>(topics.map((id) => [id, []]))
  for (let round = 0; round < 6; round++) {
    const calls: Promise<unknown>[] = []
    for (const [n, who] of people.entries()) {
      for (const topic of topics) {
        const own = said.get(topic)!
        const last = own.at(-1 - n)
        const text = `${round} ${n}`
        calls.push(unlessLate(sayIn(who, forum, topic, text, last ?? topic).then((id) => own.push(id))))
        const read = { peer: forum.peer(who), msgId: topic, readMaxId: own.at(-1) ?? 1 }
        if ((round + n) % 2 === 0) calls.push(unlessLate(who.call('messages.readDiscussion', read)))
      }
    }
    const gone = said.get(topics[1]!)!.splice(0, 2)
    if (gone.length > 0) calls.push(alice.call('channels.deleteMessages', { channel: forum.of(alice), id: gone }))
    const closed = round % 2 === 0
    const edit = { peer: forum.peer(alice), topicId: topics[2]!, closed }
    calls.push(unlessLate(alice.call('messages.editForumTopic', edit)))
    const title = { peer: forum.peer(bob), title: `T${round}`, randomId: randomId() }
    calls.push(bob.call('messages.createForumTopic', title))
    if (round === 4) {
      const del = { peer: forum.peer(alice), topMsgId: topics[3]! }
      calls.push(alice.call('messages.deleteTopicHistory', del))
    }
    await Promise.all(calls)
  }
  const left = await alice.call('messages.deleteTopicHistory', { peer: forum.peer(alice), topMsgId: topics[3]! })
  assert.deepEqual([left.ptsCount, left.offset], [0, 0])
  await check(forum, people)
})
