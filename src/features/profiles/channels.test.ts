import assert from 'node:assert/strict'
import { type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from '../channels/test-channel.ts'

const name = (who: Person, place: TestChannel, username: string) =>
  who.call('channels.updateUsername', { channel: place.of(who), username })
const fullOf = async (viewer: Person, of: Person) => {
  const answer = await viewer.call('users.getFullUser', { id: viewer.userOf(of) })
  return { full: answer.fullUser, chats: answer.chats }
}
const boost = (server: TestServer, place: TestChannel, boosts: number) =>
  server.app.store.transact((trx) => trx.updateTable('channel').set({ boosts }).where('id', '=', place.id).execute())

test('a personal channel shows on one’s profile with its newest post, while everybody can find it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const mine = await makeChannel('channel', alice)
  const hidden = await makeChannel('channel', alice)
  const other = await makeChannel('channel', bob)
  await name(alice, mine, 'alices_channel')
  await name(bob, other, 'bobs_channel')
  await alice.say(bob, 'hello')
  await bob.updates()
  const post = await alice.say(mine.peer(alice), 'newest')
  const list = await alice.call('channels.getAdminedPublicChannels', { forPersonal: true })
  assert.deepEqual(
    list.chats.map((chat) => chat.id),
    [mine.id],
  )
  for (const one of [hidden.of(alice), other.of(alice)]) {
    await alice.fails('CHANNEL_INVALID', 'account.updatePersonalChannel', { channel: one })
  }
  await alice.call('account.updatePersonalChannel', { channel: mine.of(alice) })
  assert.deepEqual(await bob.updates(), [{ _: 'updateUser', userId: alice.id }])
  const { full, chats } = await fullOf(bob, alice)
  assert.deepEqual([full.personalChannelId, full.personalChannelMessage], [mine.id, post])
  assert.deepEqual(
    chats.map((chat) => [chat._, chat.id]),
    [['channel', mine.id]],
  )
  await name(alice, mine, '')
  assert.equal((await fullOf(bob, alice)).full.personalChannelId, undefined)
  await name(alice, mine, 'alices_channel')
  await alice.call('account.updatePersonalChannel', { channel: { _: 'inputChannelEmpty' } })
  assert.equal((await fullOf(bob, alice)).full.personalChannelId, undefined)
})

test('a bot reads the history of somebody’s personal channel', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const mine = await makeChannel('channel', alice)
  await name(alice, mine, 'alices_channel')
  await alice.call('account.updatePersonalChannel', { channel: mine.of(alice) })
  const ids: number[] = []
  for (const text of ['one', 'two', 'three']) ids.push(await alice.say(mine.peer(alice), text))
  const bot = await server.bot('reader_bot')
  const userId: tl.InputUser = { _: 'inputUser', userId: alice.id, accessHash: 0n }
  const read = async (more: Partial<{ limit: number; maxId: number; minId: number }>) => {
    const request = { userId, limit: 10, maxId: 0, minId: 0, hash: 0n, ...more }
    const answer = (await bot.call('messages.getPersonalChannelHistory', request)) as tl.messages_channelMessages
    return answer.messages.flatMap((m) => (m._ === 'message' ? [m.message] : []))
  }
  assert.deepEqual(await read({}), ['three', 'two', 'one'])
  assert.deepEqual(await read({ limit: 1 }), ['three'])
  assert.deepEqual(await read({ maxId: ids[2]! }), ['two', 'one'])
  assert.deepEqual(await read({ minId: ids[0]! }), ['three', 'two'])
  await alice.fails('USER_BOT_REQUIRED', 'messages.getPersonalChannelHistory', {
    userId,
    limit: 1,
    maxId: 0,
    minId: 0,
    hash: 0n,
  })
})

test('a channel has the colours and emojis that its level brings', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice, bob)
  const group = await makeChannel('group', alice, bob)
  const colored = { channel: channel.of(alice), color: 3 }
  await alice.fails('BOOSTS_REQUIRED', 'channels.updateColor', colored)
  await boost(server, channel, 10)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.updateColor', { channel: channel.of(bob), color: 3 })
  await alice.fails('COLOR_INVALID', 'channels.updateColor', { ...colored, color: 999 })
  await alice.fails('DOCUMENT_INVALID', 'channels.updateColor', { ...colored, backgroundEmojiId: 12345n })
  await bob.updates()
  await alice.call('channels.updateColor', colored)
  assert.deepEqual(await bob.updates(), [{ _: 'updateChannel', channelId: channel.id }])
  const seen = async (place: TestChannel) =>
    (await bob.call('channels.getChannels', { id: [place.of(bob)] })).chats[0] as tl.channel
  assert.equal(((await seen(channel)).color as tl.peerColor).color, 3)
  await alice.call('channels.updateColor', { channel: channel.of(alice) })
  assert.equal((await seen(channel)).color, undefined)
  await alice.fails('CHANNEL_INVALID', 'channels.updateColor', { channel: group.of(alice), color: 3 })
  await alice.fails('BOOSTS_REQUIRED', 'channels.updateColor', { channel: group.of(alice), color: 3, forProfile: true })
  await boost(server, group, 100)
  await alice.call('channels.updateColor', { channel: group.of(alice), color: 3, forProfile: true })
  assert.equal(((await seen(group)).profileColor as tl.peerColor).color, 3)
  const log = await alice.call('channels.getAdminLog', {
    channel: group.of(alice),
    q: '',
    maxId: 0n,
    minId: 0n,
    limit: 5,
  })
  assert.equal(log.events[0]!.action._, 'channelAdminLogEventActionChangeProfilePeerColor')
})

test('a channel’s profile opens with the tab its administrators chose', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice, bob)
  const tab: tl.ProfileTab = { _: 'profileTabMedia' }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.setMainProfileTab', { channel: channel.of(bob), tab })
  await alice.call('channels.setMainProfileTab', { channel: channel.of(alice), tab })
  assert.deepEqual(await bob.updates(), [{ _: 'updateChannel', channelId: channel.id }])
  const { fullChat } = await bob.call('channels.getFullChannel', { channel: channel.of(bob) })
  assert.deepEqual((fullChat as tl.channelFull).mainTab, tab)
})
