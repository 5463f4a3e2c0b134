import assert from 'node:assert/strict'
import { Device, startTestServer, test } from '../../../test/harness/index.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'

test('a contact’s token leads to them for as long as it is good', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { url, expires } = await alice.call('contacts.exportContactToken', {})
  const now = Math.floor(server.clock.now() / 1000)
  assert.ok(expires > now)
  const token = url.split('/').at(-1)!
  const user = (await bob.call('contacts.importContactToken', { token })) as tl.user
  assert.deepEqual([user.id, user.firstName, user.phone], [alice.id, 'Alice', undefined])
  // The hash in it is good for writing to her.
  const peer: tl.InputPeer = { _: 'inputPeerUser', userId: user.id, accessHash: user.accessHash! }
  await bob.say(peer, 'hello')
  assert.deepEqual(await alice.texts(), ['hello'])
  const wrong = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`
  await carol.fails('IMPORT_TOKEN_INVALID', 'contacts.importContactToken', { token: wrong })
  await carol.fails('IMPORT_TOKEN_INVALID', 'contacts.importContactToken', { token: 'x' })
  await server.clock.advance(expires - now)
  await carol.fails('IMPORT_TOKEN_INVALID', 'contacts.importContactToken', { token })
})

test('an old client learns that a link needs a newer one', async () => {
  await using server = await startTestServer()
  const old = await Device.open(server, 146)
  const young = await Device.open(server)
  const info = await old.call('help.getDeepLinkInfo', { path: 'addlist?slug=abc' })
  assert.ok(info._ === 'help.deepLinkInfo' && info.updateApp)
  const empty = { _: 'help.deepLinkInfoEmpty' }
  assert.deepEqual(await young.call('help.getDeepLinkInfo', { path: 'tg://addlist?slug=abc' }), empty)
  assert.deepEqual(await old.call('help.getDeepLinkInfo', { path: 'constructor' }), empty)
})

test('a bot’s link starts it: the bot reads what it said, its user sees the command', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const { id, device1: device } = await server.bot('echo_bot')
  await device.updates()
  const hash = accessHash(new Context(server.app, alice.id), 'user', id)
  const bot: tl.InputUser = { _: 'inputUser', userId: id, accessHash: hash }
  const peer: tl.InputPeer = { _: 'inputPeerUser', userId: id, accessHash: hash }
  const start = { bot, peer, randomId: 5n, startParam: 'from_link-7' }
  const phone = await alice.device()
  const answer = (await alice.call('messages.startBot', start)) as tl.updates
  const own = answer.updates.find((u) => u._ === 'updateNewMessage') as tl.updateNewMessage
  assert.equal((own.message as tl.message).message, '/start')
  assert.equal((own.message as tl.message).entities?.[0]?._, 'messageEntityBotCommand')
  await alice.call('messages.startBot', start)
  assert.deepEqual(await phone.texts(), ['/start'])
  assert.deepEqual(await device.texts(), ['/start from_link-7'])
  await alice.fails('START_PARAM_EMPTY', 'messages.startBot', { ...start, startParam: '' })
  await alice.fails('START_PARAM_INVALID', 'messages.startBot', { ...start, startParam: 'a b' })
  await alice.fails('START_PARAM_TOO_LONG', 'messages.startBot', { ...start, startParam: 'x'.repeat(65) })
  await alice.fails('BOT_INVALID', 'messages.startBot', { ...start, bot: alice.userOf(bob) })
  await alice.fails('PEER_ID_INVALID', 'messages.startBot', { ...start, peer: alice.peerOf(bob) })
})

test('a bot is put into a group by a link, and told what the link said', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('group_bot')
  const made = await alice.call('messages.createChat', { users: [alice.userOf(bob)], title: 'Small' })
  const chat: tl.InputPeer = { _: 'inputPeerChat', chatId: (made.updates as tl.updates).chats[0]!.id }
  const place = await makeChannel('group', alice, bob)
  const channel = await makeChannel('channel', alice, bob)
  for (const peer of [chat, place.peer(alice)]) {
    await bob.updates()
    const start = { bot: alice.userOf(bot), peer, startParam: 'one' }
    await alice.call('messages.startBot', { ...start, randomId: 11n })
    await alice.call('messages.startBot', { ...start, randomId: 12n })
    const told = (await bob.updates()).flatMap((u) => {
      // Short updates of basic groups carry the text itself.
      if (typeof u.message === 'string') return [u.message as unknown]
      if (!u.message) return []
      const { message, action } = u.message as { message?: string; action?: tl.messageActionChatAddUser }
      return [message ?? action!.users]
    })
    assert.deepEqual(told, [[bot.id], '/start@group_bot one', '/start@group_bot one'])
  }
  assert.ok((await bot.texts()).includes('/start@group_bot one'))
  const inChannel = { bot: alice.userOf(bot), peer: channel.peer(alice), startParam: 'one', randomId: 13n }
  await alice.fails('PEER_ID_INVALID', 'messages.startBot', inChannel)
  const other = await server.bot('other_bot')
  const banned: tl.ChatBannedRights = { _: 'chatBannedRights', inviteUsers: true, untilDate: 0 }
  await alice.call('messages.editChatDefaultBannedRights', { peer: place.peer(alice), bannedRights: banned })
  const start = { bot: bob.userOf(other), peer: place.peer(bob), startParam: 'two', randomId: 14n }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.startBot', start)
})

test('links that were opened are told to every app of the account, with where they lead now', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await bob.call('account.updateUsername', { username: 'bobby_tables' })
  const group = await makeChannel('group', bob)
  const channel = await makeChannel('channel', bob)
  await bob.call('channels.updateUsername', { channel: channel.of(bob), username: 'Bobs_News' })
  const made = (await bob.call('messages.exportChatInvite', { peer: group.peer(bob) })) as tl.chatInviteExported
  const hash = made.link.split('+')[1]!
  const recent = async (who: { call: Device['call'] }) => (await who.call('help.getRecentMeUrls', { referer: '' })).urls
  assert.deepEqual(await recent(alice), [])
  for (const username of ['bobby_tables', 'bobs_news']) {
    await alice.call('contacts.resolveUsername', { username })
    await server.clock.advance(1)
  }
  await alice.call('messages.checkChatInvite', { hash })
  await alice.fails('USERNAME_NOT_OCCUPIED', 'contacts.resolveUsername', { username: 'nobody_there' })
  await alice.fails('INVITE_HASH_EXPIRED', 'messages.checkChatInvite', { hash: 'nothing_here' })
  const phone = await alice.device()
  const [invite, news, person] = await recent(phone)
  assert.deepEqual(person, { _: 'recentMeUrlUser', url: 'https://t.me/bobby_tables', userId: bob.id })
  assert.deepEqual(news, { _: 'recentMeUrlChat', url: 'https://t.me/Bobs_News', chatId: channel.id })
  assert.ok(invite?._ === 'recentMeUrlChatInvite' && invite.url === made.link)
  assert.equal((invite.chatInvite as tl.chatInvite).title, 'Place')
  // Nobody else hears of it.
  assert.deepEqual(await recent(carol), [])
  // What was opened again comes first, once that is news; what leads nowhere any more is only an address.
  await server.clock.advance(4000)
  await bob.call('account.updateUsername', { username: '' })
  await bob.call('messages.editExportedChatInvite', { peer: group.peer(bob), link: made.link, revoked: true })
  await alice.call('contacts.resolveUsername', { username: 'bobs_news' })
  assert.deepEqual(await recent(phone), [
    news,
    { _: 'recentMeUrlUnknown', url: made.link },
    { _: 'recentMeUrlUnknown', url: 'https://t.me/bobby_tables' },
  ])
})

test('of the links that were opened the last thirty are kept', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const names = Array.from({ length: 31 }, (_, i) => `bobby_${String(i).padStart(2, '0')}`)
  for (const username of names) {
    await bob.call('account.updateUsername', { username })
    await alice.call('contacts.resolveUsername', { username })
    await server.clock.advance(1)
  }
  const { urls } = await alice.call('help.getRecentMeUrls', { referer: '' })
  assert.deepEqual(
    urls.map((one) => one.url.split('/').at(-1)),
    names.slice(1).reverse(),
  )
})
