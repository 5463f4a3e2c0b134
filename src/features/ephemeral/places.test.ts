import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from '../channels/test-channel.ts'

const rid = () => randomBytes(8).readBigInt64LE()

/** A group of three with a bot. */
async function groupWithBot(server: TestServer) {
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('helper_bot')
  const group = await makeChannel('group', alice, bob)
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(bot)] })
  for (const one of [alice, bob, bot]) await one.updates()
  return { alice, bob, bot, group }
}

/** What somebody was told last of these messages. */
async function heard(who: Person): Promise<tl.ephemeralMessage> {
  const updates = await who.updatesOf('updateNewEphemeralMessage')
  return updates.at(-1)!.message
}

const button = (data: string): tl.ReplyMarkup => ({
  _: 'replyInlineMarkup',
  rows: [
    {
      _: 'keyboardInlineButtonRow',
      buttons: [
        { _: 'keyboardInlineButton', text: 'Press', type: { _: 'inlineButtonTypeCallback', data: Buffer.from(data) } },
      ],
    },
  ],
})

async function makeTopic(alice: Person, group: TestChannel): Promise<number> {
  await alice.call('channels.toggleForum', { channel: group.of(alice), enabled: true, tabs: false })
  const what = { peer: group.peer(alice), title: 'Topic', randomId: rid() }
  const made = (await alice.call('messages.createForumTopic', what)) as tl.updates
  const told = made.updates.find((u) => u._ === 'updateNewChannelMessage')
  return (told as tl.updateNewChannelMessage).message.id
}

test('a command in a topic is answered in that topic, and so is a button pressed there', async () => {
  await using server = await startTestServer({ settings: { limits: { callbackSeconds: 1 } } })
  const { alice, bob, bot, group } = await groupWithBot(server)
  const topic = await makeTopic(alice, group)
  for (const one of [bob, bot]) await one.updates()
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: topic, topMsgId: topic }
  const command = { peer: group.peer(bob), receiverId: bob.userOf(bot), message: '/help', randomId: rid(), replyTo }
  await bob.fails('TOPIC_DELETED', 'ephemeral.sendMessage', {
    ...{ ...command, randomId: rid() },
    replyTo: { ...replyTo, replyToMsgId: 999, topMsgId: 999 },
  })
  await bob.call('ephemeral.sendMessage', command)
  const asked = await heard(bot)
  assert.equal(asked.topMsgId, topic)
  assert.deepEqual(asked.replyTo, { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: topic })
  const answer = {
    ...{ peer: group.peer(bot), receiverId: bot.userOf(bob), message: 'Which?', replyMarkup: button('one') },
    ...{ replyTo: { _: 'inputReplyToEphemeralMessage' as const, id: asked.id }, randomId: rid() },
  }
  await bot.call('ephemeral.sendMessage', answer)
  const got = await heard(bob)
  assert.deepEqual(
    [got.topMsgId, got.replyTo],
    [topic, { _: 'messageReplyHeader', replyToEphemeral: true, replyToMsgId: asked.id }],
  )
  const press = { peer: group.peer(bob), id: got.id, data: Buffer.from('one') }
  await bob.fails('BOT_RESPONSE_TIMEOUT', 'ephemeral.getCallbackAnswer', press)
  const [pressed] = await bot.updatesOf('updateEphemeralBotCallbackQuery')
  assert.equal(pressed!.message.topMsgId, topic)
  const more = { peer: answer.peer, receiverId: answer.receiverId, message: 'This one', queryId: pressed!.queryId }
  await bot.call('ephemeral.sendMessage', { ...more, randomId: rid() })
  assert.equal((await heard(bob)).topMsgId, topic)
  // What is said in the general topic is in none.
  await bob.call('ephemeral.sendMessage', { ...command, randomId: rid(), replyTo: undefined })
  assert.equal((await heard(bot)).topMsgId, undefined)
})

test('who is no administrator may not begin in a topic either', async () => {
  await using server = await startTestServer()
  const { alice, bob, bot, group } = await groupWithBot(server)
  const topic = await makeTopic(alice, group)
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: topic }
  const send = { peer: group.peer(bot), receiverId: bot.userOf(bob), message: 'Psst', replyTo, randomId: rid() }
  await bot.fails('CHAT_ADMIN_REQUIRED', 'ephemeral.sendMessage', send)
  await bot.fails('QUERY_ID_INVALID', 'ephemeral.sendMessage', { ...send, queryId: 5n })
})

test('a command may answer an ordinary message, which both sides name by their own copy', async () => {
  await using server = await startTestServer()
  const { alice, bob, bot, group } = await groupWithBot(server)
  const id = await alice.say(group.peer(alice), 'What is this?')
  const command = { peer: group.peer(bob), receiverId: bob.userOf(bot), message: '/explain' }
  const replyTo: tl.inputReplyToMessage = { _: 'inputReplyToMessage', replyToMsgId: id }
  await bob.fails('REPLY_MESSAGE_ID_INVALID', 'ephemeral.sendMessage', {
    ...{ ...command, randomId: rid() },
    replyTo: { ...replyTo, replyToMsgId: 999 },
  })
  await bob.call('ephemeral.sendMessage', { ...command, replyTo, randomId: rid() })
  assert.deepEqual((await heard(bot)).replyTo, { _: 'messageReplyHeader', replyToMsgId: id })

  // In a basic group everybody has a copy of their own.
  for (let i = 0; i < 3; i++) await bob.say(alice, 'bob counts further')
  const users = [alice.userOf(bob), alice.userOf(bot)]
  const made = await alice.call('messages.createChat', { users, title: 'Basic' })
  const chatId = (made.updates as tl.updates).chats[0]!.id
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId }
  const copy = async (who: Person) => (await who.updatesOf('updateNewMessage')).at(-1)!.message.id
  const [bobs, bots] = [await copy(bob), await copy(bot)]
  assert.notEqual(bobs, bots)
  const own: tl.InputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: bobs }
  const answer = (await bob.call('ephemeral.sendMessage', {
    ...{ ...command, peer, replyTo: own, randomId: rid() },
  })) as tl.updates
  const [sent] = answer.updates as tl.updateNewEphemeralMessage[]
  assert.equal((sent!.message.replyTo as tl.messageReplyHeader).replyToMsgId, bobs)
  assert.equal(((await heard(bot)).replyTo as tl.messageReplyHeader).replyToMsgId, bots)
})
