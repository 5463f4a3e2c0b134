import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel, type TestChannel } from '../channels/test-channel.ts'
import { FILES, item, makeSet } from '../stickers/test-stickers.ts'
import { makeDiscussion } from '../threads/test-discussion.ts'

const emoji = (emoticon: string): tl.Reaction => ({ _: 'reactionEmoji', emoticon })
const [heart, thumb, fire] = ['❤', '👍', '🔥'].map(emoji) as [tl.Reaction, tl.Reaction, tl.Reaction]
const some = (...reactions: tl.Reaction[]): tl.ChatReactions => ({ _: 'chatReactionsSome', reactions })

const choose = (who: Person, place: TestChannel, availableReactions: tl.ChatReactions) =>
  who.call('messages.setChatAvailableReactions', { peer: place.peer(who), availableReactions })
const react = (who: Person, place: TestChannel, msgId: number, ...reaction: tl.Reaction[]) =>
  who.call('messages.sendReaction', { peer: place.peer(who), msgId, reaction })
const refused = (error: string, who: Person, place: TestChannel, msgId: number, ...reaction: tl.Reaction[]) =>
  who.fails(error, 'messages.sendReaction', { peer: place.peer(who), msgId, reaction })
const fullOf = async (who: Person, place: TestChannel) =>
  (await who.call('channels.getFullChannel', { channel: place.of(who) })).fullChat as tl.channelFull

/** Custom emoji of a set of somebody's. */
async function customEmoji(who: Person, count: number): Promise<tl.reactionCustomEmoji[]> {
  const stickers: tl.inputStickerSetItem[] = []
  for (let i = 0; i < count; i++) stickers.push(await item(who, await FILES.webp(100, 100)))
  const { documents } = await makeSet(who, { emojis: true, stickers })
  return documents.map(({ id }) => ({ _: 'reactionCustomEmoji', documentId: id }))
}

test('custom emoji that a place lists are for everybody there; a channel lists as many as its level', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const [own, other] = (await customEmoji(alice, 2)) as [tl.reactionCustomEmoji, tl.reactionCustomEmoji]
  const msgId = await alice.say(group.peer(alice), 'hi')
  await refused('PREMIUM_ACCOUNT_REQUIRED', bob, group, msgId, own)
  await choose(alice, group, some(thumb, own))
  await alice.updates()
  await react(bob, group, msgId, own)
  const [told] = await alice.updatesOf('updateMessageReactions')
  assert.deepEqual(told!.reactions.results[0]!.reaction, own)

  const channel = await makeChannel('channel', alice, bob)
  assert.deepEqual((await fullOf(bob, channel)).availableReactions, { _: 'chatReactionsAll' })
  const listed = { peer: channel.peer(alice), availableReactions: some(thumb, own) }
  await alice.fails('BOOSTS_REQUIRED', 'messages.setChatAvailableReactions', listed)
  const boosts = server.app.config.limits.boostsPerLevel
  await server.app.store.transact((trx) =>
    trx.updateTable('channel').set({ boosts }).where('id', '=', channel.id).execute(),
  )
  await choose(alice, channel, some(thumb, own))
  const more = { peer: channel.peer(alice), availableReactions: some(thumb, own, other) }
  await alice.fails('BOOSTS_REQUIRED', 'messages.setChatAvailableReactions', more)
  const post = await alice.say(channel.peer(alice), 'post')
  await react(bob, channel, post, own)
  assert.deepEqual((await historyOf(alice, channel))[0]!.reactions!.results[0]!.reaction, own)
})

test('what somebody has reacted with stays for others when the list changes, until nobody may react', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const msgId = await alice.say(group.peer(alice), 'hi')
  await react(alice, group, msgId, fire)
  await choose(alice, group, some(thumb))
  await alice.updates()
  await react(bob, group, msgId, fire)
  const [told] = await alice.updatesOf('updateMessageReactions')
  assert.equal(told!.reactions.results[0]!.count, 2)
  await refused('REACTION_INVALID', bob, group, msgId, heart)
  await choose(alice, group, { _: 'chatReactionsNone' })
  await refused('REACTION_INVALID', bob, group, msgId, fire, thumb)
})

test('a post is reacted to where it is discussed as its channel wants, and nobody sees by whom', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const { channel, group } = await makeDiscussion(alice, bob)
  await choose(alice, channel, some(heart))
  await choose(alice, group, some(thumb))
  await alice.say(channel.peer(alice), 'post')
  const copy = (await historyOf(alice, group))[0]!.id
  await refused('REACTION_INVALID', bob, group, copy, thumb)
  await react(bob, group, copy, heart)
  const { reactions } = (await historyOf(alice, group)).find((m) => m.id === copy)!
  assert.deepEqual(
    [reactions!.results[0]!.count, reactions!.recentReactions, reactions!.canSeeList],
    [1, undefined, undefined],
  )
  const list = { peer: group.peer(alice), id: copy, limit: 10 }
  await alice.fails('BROADCAST_FORBIDDEN', 'messages.getMessageReactionsList', list)
  const comment = await bob.say(group.peer(bob), 'comment')
  await react(alice, group, comment, thumb)
  const seen = (await historyOf(bob, group)).find((m) => m.id === comment)!
  assert.deepEqual([seen.reactions!.canSeeList, seen.reactions!.recentReactions?.length], [true, 1])
})

test('between two people who reacted comes with the message, and there is no list beside it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const msgId = await alice.say(bob, 'hi')
  await bob.updates()
  await alice.call('messages.sendReaction', { peer: alice.peerOf(bob), msgId, reaction: [heart] })
  const [told] = await bob.updatesOf('updateMessageReactions')
  assert.deepEqual([told!.reactions.canSeeList, told!.reactions.recentReactions?.length], [undefined, 1])
})
