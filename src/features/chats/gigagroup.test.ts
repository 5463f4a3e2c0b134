import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'

test('a supergroup grown too big becomes one where only administrators speak', async () => {
  await using server = await startTestServer({ settings: { limits: { gigagroupMembers: 3, megagroupMembers: 3 } } })
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const group = await makeChannel('group', alice, bob)
  const channel = await makeChannel('channel', alice, bob, carol)
  const convert = { channel: group.of(alice) }
  await alice.fails('PARTICIPANTS_TOO_FEW', 'channels.convertToGigagroup', convert)
  const suggested = async (who: Person) =>
    ((await who.call('channels.getFullChannel', { channel: group.of(who) })).fullChat as tl.channelFull)
      .pendingSuggestions
  assert.equal(await suggested(alice), undefined)
  await alice.fails('CHANNEL_INVALID', 'channels.convertToGigagroup', { channel: channel.of(alice) })
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(carol)] })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.convertToGigagroup', { channel: group.of(bob) })
  assert.deepEqual([await suggested(alice), await suggested(bob)], [['CONVERT_GIGAGROUP'], undefined])
  await alice.call('help.dismissSuggestion', { peer: group.peer(alice), suggestion: 'CONVERT_GIGAGROUP' })
  assert.equal(await suggested(alice), undefined)
  // As a supergroup it takes no more than so many.
  const link = (await alice.call('messages.exportChatInvite', { peer: group.peer(alice) })) as tl.chatInviteExported
  const join = { hash: link.link.replace('https://t.me/+', '') }
  await dave.fails('USERS_TOO_MUCH', 'messages.importChatInvite', join)
  await bob.say(group.peer(bob), 'the last word')
  await bob.updates()
  const answer = (await alice.call('channels.convertToGigagroup', convert)) as tl.updates
  assert.equal((answer.chats.find((c) => c.id === group.id) as tl.channel).gigagroup, true)
  const told = await bob.updates()
  assert.ok(told.some((u) => u._ === 'updateChannel'))
  const rights = told.find((u) => u._ === 'updateChatDefaultBannedRights') as tl.updateChatDefaultBannedRights
  assert.equal(rights.defaultBannedRights.sendMessages, true)
  const [seen] = (await bob.call('channels.getChannels', { id: [group.of(bob)] })).chats as tl.channel[]
  assert.equal(seen!.gigagroup, true)
  const message = { message: 'x', randomId: 1n }
  await bob.fails('CHAT_WRITE_FORBIDDEN', 'messages.sendMessage', { peer: group.peer(bob), ...message })
  await alice.call('channels.editAdmin', {
    channel: group.of(alice),
    userId: alice.userOf(bob),
    adminRights: { _: 'chatAdminRights', other: true },
    rank: '',
  })
  await bob.call('messages.sendMessage', { peer: group.peer(bob), ...message })
  // Nobody is added to it any more, and as many come as want to.
  const invite = { channel: group.of(alice), users: [alice.userOf(dave)] }
  await alice.fails('CHAT_INVALID', 'channels.inviteToChannel', invite)
  await dave.call('messages.importChatInvite', join)
  assert.equal(
    ((await dave.call('channels.getChannels', { id: [group.of(dave)] })).chats[0] as tl.channel).left,
    undefined,
  )
  await alice.fails('CHANNEL_INVALID', 'channels.convertToGigagroup', convert)
  await alice.fails('CHAT_ID_INVALID', 'channels.toggleSlowMode', { channel: group.of(alice), seconds: 10 })
})

test('a channel whose boosts allow it has its posts translated by themselves', async () => {
  await using server = await startTestServer({ settings: { limits: { boostsPerLevel: 1 } } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice, bob)
  const group = await makeChannel('group', alice, bob)
  const on = { channel: channel.of(alice), enabled: true }
  await alice.fails('BOOSTS_REQUIRED', 'channels.toggleAutotranslation', on)
  await alice.fails('CHANNEL_INVALID', 'channels.toggleAutotranslation', { ...on, channel: group.of(alice) })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.toggleAutotranslation', { ...on, channel: channel.of(bob) })
  await runCommand(server.app, 'user premium', [String(bob.id)])
  await bob.call('premium.applyBoost', { slots: [1, 2, 3], peer: channel.peer(bob) })
  await bob.updates()
  await alice.call('channels.toggleAutotranslation', on)
  assert.ok((await bob.updates()).some((u) => u._ === 'updateChannel'))
  const [seen] = (await bob.call('channels.getChannels', { id: [channel.of(bob)] })).chats as tl.channel[]
  assert.equal(seen!.autotranslation, true)
  await alice.call('channels.toggleAutotranslation', { ...on, enabled: false })
})
