import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type Person, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

const emoji = (emoticon: string): tl.Reaction => ({ _: 'reactionEmoji', emoticon })
const [heart, thumb, fire] = ['❤', '👍', '🔥'].map(emoji) as [tl.Reaction, tl.Reaction, tl.Reaction]
const page = { offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 }
const rid = () => randomBytes(8).readBigInt64LE()

type Place = (who: Person) => tl.inputPeerChannel
const asChannel = ({ channelId, accessHash: hash }: tl.inputPeerChannel): tl.inputChannel => ({
  _: 'inputChannel',
  channelId,
  accessHash: hash,
})

/** A supergroup of these people, or a channel: how each of them names it. */
async function place(kind: 'megagroup' | 'broadcast', creator: Person, ...members: Person[]): Promise<Place> {
  const answer = (await creator.call('channels.createChannel', {
    [kind]: true,
    title: 'Place',
    about: '',
  })) as tl.updates
  const { id } = answer.chats[0]!
  const of: Place = (who) => ({
    _: 'inputPeerChannel',
    channelId: id,
    accessHash: accessHash(new Context(who.server.app, who.id), 'channel', id),
  })
  const users = members.map((m) => creator.userOf(m))
  await creator.call('channels.inviteToChannel', { channel: asChannel(of(creator)), users })
  for (const person of [creator, ...members]) await person.updates()
  return of
}

async function newest(who: Person, peer: tl.InputPeer): Promise<tl.message> {
  const answer = await who.call('messages.getHistory', { peer, ...page, limit: 1, offsetDate: 0, hash: 0n })
  return (answer as tl.messages_channelMessages).messages[0] as tl.message
}

const counts = (reactions: tl.MessageReactions | undefined) =>
  reactions?.results.map((r) => [(r.reaction as tl.reactionEmoji).emoticon, r.count, r.chosenOrder])

test('a supergroup’s members react to one message, each seeing their own; its author sees it is new', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const at = await place('megagroup', alice, bob, carol)
  const msgId = await alice.say(at(alice), 'hi')
  await bob.updates()
  await carol.updates()
  await bob.call('messages.sendReaction', { peer: at(bob), msgId, reaction: [fire] })
  await carol.call('messages.sendReaction', { peer: at(carol), msgId, reaction: [fire] })
  const told = await alice.updatesOf('updateMessageReactions')
  assert.deepEqual(counts(told.at(-1)!.reactions), [['🔥', 2, undefined]])
  assert.equal(told.at(-1)!.reactions.recentReactions!.filter((r) => r.unread).length, 2)
  const theirs = await bob.updatesOf('updateMessageReactions')
  assert.deepEqual(counts(theirs.at(-1)!.reactions), [['🔥', 2, 0]])
  assert.ok(!theirs.at(-1)!.reactions.recentReactions!.some((r) => r.unread))
  const { dialogs } = await alice.call('messages.getPeerDialogs', {
    peers: [{ _: 'inputDialogPeer', peer: at(alice) }],
  })
  assert.equal((dialogs[0] as tl.dialog).unreadReactionsCount, 1)
  const unread = await alice.call('messages.getUnreadReactions', { peer: at(alice), ...page })
  assert.deepEqual(
    (unread as tl.messages_messages).messages.map((m) => m.id),
    [msgId],
  )
  assert.equal(
    ((await bob.call('messages.getUnreadReactions', { peer: at(bob), ...page })) as tl.messages_messages).messages
      .length,
    0,
  )
  await alice.call('messages.readReactions', { peer: at(alice) })
  assert.equal(
    ((await alice.call('messages.getUnreadReactions', { peer: at(alice), ...page })) as tl.messages_messages).messages
      .length,
    0,
  )
  const list = await bob.call('messages.getMessageReactionsList', { peer: at(bob), id: msgId, limit: 10 })
  assert.equal(list.count, 2)
  const unseen = async () => {
    const answer = await alice.call('messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeer', peer: at(alice) }] })
    return (answer.dialogs[0] as tl.dialog).unreadReactionsCount
  }
  const second = await alice.say(at(alice), 'to be deleted')
  await bob.call('messages.sendReaction', { peer: at(bob), msgId: second, reaction: [heart] })
  assert.equal(await unseen(), 1)
  await alice.call('channels.deleteMessages', { channel: asChannel(at(alice)), id: [second] })
  assert.equal(await unseen(), 0)
  await alice.call('messages.deleteParticipantReaction', { peer: at(alice), msgId, participant: alice.peerOf(bob) })
  assert.deepEqual(counts((await newest(carol, at(carol))).reactions), [['🔥', 1, 0]])
})

test('a channel’s posts take the reactions it chose, and show nobody’s name', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const at = await place('broadcast', alice, bob)
  const msgId = await alice.say(at(alice), 'news')
  await bob.call('messages.sendReaction', { peer: at(bob), msgId, reaction: [heart] })
  const { reactions } = await newest(alice, at(alice))
  assert.deepEqual(
    [counts(reactions), reactions!.canSeeList, reactions!.recentReactions],
    [[['❤', 1, undefined]], undefined, undefined],
  )
  await bob.fails('BROADCAST_FORBIDDEN', 'messages.getMessageReactionsList', { peer: at(bob), id: msgId, limit: 10 })
  const set = (availableReactions: tl.ChatReactions) => ({ peer: at(alice), availableReactions })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.setChatAvailableReactions', {
    ...set({ _: 'chatReactionsNone' }),
    peer: at(bob),
  })
  await alice.call('messages.setChatAvailableReactions', set({ _: 'chatReactionsSome', reactions: [thumb] }))
  await alice.fails(
    'CHAT_NOT_MODIFIED',
    'messages.setChatAvailableReactions',
    set({ _: 'chatReactionsSome', reactions: [thumb] }),
  )
  await bob.fails('REACTION_INVALID', 'messages.sendReaction', { peer: at(bob), msgId, reaction: [fire] })
  const { fullChat } = await bob.call('channels.getFullChannel', { channel: asChannel(at(bob)) })
  assert.equal((fullChat as tl.channelFull).availableReactions?._, 'chatReactionsSome')
})

test('a hundred people react in a supergroup at once, and every one is counted', async () => {
  await using server = await startTestServer()
  const people = await server.people(...Array.from({ length: 100 }, (_, i) => `P${i}`))
  const [first, ...rest] = people
  const at = await place('megagroup', first!, ...rest)
  const msgId = await first!.say(at(first!), 'vote')
  await Promise.all(
    people.map((p, i) => p.call('messages.sendReaction', { peer: at(p), msgId, reaction: [i % 4 ? thumb : heart] })),
  )
  assert.deepEqual(counts((await newest(people[1]!, at(people[1]!))).reactions), [
    ['👍', 75, 0],
    ['❤', 25, undefined],
  ])
})

test('in a large group those are told whom a reaction concerns; the others ask', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const at = await place('megagroup', alice, bob, carol)
  const msgId = await alice.say(at(alice), 'hi')
  const { channelId } = at(alice)
  await server.app.store.transact((trx) =>
    trx.updateTable('channel').set({ members: 201 }).where('id', '=', channelId).execute(),
  )
  const phone = await bob.device()
  await carol.updates()
  await bob.call('messages.sendReaction', { peer: at(bob), msgId, reaction: [fire] })
  assert.deepEqual(
    (await alice.updatesOf('updateMessageReactions')).map((u) => u.msgId),
    [msgId],
  )
  assert.deepEqual(counts((await phone.updatesOf('updateMessageReactions'))[0]!.reactions), [['🔥', 1, 0]])
  assert.deepEqual(await carol.updates(), [])
  const [asked] = unpack(await carol.call('messages.getMessagesReactions', { peer: at(carol), id: [msgId] }))
  assert.deepEqual(counts(asked.reactions), [['🔥', 1, undefined]])
})

test('polls and to-do lists in channels are one for everybody', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ premium: 1 }).where('id', '=', alice.id).execute(),
  )
  const at = await place('broadcast', alice, bob)
  const text = (value: string): tl.TextWithEntities => ({ _: 'textWithEntities', text: value, entities: [] })
  const answers = ['a', 'b'].map((t): tl.PollAnswer => ({ _: 'inputPollAnswer', text: text(t) }))
  const poll = (publicVoters?: true): tl.InputMedia => ({
    _: 'inputMediaPoll',
    poll: { _: 'poll', id: 0n, question: text('?'), answers, hash: 0n, publicVoters },
  })
  const send = (media: tl.InputMedia) => ({ peer: at(alice), media, message: '', randomId: rid() })
  await alice.fails('BROADCAST_PUBLIC_VOTERS_FORBIDDEN', 'messages.sendMedia', send(poll(true)))
  const sent = unpack(await alice.call('messages.sendMedia', send(poll())))
  const msgId = sent.find((u) => u._ === 'updateMessageID').id
  await bob.call('messages.sendVote', { peer: at(bob), msgId, options: [new Uint8Array(Buffer.from('1'))] })
  const told = (await alice.updatesOf('updateMessagePoll')).at(-1)!
  assert.deepEqual([told.results.totalVoters, told.results.results?.map((r) => r.voters)], [1, [0, 1]])
  const [closed] = unpack(
    await alice.call('messages.editMessage', {
      peer: at(alice),
      id: msgId,
      media: { ...(poll() as tl.inputMediaPoll), poll: { ...(poll() as tl.inputMediaPoll).poll, closed: true } },
    }),
  )
  assert.equal(closed.results.results[1].voters, 1)
  assert.equal(((await newest(bob, at(bob))).media as tl.messageMediaPoll).poll.closed, true)
  const group = await place('megagroup', alice, bob)
  const item: tl.TodoItem = { _: 'todoItem', id: 1, title: text('milk') }
  const todo: tl.InputMedia = {
    _: 'inputMediaTodo',
    todo: { _: 'todoList', othersCanComplete: true, title: text('t'), list: [item] },
  }
  const made = unpack(await alice.call('messages.sendMedia', { ...send(todo), peer: group(alice) }))
  const id = made.find((u) => u._ === 'updateMessageID').id
  await bob.call('messages.toggleTodoCompleted', { peer: group(bob), msgId: id, completed: [1], incompleted: [] })
  const [edit] = await alice.updatesOf('updateEditChannelMessage')
  assert.equal(((edit!.message as tl.message).media as tl.messageMediaToDo).completions!.length, 1)
})
