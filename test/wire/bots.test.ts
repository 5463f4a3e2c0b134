import assert from 'node:assert/strict'
import { startTestServer, test } from '../harness/index.ts'
import { Clients, targetOf, until } from './index.ts'
import { channel, type Plain, peer, user } from './plain.ts'
import { CHANNELS, call, listed } from './scene.ts'

test('a bot with mtcute hears who comes, goes and changes where it administrates, and after it was away', async () => {
  await using server = await startTestServer({ online: true })
  await using clients = new Clients()
  const target = targetOf(server.server, ...server.nodes.slice(1))
  const alice = await clients.open('mtcute', { target, phone: '9996625001', firstName: 'Alice' })
  const bob = await clients.open('teleproto', { target, phone: '9996625002', firstName: 'Bob' })
  await alice.know('9996625002', 'Bob')
  // Who has left is brought back by somebody they know.
  await bob.know('9996625001', 'Alice')
  const botToken = await server.botToken('guard_bot', 'Guard')
  const asBot = { target, phone: '', firstName: 'Guard', botToken }
  const bot = await clients.open('mtcute', asBot)
  const group = await alice.createSupergroup!('Guarded', [bob.id])
  await call(alice, { _: 'contacts.resolveUsername', username: 'guard_bot' })
  const at = { channel: channel(group) }
  await call(alice, { _: 'channels.inviteToChannel', ...at, users: [user(bot.id)] })
  const adminRights = { _: 'chatAdminRights', banUsers: true }
  await call(alice, { _: 'channels.editAdmin', ...at, userId: user(bot.id), adminRights, rank: '' })
  const ban = (rights: Plain) => {
    const bannedRights = { _: 'chatBannedRights', untilDate: 0, ...rights }
    return call(alice, { _: 'channels.editBanned', ...at, participant: peer(bob.id), bannedRights })
  }
  await listed(bob, group)
  await ban({ sendMedia: true })
  await ban({})
  await call(bob, { _: 'channels.leaveChannel', ...at })
  const of = (type: string, who: { id: number }) => ({ type, chat: group, user: who.id })
  const told = [of('added', bot), of('other', bot), of('restricted', bob), of('unrestricted', bob), of('left', bob)]
  await until('it was told of everything', () => bot.members!.length >= told.length)
  assert.deepEqual(bot.members, told)
  // What happened while it was away comes with its difference.
  const session = await bot.session()
  const state = await call(bot, { _: 'updates.getState' })
  await bot.close()
  await call(alice, { _: 'channels.inviteToChannel', ...at, users: [user(bob.id)] })
  const again = await clients.open('mtcute', { ...asBot, session })
  const missed = await call(again, { _: 'updates.getDifference', pts: state.pts, qts: state.qts, date: state.date })
  const changes = missed.otherUpdates.filter((u: Plain) => u._ === 'updateChannelParticipant')
  assert.deepEqual(
    changes.map((u: Plain) => [CHANNELS - u.channelId, u.userId, u.qts]),
    [[group, bob.id, state.qts + 1]],
  )
})
