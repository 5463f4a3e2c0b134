import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type Person, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel, type TestChannel } from '../channels/test-channel.ts'

const reaction: tl.Reaction[] = [{ _: 'reactionEmoji', emoticon: '👍' }]
const text = (value: string): tl.textWithEntities => ({ _: 'textWithEntities', text: value, entities: [] })
const rid = () => randomBytes(8).readBigInt64LE()

const hide = (who: Person, group: TestChannel, admin: Person) =>
  who.call('channels.editAdmin', {
    channel: group.of(who),
    userId: who === admin ? { _: 'inputUserSelf' } : who.userOf(admin),
    adminRights: { _: 'chatAdminRights', anonymous: true, deleteMessages: true, pinMessages: true, other: true },
    rank: '',
  })

async function send(who: Person, group: TestChannel, media: tl.InputMedia): Promise<number> {
  const sent = await who.call('messages.sendMedia', { peer: group.peer(who), media, message: '', randomId: rid() })
  return unpack(sent).find((u) => u._ === 'updateMessageID').id
}

const poll: tl.inputMediaPoll = {
  _: 'inputMediaPoll',
  poll: {
    ...{ _: 'poll', id: 0n, question: text('Which?'), hash: 0n, publicVoters: true, openAnswers: true },
    answers: ['red', 'green'].map((t): tl.PollAnswer => ({ _: 'inputPollAnswer', text: text(t) })),
  },
}

test('an anonymous creator reacts, votes and ticks off in the group’s name; other anonymous administrators do not', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  await hide(alice, group, alice)
  await hide(alice, group, bob)
  const msgId = await carol.say(group.peer(carol), 'what do you say?')
  await carol.updates()

  await alice.call('messages.sendReaction', { peer: group.peer(alice), msgId, reaction })
  const [told] = await carol.updatesOf('updateMessageReactions')
  assert.deepEqual(
    told!.reactions.recentReactions!.map((r) => [r.peerId, r.unread]),
    [[group.peerId, true]],
  )
  const [own] = await historyOf(alice, group)
  assert.equal(own!.reactions!.results[0]!.chosenOrder, 0)
  assert.equal(own!.reactions!.recentReactions![0]!.my, true)
  const [other] = await historyOf(bob, group)
  assert.equal(other!.reactions!.results[0]!.chosenOrder, undefined)
  await bob.fails('ANONYMOUS_REACTIONS_DISABLED', 'messages.sendReaction', { peer: group.peer(bob), msgId, reaction })
  await alice.call('messages.sendReaction', { peer: group.peer(alice), msgId, reaction: [] })
  assert.deepEqual((await historyOf(carol, group))[0]!.reactions?.results ?? [], [])

  const asked = await send(carol, group, poll)
  await carol.updates()
  const vote = { msgId: asked, options: [Buffer.from('0')] }
  await bob.fails('ANONYMOUS_REACTIONS_DISABLED', 'messages.sendVote', { peer: group.peer(bob), ...vote })
  await alice.call('messages.sendVote', { peer: group.peer(alice), ...vote })
  const [voted] = await carol.updatesOf('updateMessagePoll')
  assert.deepEqual(voted!.results.recentVoters, [group.peerId])
  const answer: tl.PollAnswer = { _: 'inputPollAnswer', text: text('blue') }
  await bob.call('messages.addPollAnswer', { peer: group.peer(bob), msgId: asked, answer })
  const [more] = await carol.updatesOf('updateMessagePoll')
  assert.deepEqual((more!.poll!.answers[2] as tl.pollAnswer).addedBy, group.peerId)
  const { option } = more!.poll!.answers[2] as tl.pollAnswer
  await bob.call('messages.deletePollAnswer', { peer: group.peer(bob), msgId: asked, option })
  assert.equal((await carol.updatesOf('updateMessagePoll')).at(-1)!.poll!.answers.length, 2)

  const list: tl.TodoItem[] = [{ _: 'todoItem', id: 1, title: text('milk') }]
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ premium: 1 }).where('id', '=', carol.id).execute(),
  )
  const bought = await send(carol, group, {
    _: 'inputMediaTodo',
    todo: { _: 'todoList', othersCanComplete: true, title: text('Buy'), list },
  })
  await carol.updates()
  const done = { msgId: bought, completed: [1], incompleted: [] }
  await bob.call('messages.toggleTodoCompleted', { peer: group.peer(bob), ...done })
  const [edited] = await carol.updatesOf('updateEditChannelMessage')
  const media = (edited!.message as tl.message).media as tl.messageMediaToDo
  assert.deepEqual(media.completions![0]!.completedBy, group.peerId)
})
