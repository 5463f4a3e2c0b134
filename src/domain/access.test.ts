import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, startTestServer, type TestServer } from '../../test/harness/index.ts'
import { Context } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { access } from './access.ts'
import { sendMessage } from './send.ts'

const ctxOf = (server: TestServer, who: Person) => new Context(server.app, who.id)

async function refused(error: string, named: Promise<unknown>): Promise<void> {
  await assert.rejects(named, (thrown) => thrown instanceof RpcError && thrown.type === error, error)
}

/** Puts two people into a group and has the first say something there. */
async function sayInGroup(server: TestServer, from: Person, to: Person, entities: tl.MessageEntity[] = []) {
  const chat = { id: 5, title: 'Group', creator: from.id, date: 1, version: 1, count: 2 }
  await server.app.store.transact(async (trx) => {
    const rest = { photo_id: null, default_banned: null, migrated_to: null, reactions: null }
    await trx
      .insertInto('chat')
      .values({ ...chat, ...rest })
      .execute()
    for (const user_id of [from.id, to.id]) {
      const row = { chat_id: chat.id, user_id, inviter: from.id, date: 1, rank: null }
      await trx.insertInto('chat_member').values(row).execute()
    }
  })
  await ctxOf(server, from).transact(async (tx) => {
    const me = await access.user(tx, { _: 'inputUserSelf' })
    const peer = await access.peer(tx, { _: 'inputPeerChat', chatId: chat.id })
    await sendMessage(tx, me, peer, { text: 'Carol is here', entities })
  })
  const group: tl.InputPeer = { _: 'inputPeerChat', chatId: chat.id }
  return { group, msgId: 1 }
}

test('a hash is good for the account it was given to, and for that user alone', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  const ctx = ctxOf(server, alice)
  assert.equal((await access.user(ctx, alice.userOf(bob))).id, bob.id)
  assert.equal((await access.peer(ctx, alice.peerOf(bob))).peer, bob.id)
  const wrong = [carol.userOf(bob).accessHash, alice.userOf(carol).accessHash, 0n, alice.userOf(bob).accessHash + 1n]
  for (const accessHash of wrong) {
    await refused('USER_ID_INVALID', access.user(ctx, { ...alice.userOf(bob), accessHash }))
    await refused('PEER_ID_INVALID', access.peer(ctx, { ...alice.peerOf(bob), accessHash }))
  }
  // Nobody has that number, whatever the hash.
  const unknown = server.hashFor(alice, 99)
  await refused('USER_ID_INVALID', access.user(ctx, { _: 'inputUser', userId: 99, accessHash: unknown }))
  await refused('PEER_ID_INVALID', access.peer(ctx, { _: 'inputPeerUser', userId: 99, accessHash: unknown }))
  await refused('USER_ID_INVALID', access.user(ctx, { _: 'inputUserEmpty' }))
  await refused('PEER_ID_INVALID', access.peer(ctx, { _: 'inputPeerEmpty' }))
  assert.equal((await access.user(ctx, { _: 'inputUserSelf' })).self, true)
  const own = { userId: alice.id, accessHash: 0n }
  assert.equal((await access.user(ctx, { _: 'inputUser', ...own })).self, true, 'oneself needs no hash')
})

test('a group is for those who are or were in it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  const { group } = await sayInGroup(server, alice, bob)
  assert.equal((await access.peer(ctxOf(server, bob), group)).peer, -5)
  await refused('PEER_ID_INVALID', access.peer(ctxOf(server, carol), group))
  await refused('CHAT_ID_INVALID', access.chat(ctxOf(server, carol), 5))
  await refused('PEER_ID_INVALID', access.userPeer(ctxOf(server, bob), group))
})

test('a user can be named by a message that mentions them', async () => {
  await using server = await startTestServer()
  const names = ['Alice', 'Bob', 'Carol', 'Dave'] as const
  const [alice, bob, carol, dave] = (await server.people(...names)) as [Person, Person, Person, Person]
  const mention: tl.MessageEntity = { _: 'messageEntityMentionName', offset: 0, length: 5, userId: carol.id }
  const { group: peer, msgId } = await sayInGroup(server, alice, bob, [mention])
  const ctx = ctxOf(server, bob)
  const named = (userId: number, more: { peer?: tl.InputPeer; msgId?: number } = {}) => ({
    peer,
    msgId,
    userId,
    ...more,
  })
  const user = (...args: Parameters<typeof named>) => access.user(ctx, { _: 'inputUserFromMessage', ...named(...args) })
  const dialog = (...args: Parameters<typeof named>) =>
    access.peer(ctx, { _: 'inputPeerUserFromMessage', ...named(...args) })
  for (const door of [user, dialog]) {
    assert.equal((await door(alice.id)).id, alice.id, 'its author')
    assert.equal((await door(carol.id)).id, carol.id, 'whom its text mentions')
    await refused('MSG_ID_INVALID', door(dave.id))
    await refused('MSG_ID_INVALID', door(alice.id, { msgId: 2 }))
    await refused('MSG_ID_INVALID', door(alice.id, { peer: bob.peerOf(alice) }))
    await refused('PEER_ID_INVALID', door(alice.id, { peer: { ...bob.peerOf(alice), accessHash: 0n } }))
  }
  // The message is in Alice's and Bob's copies only.
  const stranger = ctxOf(server, dave)
  await refused('PEER_ID_INVALID', access.user(stranger, { _: 'inputUserFromMessage', ...named(alice.id) }))
})
