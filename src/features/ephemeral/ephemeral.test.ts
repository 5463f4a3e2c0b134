import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { picture, upload } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'

const rid = () => randomBytes(8).readBigInt64LE()
const messageOf = (
  updates: tl.Updates | tl.Update[],
  kind: 'updateNewEphemeralMessage' | 'updateEditEphemeralMessage',
) => {
  const list = Array.isArray(updates) ? updates : (updates as tl.updates).updates
  return (list.find((u) => u._ === kind) as tl.updateNewEphemeralMessage | undefined)?.message
}
const button = (data: string): tl.ReplyMarkup => ({
  _: 'replyInlineMarkup',
  rows: [
    {
      _: 'keyboardInlineButtonRow',
      buttons: [
        {
          _: 'keyboardInlineButton',
          text: 'Press',
          type: { _: 'inlineButtonTypeCallback', data: Buffer.from(data) },
        },
      ],
    },
  ],
})

test('a command to a bot and its answer are seen by these two alone, on every device', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const bot = await server.bot('helper_bot')
  const group = await makeChannel('group', alice, bob, carol)
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(bot)] })
  for (const one of [alice, bob, carol, bot]) await one.updates()
  const second = await bob.device()
  const peer = group.peer(bob)
  const command = { peer, receiverId: bob.userOf(bot), message: '/secret please', randomId: rid() }
  await bob.fails('USER_BOT_REQUIRED', 'ephemeral.sendMessage', { ...command, receiverId: bob.userOf(carol) })
  await bob.fails('MESSAGE_ID_INVALID', 'ephemeral.sendMessage', { ...command, message: 'no command' })
  await bob.fails('MESSAGE_EMPTY', 'ephemeral.sendMessage', { ...command, message: ' ' })
  await bob.fails('PEER_ID_INVALID', 'ephemeral.sendMessage', { ...command, peer: bob.peerOf(carol) })
  const sent = messageOf(await bob.call('ephemeral.sendMessage', command), 'updateNewEphemeralMessage')!
  assert.deepEqual([sent.out, sent.message, sent.receiverId], [true, '/secret please', bot.id])
  const repeated = messageOf(await bob.call('ephemeral.sendMessage', command), 'updateNewEphemeralMessage')!
  assert.equal(repeated.id, sent.id)
  assert.equal(messageOf(await second.updates(), 'updateNewEphemeralMessage')?.id, sent.id)
  const heard = messageOf(await bot.updates(), 'updateNewEphemeralMessage')!
  assert.deepEqual([heard.out, heard.fromId], [undefined, { _: 'peerUser', userId: bob.id }])

  const answer = { peer: group.peer(bot), receiverId: bot.userOf(bob), message: 'shh', randomId: rid() }
  await bot.fails('CHAT_ADMIN_REQUIRED', 'ephemeral.sendMessage', answer)
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToEphemeralMessage', id: heard.id }
  const image = await upload(bot.device1, await picture(32, 32))
  const said = messageOf(
    await bot.call('ephemeral.sendMessage', {
      ...{ ...answer, replyTo, replyMarkup: button('more'), noforwards: true },
      media: { _: 'inputMediaUploadedPhoto', file: image },
    }),
    'updateNewEphemeralMessage',
  )!
  const got = messageOf(await bob.updates(), 'updateNewEphemeralMessage')!
  assert.deepEqual([got.id, got.message, got.noforwards], [said.id, 'shh', true])
  assert.equal((got.media as tl.messageMediaPhoto).photo?._, 'photo')
  assert.deepEqual((got.replyTo as tl.messageReplyHeader).replyToMsgId, sent.id)
  assert.equal((got.replyTo as tl.messageReplyHeader).replyToEphemeral, true)
  // The others hear nothing of all that, nor is it in the history.
  assert.deepEqual((await carol.updates()).concat(await alice.updates()), [])
  await carol.fails('MESSAGE_ID_INVALID', 'ephemeral.reportMessage', {
    ...{ peer: group.peer(carol), id: said.id, option: new Uint8Array(0), message: '' },
  })

  // Who said it kept it from being forwarded; what bob said himself goes where he likes.
  const forward = { fromPeer: peer, fromEphemeral: true, toPeer: bob.peerOf(carol) }
  await bob.fails('CHAT_FORWARDS_RESTRICTED', 'messages.forwardMessages', {
    ...forward,
    id: [said.id],
    randomId: [rid()],
  })
  await bob.call('messages.forwardMessages', { ...forward, id: [sent.id], randomId: [rid()] })
  assert.deepEqual(await carol.texts(), ['/secret please'])
  await carol.fails('MESSAGE_ID_INVALID', 'messages.forwardMessages', {
    ...{ fromPeer: group.peer(carol), fromEphemeral: true, toPeer: { _: 'inputPeerSelf' } },
    ...{ id: [sent.id], randomId: [rid()] },
  })

  const edit = { peer: group.peer(bot), receiverId: bot.userOf(bob), id: said.id, message: 'louder' }
  await bob.fails('MESSAGE_AUTHOR_REQUIRED', 'ephemeral.editMessage', {
    ...edit,
    peer,
    receiverId: { _: 'inputUserSelf' },
  })
  await bot.call('ephemeral.editMessage', edit)
  const changed = messageOf(await bob.updates(), 'updateEditEphemeralMessage')!
  assert.deepEqual(
    [changed.message, changed.media?._, changed.replyMarkup?._],
    ['louder', 'messageMediaPhoto', 'replyInlineMarkup'],
  )

  const first = await bob.call('ephemeral.reportMessage', { peer, id: said.id, option: new Uint8Array(0), message: '' })
  assert.equal(first._, 'reportResultChooseOption')
  await bob.call('ephemeral.reportMessage', { peer, id: said.id, option: Buffer.from('child'), message: 'look' })
  assert.match((await runCommand(server.app, 'reports', []))[0]!, /ephemeral.*louder/)

  await bot.call('ephemeral.deleteMessage', { peer: group.peer(bot), receiverId: bot.userOf(bob), id: said.id })
  const [gone] = await second.updatesOf('updateDeleteEphemeralMessages')
  assert.deepEqual(gone?.ids, [said.id])
  await bob.fails('MESSAGE_ID_INVALID', 'ephemeral.deleteMessage', { peer, receiverId: bob.userOf(bot), id: said.id })
})

test('a button under an ephemeral message is answered by its bot, or not in time', async () => {
  await using server = await startTestServer({ settings: { limits: { callbackSeconds: 3 } } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('button_bot')
  const group = await makeChannel('group', alice, bob)
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(bot)] })
  await alice.call('channels.editAdmin', {
    ...{ channel: group.of(alice), userId: alice.userOf(bot), rank: '' },
    adminRights: { _: 'chatAdminRights', other: true },
  })
  const send = { peer: group.peer(bot), receiverId: bot.userOf(bob), message: 'Choose', randomId: rid() }
  await bot.fails('BUTTON_DATA_INVALID', 'ephemeral.sendMessage', { ...send, replyMarkup: button('') })
  const markup = { ...send, replyMarkup: button('left') }
  const { id } = messageOf(await bot.call('ephemeral.sendMessage', markup), 'updateNewEphemeralMessage')!
  for (const one of [bob, bot]) await one.updates()
  const press = { peer: group.peer(bob), id, data: Buffer.from('left') }
  await bob.fails('DATA_INVALID', 'ephemeral.getCallbackAnswer', { ...press, data: Buffer.from('right') })
  const pressed = bob.call('ephemeral.getCallbackAnswer', press)
  let query: tl.updateEphemeralBotCallbackQuery | undefined
  while (!query) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    query = (await bot.updatesOf('updateEphemeralBotCallbackQuery'))[0]
  }
  assert.deepEqual([query.userId, query.msgId, Buffer.from(query.data).toString()], [bob.id, id, 'left'])
  assert.equal(query.message.message, 'Choose')
  const reply = { queryId: query.queryId, message: 'Well chosen', alert: true, cacheTime: 0 }
  await bot.fails('QUERY_ID_INVALID', 'messages.setBotCallbackAnswer', { ...reply, queryId: 5n })
  await bob.fails('USER_BOT_REQUIRED', 'messages.setBotCallbackAnswer', reply)
  await bot.call('messages.setBotCallbackAnswer', reply)
  const answer = await pressed
  assert.deepEqual([answer.message, answer.alert], ['Well chosen', true])
  const more = { ...send, message: 'And more', queryId: query.queryId, randomId: rid() }
  await bot.call('ephemeral.sendMessage', more)
  assert.equal(messageOf(await bob.updates(), 'updateNewEphemeralMessage')?.message, 'And more')
  await bob.fails('BOT_RESPONSE_TIMEOUT', 'ephemeral.getCallbackAnswer', press)
})

test('a group says its welcome to everybody who comes in, and to nobody else', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const group = await makeChannel('group', alice, bob)
  const peer = group.peer(alice)
  const welcome = {
    peer,
    receiverId: { _: 'inputUserEmpty' as const },
    welcome: true,
    message: 'Hello',
    randomId: rid(),
  }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'ephemeral.sendMessage', { ...welcome, peer: group.peer(bob) })
  const second = await alice.device()
  const made = messageOf(await alice.call('ephemeral.sendMessage', welcome), 'updateNewEphemeralMessage')!
  assert.equal(made.welcomeTemplate, true)
  assert.equal(messageOf(await second.updates(), 'updateNewEphemeralMessage')?.id, made.id)
  const other = messageOf(
    await alice.call('ephemeral.sendMessage', { ...welcome, message: 'Rules', randomId: rid() }),
    'updateNewEphemeralMessage',
  )!
  const list = async (hash = 0n) => alice.call('ephemeral.getWelcomeMessages', { peer, hash })
  const before = (await list()) as tl.ephemeral_welcomeMessages
  assert.deepEqual(
    before.messages.map((m) => m.message),
    ['Hello', 'Rules'],
  )
  assert.equal((await list(before.hash))._, 'ephemeral.welcomeMessagesNotModified')
  await bob.fails('CHAT_ADMIN_REQUIRED', 'ephemeral.getWelcomeMessages', { peer: group.peer(bob), hash: 0n })
  const edit = { peer, receiverId: { _: 'inputUserEmpty' as const }, welcome: true, id: made.id, message: 'Welcome' }
  await alice.fails('MESSAGE_ID_INVALID', 'ephemeral.editMessage', { ...edit, id: 99 })
  await alice.call('ephemeral.editMessage', edit)
  assert.equal((await list(before.hash))._, 'ephemeral.welcomeMessages')
  const full = (await bob.call('channels.getFullChannel', { channel: group.of(bob) })).fullChat as tl.channelFull
  assert.equal(full.hasWelcomeMessages, true)
  await bob.updates()
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(carol)] })
  const greeted = (await carol.updatesOf('updateNewEphemeralMessage')).map((u) => u.message)
  assert.deepEqual(
    greeted.map((m) => m.message),
    ['Welcome', 'Rules'],
  )
  assert.deepEqual(greeted[0]!.fromId, { _: 'peerChannel', channelId: group.id })
  assert.equal(greeted[0]!.receiverId, carol.id)
  assert.deepEqual(await bob.updatesOf('updateNewEphemeralMessage'), [])
  await alice.call('ephemeral.deleteWelcomeMessage', { peer, id: other.id })
  await alice.fails('MESSAGE_ID_INVALID', 'ephemeral.deleteWelcomeMessage', { peer, id: other.id })
  for (let i = 0; i < 4; i++) await alice.call('ephemeral.sendMessage', { ...welcome, randomId: rid() })
  await alice.fails('LIMIT_INVALID', 'ephemeral.sendMessage', { ...welcome, randomId: rid() })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'ephemeral.deleteAllWelcomeMessages', { peer: group.peer(bob) })
  await alice.call('ephemeral.deleteAllWelcomeMessages', { peer })
  assert.deepEqual(((await list()) as tl.ephemeral_welcomeMessages).messages, [])
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(dave)] })
  assert.deepEqual(await dave.updatesOf('updateNewEphemeralMessage'), [])
})

test('basic groups have welcomes, too', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const made = await alice.call('messages.createChat', { users: [alice.userOf(bob)], title: 'Group' })
  const chatId = (made.updates as tl.updates).chats[0]!.id
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId }
  const receiverId: tl.InputUser = { _: 'inputUserEmpty' }
  await alice.call('ephemeral.sendMessage', { peer, receiverId, welcome: true, message: 'Hi', randomId: rid() })
  await alice.call('messages.addChatUser', { chatId, userId: alice.userOf(carol), fwdLimit: 0 })
  assert.equal(messageOf(await carol.updates(), 'updateNewEphemeralMessage')?.message, 'Hi')
  const full = (await bob.call('messages.getFullChat', { chatId })).fullChat as tl.chatFull
  assert.equal(full.hasWelcomeMessages, true)
})

test('a bot says something rich to one member, and makes it plain', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('helper_bot')
  const group = await makeChannel('group', alice, bob)
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(bot)] })
  const asked = { peer: group.peer(bob), receiverId: bob.userOf(bot), message: '/help', randomId: rid() }
  await bob.call('ephemeral.sendMessage', asked)
  const heard = messageOf(await bot.updates(), 'updateNewEphemeralMessage')!
  await bob.updates()
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToEphemeralMessage', id: heard.id }
  const answer = { peer: group.peer(bot), receiverId: bot.userOf(bob) }
  const richMessage: tl.InputRichMessage = { _: 'inputRichMessageHTML', html: '<h1>Help</h1>' }
  await bot.call('ephemeral.sendMessage', { ...answer, replyTo, message: '', richMessage, randomId: rid() })
  const got = messageOf(await bob.updates(), 'updateNewEphemeralMessage')!
  assert.equal(got.message, '')
  const heading: tl.PageBlock = { _: 'pageBlockHeading1', text: { _: 'textPlain', text: 'Help' } }
  assert.deepEqual(got.richMessage!.blocks, [heading])
  await bot.call('ephemeral.editMessage', { ...answer, id: got.id, message: 'No help' })
  const edited = messageOf(await bob.updates(), 'updateEditEphemeralMessage')!
  assert.deepEqual([edited.message, edited.richMessage], ['No help', undefined])
  await bob.fails('RICH_MESSAGE_UNSUPPORTED', 'ephemeral.sendMessage', { ...asked, randomId: rid(), richMessage })
  await bot.fails('RICH_MESSAGE_EMPTY', 'ephemeral.editMessage', {
    ...{ ...answer, id: got.id },
    richMessage: { _: 'inputRichMessageHTML', html: ' ' },
  })
})
