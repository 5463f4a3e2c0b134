import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

test('a basic group becomes a supergroup with its members, rights, links and history', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const made = await alice.call('messages.createChat', {
    users: [alice.userOf(bob), alice.userOf(carol)],
    title: 'Old',
  })
  const chatId = (made.updates as tl.updates).chats[0]!.id
  const peer: tl.inputPeerChat = { _: 'inputPeerChat', chatId }
  await alice.call('messages.editChatAdmin', { chatId, userId: alice.userOf(bob), isAdmin: true })
  const link = (await alice.call('messages.exportChatInvite', { peer })) as tl.chatInviteExported
  await alice.say(peer, 'said before')
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.migrateChat', { chatId })
  for (const who of [alice, bob, carol]) await who.updates()
  const answer = (await alice.call('messages.migrateChat', { chatId })) as tl.updates
  const old = answer.chats.find((chat) => chat._ === 'chat')!
  const { channelId } = old.migratedTo as tl.inputChannel
  assert.equal(old.deactivated, true)
  const told = await bob.updates()
  const actions = told.flatMap((u) => (u.message?.action ? [u.message.action._] : []))
  assert.deepEqual(actions.sort(), ['messageActionChannelMigrateFrom', 'messageActionChatMigrateTo'])
  const channel = (who: Person): tl.inputPeerChannel => {
    const hash = accessHash(new Context(server.app, who.id), 'channel', channelId)
    return { _: 'inputPeerChannel', channelId, accessHash: hash }
  }
  await bob.fails('CHAT_WRITE_FORBIDDEN', 'messages.sendMessage', { peer, message: 'x', randomId: 1n })
  await carol.say(channel(carol), 'said after')
  const full = await bob.call('channels.getFullChannel', { channel: { ...channel(bob), _: 'inputChannel' } })
  const fullChat = full.fullChat as tl.channelFull
  assert.equal(fullChat.participantsCount, 3)
  assert.equal(fullChat.migratedFromChatId, BigInt(chatId))
  assert.ok(fullChat.migratedFromMaxId! > 0)
  const shown = full.chats.find((chat) => chat.id === channelId) as tl.channel
  assert.equal(shown.adminRights?.banUsers, true)
  const none = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
  const before = (await bob.call('messages.getHistory', { peer, ...none })) as tl.messages_messages
  assert.ok(before.messages.some((m) => m._ === 'message' && m.message === 'said before'))
  await dave.call('messages.importChatInvite', { hash: link.link.split('+')[1]! })
  await dave.say(channel(dave), 'by the old link')
  assert.deepEqual((await carol.texts()).slice(-1), ['by the old link'])
})

test('who waits to be let in, and how loud a group is, comes along to the supergroup', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const made = await alice.call('messages.createChat', { users: [alice.userOf(bob)], title: 'Old' })
  const chatId = (made.updates as tl.updates).chats[0]!.id
  const peer: tl.inputPeerChat = { _: 'inputPeerChat', chatId }
  const link = (await alice.call('messages.exportChatInvite', { peer, requestNeeded: true })) as tl.chatInviteExported
  await carol.fails('INVITE_REQUEST_SENT', 'messages.importChatInvite', { hash: link.link.split('+')[1]! })
  const settings = { _: 'inputPeerNotifySettings' as const, muteUntil: 0x7fffffff }
  await bob.call('account.updateNotifySettings', { peer: { _: 'inputNotifyPeer', peer }, settings })
  const { chats } = (await alice.call('messages.migrateChat', { chatId })) as tl.updates
  const { channelId } = chats.find((chat) => chat._ === 'chat')!.migratedTo as tl.inputChannel
  const channel = (who: Person): tl.inputPeerChannel => {
    const hash = accessHash(new Context(server.app, who.id), 'channel', channelId)
    return { _: 'inputPeerChannel', channelId, accessHash: hash }
  }
  const list = await bob.call('messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeer', peer: channel(bob) }] })
  assert.equal((list.dialogs[0] as tl.dialog).notifySettings.muteUntil, 0x7fffffff)
  const requests = () =>
    alice.call('messages.getChatInviteImporters', {
      ...{ requested: true, peer: channel(alice), offsetDate: 0, offsetUser: { _: 'inputUserEmpty' }, limit: 10 },
    })
  assert.deepEqual(
    (await requests()).importers.map((one) => one.userId),
    [carol.id],
  )
  await alice.call('messages.hideChatJoinRequest', {
    approved: true,
    peer: channel(alice),
    userId: alice.userOf(carol),
  })
  assert.equal((await requests()).count, 0)
  await carol.say(channel(carol), 'let in')
  assert.deepEqual((await bob.texts()).slice(-1), ['let in'])
})
