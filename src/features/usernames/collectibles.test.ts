import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

const username = (name: string): tl.InputCollectible => ({ _: 'inputCollectibleUsername', username: name })
const phone = (number: string): tl.InputCollectible => ({ _: 'inputCollectiblePhone', phone: number })
const self = async (who: Person) => (await who.call('users.getUsers', { id: [{ _: 'inputUserSelf' }] }))[0] as tl.user
const names = (all: tl.Username[] | undefined) =>
  all?.map((name) => `${name.username}${name.active ? '' : ' off'}${name.editable ? ' mine' : ''}`)

test('a username that the operator granted is switched on by its owner, found, and known for what it cost', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const run = (command: string, ...args: string[]) => runCommand(server.app, command, args)
  await alice.call('account.updateUsername', { username: 'alice' })
  const tablet = await alice.device()
  const price = [
    'date=2026-05-01',
    'price=14500',
    'currency=EUR',
    'crypto-price=1000000000',
    'url=https://example.org/x',
  ]
  assert.deepEqual(await run('username grant', '@Gold', '@alice', ...price), [
    `@Gold belongs to ${alice.id}, who may switch it on`,
  ])
  const [told] = await tablet.updatesOf('updateUserName')
  assert.deepEqual(names(told!.usernames), ['alice mine', 'Gold off'])
  await bob.fails('USERNAME_NOT_OCCUPIED', 'contacts.resolveUsername', { username: 'gold' })
  await bob.fails('USERNAME_OCCUPIED', 'account.updateUsername', { username: 'alice' })
  await alice.call('account.toggleUsername', { username: 'gold', active: true })
  await alice.call('account.reorderUsernames', { order: ['gold', 'alice'] })
  assert.deepEqual(names((await self(alice)).usernames), ['Gold', 'alice mine'])
  const found = await bob.call('contacts.resolveUsername', { username: 'gold' })
  assert.deepEqual(found.peer, alice.peerId)
  assert.deepEqual(await bob.call('fragment.getCollectibleInfo', { collectible: username('GOLD') }), {
    _: 'fragment.collectibleInfo',
    purchaseDate: Date.UTC(2026, 4, 1) / 1000,
    currency: 'EUR',
    amount: 14_500n,
    cryptoCurrency: 'TON',
    cryptoAmount: 1_000_000_000n,
    url: 'https://example.org/x',
  })
  // One that its owner chose is none.
  await bob.fails('COLLECTIBLE_NOT_FOUND', 'fragment.getCollectibleInfo', { collectible: username('alice') })
  await bob.fails('COLLECTIBLE_INVALID', 'fragment.getCollectibleInfo', { collectible: username('a b') })
  await assert.rejects(run('username grant', 'gold', String(bob.id)), /@gold is taken/)
  await assert.rejects(run('username grant', 'x', String(bob.id)), /4 to 32/)
  await assert.rejects(run('username grant', 'iron', '12345'), /no such account/)
  await assert.rejects(run('username grant', 'iron', String(bob.id), 'cost=1'), /expected one of date=/)
  await assert.rejects(run('username grant', 'iron', String(bob.id), 'price=1.5'), /whole number/)
  // What is known of it can be put right.
  await run('username grant', 'gold', String(alice.id), 'price=1')
  const again = await bob.call('fragment.getCollectibleInfo', { collectible: username('gold') })
  assert.deepEqual([again.amount, again.currency, again.url], [1n, 'USD', 'https://t.me/gold'])
  await run('username revoke', 'gold')
  await bob.fails('USERNAME_NOT_OCCUPIED', 'contacts.resolveUsername', { username: 'gold' })
  await bob.fails('COLLECTIBLE_NOT_FOUND', 'fragment.getCollectibleInfo', { collectible: username('gold') })
  assert.equal((await self(alice)).username, 'alice')
  await assert.rejects(run('username revoke', 'alice'), /not given by the operator/)
})

test('a number can be a collectible', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await bob.fails('COLLECTIBLE_NOT_FOUND', 'fragment.getCollectibleInfo', { collectible: phone(alice.phone) })
  await runCommand(server.app, 'phone collectible', [`+${alice.phone}`, 'price=900'])
  const info = await bob.call('fragment.getCollectibleInfo', { collectible: phone(`+${alice.phone}`) })
  assert.deepEqual([info.amount, info.currency], [900n, 'USD'])
  await bob.fails('COLLECTIBLE_INVALID', 'fragment.getCollectibleInfo', { collectible: phone('12ab') })
  await assert.rejects(runCommand(server.app, 'phone collectible', ['499999999999']), /nobody's number/)
})

test('a channel has several names that are on, in its order; it is public as long as one is', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = (await alice.call('channels.createChannel', { broadcast: true, title: 'News', about: '' })) as tl.updates
  const { id } = made.chats[0]!
  const of = (who: Person): tl.inputChannel => ({
    _: 'inputChannel',
    channelId: id,
    accessHash: accessHash(new Context(server.app, who.id), 'channel', id),
  })
  await alice.updates()
  const marked = String(-1_000_000_000_000 - id)
  for (const name of ['news', 'daily']) await runCommand(server.app, 'username grant', [name, marked])
  assert.deepEqual(
    (await alice.updatesOf('updateChannel')).map((one) => one.channelId),
    [id, id],
  )
  const shown = async (who: Person) =>
    (await who.call('channels.getChannels', { id: [of(who)] })).chats[0] as tl.channel
  assert.deepEqual(names((await shown(alice)).usernames), ['news off', 'daily off'])
  await bob.fails('CHANNEL_PRIVATE', 'channels.joinChannel', { channel: of(bob) })
  await bob.fails('CHANNEL_PRIVATE', 'channels.toggleUsername', { channel: of(bob), username: 'news', active: true })
  for (const name of ['news', 'daily']) {
    await alice.call('channels.toggleUsername', { channel: of(alice), username: name, active: true })
  }
  await alice.call('channels.reorderUsernames', { channel: of(alice), order: ['daily', 'news'] })
  assert.deepEqual(names((await shown(bob)).usernames), ['daily', 'news'])
  for (const name of ['daily', 'news']) {
    const { peer } = await bob.call('contacts.resolveUsername', { username: name })
    assert.deepEqual(peer, { _: 'peerChannel', channelId: id })
  }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.deactivateAllUsernames', { channel: of(bob) })
  await alice.call('channels.deactivateAllUsernames', { channel: of(alice) })
  await bob.fails('USERNAME_NOT_OCCUPIED', 'contacts.resolveUsername', { username: 'daily' })
  assert.deepEqual(names((await shown(alice)).usernames), ['daily off', 'news off'])
})
