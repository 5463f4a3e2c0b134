import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from './test-channel.ts'

const eventsOf = async (
  who: Person,
  channel: TestChannel,
  kind: Exclude<keyof tl.channelAdminLogEventsFilter, '_'>,
) => {
  const eventsFilter: tl.channelAdminLogEventsFilter = { _: 'channelAdminLogEventsFilter', [kind]: true }
  const page = { q: '', maxId: 0n, minId: 0n, limit: 50, eventsFilter }
  return (await who.call('channels.getAdminLog', { channel: channel.of(who), ...page })).events
}

const posting: tl.chatAdminRights = { _: 'chatAdminRights', postMessages: true, editMessages: true }

test('who posted in a channel is told to its administrators for two days', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice, bob)
  const group = await makeChannel('group', alice)
  await alice.call('channels.editAdmin', {
    ...{ channel: channel.of(alice), userId: alice.userOf(bob), adminRights: posting, rank: '' },
  })
  const id = await bob.say(channel.peer(bob), 'news')
  await alice.say(group.peer(alice), 'talk')
  const [posted, ...more] = await eventsOf(alice, channel, 'send')
  const { message } = posted!.action as tl.channelAdminLogEventActionSendMessage
  assert.deepEqual(
    [posted!.userId, posted!.action._, message.id, (message as tl.message).message, more.length],
    [bob.id, 'channelAdminLogEventActionSendMessage', id, 'news', 0],
  )
  assert.deepEqual(await eventsOf(alice, group, 'send'), [])
  await server.clock.advance(48 * 3600 + 1)
  await bob.say(channel.peer(bob), 'more')
  assert.equal((await eventsOf(alice, channel, 'send')).length, 1)
  const { db } = server.app.store
  const kept = await db.selectFrom('channel_event').select('id').where('kind', '=', 'send').execute()
  assert.equal(kept.length, 1)
})

test('a poll of a channel is closed by whoever edits its posts, which is noted', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const channel = await makeChannel('channel', alice, bob, carol)
  const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] })
  const poll = (closed?: true): tl.InputMedia => ({
    _: 'inputMediaPoll',
    poll: {
      ...{ _: 'poll', id: 0n, closed, question: words('Tea?'), hash: 0n },
      answers: ['yes', 'no'].map((text, i) => ({
        ...{ _: 'pollAnswer', text: words(text), option: new Uint8Array([i]) },
      })),
    } as tl.poll,
  })
  await alice.call('messages.sendMedia', { peer: channel.peer(alice), media: poll(), message: '', randomId: 3n })
  const [said] = await carol.updatesOf('updateNewChannelMessage')
  const id = said!.message.id
  const close = { id, media: poll(true) }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.editMessage', { peer: channel.peer(bob), ...close })
  await alice.call('channels.editAdmin', {
    ...{ channel: channel.of(alice), userId: alice.userOf(bob), adminRights: posting, rank: '' },
  })
  await carol.updates()
  await bob.call('messages.editMessage', { peer: channel.peer(bob), ...close })
  assert.equal((await carol.updatesOf('updateMessagePoll'))[0]!.poll!.closed, true)
  const [stopped] = await eventsOf(alice, channel, 'edit')
  const action = stopped!.action as tl.channelAdminLogEventActionStopPoll
  assert.deepEqual([stopped!.userId, action._, action.message.id], [bob.id, 'channelAdminLogEventActionStopPoll', id])
})
