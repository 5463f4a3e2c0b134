import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, plain, startTestServer, type TestServer } from '../../../test/harness/index.ts'
import { access } from '../../domain/access.ts'
import { sendMessage } from '../../domain/send.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

async function write(server: TestServer, from: Person, to: Person): Promise<void> {
  await new Context(server.app, from.id).transact(async (tx) => {
    const self = await access.user(tx, { _: 'inputUserSelf' })
    await sendMessage(tx, self, await access.peer(tx, from.peerOf(to)), { text: 'hello' })
  })
}

const full = async (by: Person, of: Person) => (await by.call('users.getFullUser', { id: by.userOf(of) })).fullUser
const bar = async (by: Person, of: Person) => plain((await full(by, of)).settings)

test('users come in the order asked for, with userEmpty for those that cannot be named', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  const id: tl.InputUser[] = [
    alice.userOf(carol),
    carol.userOf(bob),
    { _: 'inputUserSelf' },
    { _: 'inputUserEmpty' },
    alice.userOf(bob),
    { _: 'inputUser', userId: 404, accessHash: 1n },
    alice.userOf(carol),
  ]
  const users = await alice.call('users.getUsers', { id })
  assert.deepEqual(
    users.map((u) => `${u._} ${u.id}`),
    [
      `user ${carol.id}`,
      `userEmpty ${bob.id}`,
      `user ${alice.id}`,
      'userEmpty 0',
      `user ${bob.id}`,
      'userEmpty 404',
      `user ${carol.id}`,
    ],
  )
  const [, , me] = users as tl.user[]
  assert.deepEqual([me!.self, me!.phone, me!.firstName], [true, alice.phone, 'Alice'])
  assert.equal((users[4] as tl.user).accessHash, alice.userOf(bob).accessHash)
  await alice.fails('LIMIT_INVALID', 'users.getUsers', {
    id: new Array<tl.InputUser>(201).fill({ _: 'inputUserSelf' }),
  })
})

test('the bar of a chat with a stranger, and how it goes', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  const offered = { _: 'peerSettings', addContact: true, blockContact: true }
  assert.deepEqual(await bar(alice, bob), offered)
  await write(server, bob, alice)
  assert.deepEqual(await bar(alice, bob), { ...offered, reportSpam: true, registrationMonth: '01.2026' })
  assert.deepEqual(await bar(bob, alice), offered, 'who wrote first has nothing to report')
  await write(server, alice, bob)
  assert.deepEqual(await bar(alice, bob), offered, 'nor who answered')
  await alice.call('contacts.block', { id: alice.peerOf(bob) })
  assert.deepEqual(await bar(alice, bob), { _: 'peerSettings', addContact: true })
  await alice.call('contacts.unblock', { id: alice.peerOf(bob) })
  await alice.call('contacts.addContact', { id: alice.userOf(bob), firstName: 'B', lastName: '', phone: '' })
  assert.deepEqual(await bar(alice, bob), { _: 'peerSettings' })
  await alice.call('contacts.deleteContacts', { id: [alice.userOf(bob)] })
  await server.app.store.transact((trx) =>
    trx.updateTable('dialog').set({ bar_hidden: 1 }).where('owner', '=', alice.id).execute(),
  )
  assert.deepEqual(await bar(alice, bob), { _: 'peerSettings' })
  const own = await alice.call('users.getFullUser', { id: { _: 'inputUserSelf' } })
  assert.deepEqual(plain(own.fullUser.settings), { _: 'peerSettings' })
  assert.equal((own.users[0] as tl.user).self, true)
})

test('what the full user tells of the chat with them', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  await write(server, alice, bob)
  await write(server, alice, bob)
  await server.app.store.transact(async (trx) => {
    await trx.updateTable('message').set({ pinned: 1 }).where('owner', '=', alice.id).execute()
    await trx
      .updateTable('dialog')
      .set({ folder: 1, ttl: 86_400, noforwards: 1 })
      .where('owner', '=', alice.id)
      .execute()
    const chat = { title: 'G', creator: alice.id, photo_id: null, date: 1, version: 1, default_banned: null, count: 2 }
    for (const id of [1, 2, 3, 4]) {
      const more = { migrated_to: null, reactions: null, deactivated: id === 4 ? 1 : 0 }
      await trx
        .insertInto('chat')
        .values({ id, ...chat, ...more })
        .execute()
      for (const one of [alice, bob]) {
        const gone = id === 3 && one === bob ? 1 : 0
        const row = { chat_id: id, user_id: one.id, inviter: alice.id, date: 1, rank: null, gone }
        await trx.insertInto('chat_member').values(row).execute()
      }
    }
  })
  const seen = await full(alice, bob)
  assert.deepEqual(
    [seen.pinnedMsgId, seen.folderId, seen.ttlPeriod, seen.commonChatsCount, seen.canPinMessage],
    [2, 1, 86_400, 2, true],
  )
  assert.equal(seen.noforwardsMyEnabled, true)
  const theirs = await full(bob, alice)
  assert.deepEqual([theirs.noforwardsPeerEnabled, theirs.pinnedMsgId, theirs.folderId], [true, undefined, undefined])
})

test('a deleted account is an empty shell', async () => {
  await using server = await startTestServer()
  const [alice, bob] = (await server.people('Alice', 'Bob')) as [Person, Person]
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ deleted: 1, phone: null }).where('id', '=', bob.id).execute(),
  )
  const [user] = (await alice.call('users.getUsers', { id: [alice.userOf(bob)] })) as [tl.user]
  assert.deepEqual(plain(user), {
    _: 'user',
    id: bob.id,
    accessHash: alice.userOf(bob).accessHash,
    deleted: true,
  })
  assert.deepEqual(await bar(alice, bob), { _: 'peerSettings' })
  await alice.fails('PHONE_NOT_OCCUPIED', 'contacts.resolvePhone', { phone: bob.phone })
})
