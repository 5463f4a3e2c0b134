import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

test('a channel with a name is found, looked into and joined by everybody', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = (await alice.call('channels.createChannel', { broadcast: true, title: 'News', about: '' })) as tl.updates
  const { id } = made.chats[0]!
  const channel = (who: typeof alice): tl.inputChannel => ({
    _: 'inputChannel',
    channelId: id,
    accessHash: accessHash(new Context(server.app, who.id), 'channel', id),
  })
  await bob.fails('CHANNEL_PRIVATE', 'channels.joinChannel', { channel: channel(bob) })
  assert.equal(await alice.call('channels.checkUsername', { channel: channel(alice), username: 'daily_news' }), true)
  await alice.call('channels.updateUsername', { channel: channel(alice), username: 'Daily_News' })
  await alice.fails('USERNAME_NOT_MODIFIED', 'channels.updateUsername', {
    channel: channel(alice),
    username: 'Daily_News',
  })
  await bob.fails('USERNAME_OCCUPIED', 'account.checkUsername', { username: 'daily_news' })
  const found = await bob.call('contacts.resolveUsername', { username: 'daily_news' })
  assert.deepEqual(found.peer, { _: 'peerChannel', channelId: id })
  const [shown] = found.chats as tl.channel[]
  assert.equal(shown!.username, 'Daily_News')
  assert.equal(shown!.left, true)
  await alice.say({ ...channel(alice), _: 'inputPeerChannel' }, 'hello')
  const joined = await bob.call('channels.joinChannel', { channel: channel(bob) })
  assert.equal(joined._, 'messages.chatInviteJoinResultOk')
  await bob.fails('USER_ALREADY_PARTICIPANT', 'channels.joinChannel', { channel: channel(bob) })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.updateUsername', { channel: channel(bob), username: 'mine_now' })
  const link = await bob.call('channels.exportMessageLink', { channel: channel(bob), id: 2 })
  assert.equal(link.link, 'https://t.me/Daily_News/2')
  const own = await alice.call('channels.getAdminedPublicChannels', {})
  assert.deepEqual(
    own.chats.map((chat) => chat.id),
    [id],
  )
  await alice.call('channels.deactivateAllUsernames', { channel: channel(alice) })
  await bob.fails('USERNAME_NOT_OCCUPIED', 'contacts.resolveUsername', { username: 'daily_news' })
})
