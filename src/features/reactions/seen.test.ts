import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type Person, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'

const reaction: tl.Reaction[] = [{ _: 'reactionEmoji', emoticon: '👍' }]
const text = (value: string): tl.textWithEntities => ({ _: 'textWithEntities', text: value, entities: [] })
const poll: tl.inputMediaPoll = {
  _: 'inputMediaPoll',
  poll: {
    ...{ _: 'poll', id: 0n, question: text('Which?'), hash: 0n, publicVoters: true },
    answers: ['red', 'green'].map((t): tl.PollAnswer => ({ _: 'inputPollAnswer', text: text(t) })),
  },
}

async function ask(who: Person, peer: tl.InputPeer): Promise<number> {
  const sent = { peer, media: poll, message: '', randomId: randomBytes(8).readBigInt64LE() }
  return unpack(await who.call('messages.sendMedia', sent)).find((u) => u._ === 'updateMessageID').id
}

async function unread(who: Person, peer: tl.InputPeer): Promise<[number, number]> {
  const { dialogs } = await who.call('messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeer', peer }] })
  const { unreadReactionsCount, unreadPollVotesCount } = dialogs[0] as tl.dialog
  return [unreadReactionsCount, unreadPollVotesCount]
}

test('who opens what they said in a group has seen the reactions and votes, on every device', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const tablet = await alice.device()
  const group = await makeChannel('group', alice, bob)
  const peer = group.peer(alice)
  const [said, asked] = [await alice.say(peer, 'hi'), await ask(alice, peer)]
  const news = async () => {
    await bob.call('messages.sendReaction', { peer: group.peer(bob), msgId: said, reaction })
    await bob.call('messages.sendVote', { peer: group.peer(bob), msgId: asked, options: [Buffer.from('0')] })
    assert.deepEqual(await unread(alice, peer), [1, 1])
    await tablet.updates()
  }
  const undo = async () => {
    await bob.call('messages.sendReaction', { peer: group.peer(bob), msgId: said, reaction: [] })
    await bob.call('messages.sendVote', { peer: group.peer(bob), msgId: asked, options: [] })
  }
  const shown = async () => {
    const told = await tablet.updates()
    const reactions = told.find((u) => u._ === 'updateMessageReactions') as tl.updateMessageReactions | undefined
    const votes = told.find((u) => u._ === 'updateMessagePoll') as tl.updateMessagePoll | undefined
    return [
      reactions?.reactions.recentReactions?.[0]?.unread,
      votes?.results.hasUnreadVotes,
      reactions?.msgId,
      votes?.msgId,
    ]
  }
  await news()
  await alice.call('channels.readMessageContents', { channel: group.of(alice), id: [said, asked] })
  assert.deepEqual(await unread(alice, peer), [0, 0])
  assert.deepEqual(await shown(), [undefined, undefined, said, asked])
  await undo()
  await news()
  await alice.call('messages.readReactions', { peer })
  await alice.call('messages.readPollVotes', { peer })
  assert.deepEqual(await unread(alice, peer), [0, 0])
  assert.deepEqual(await shown(), [undefined, undefined, said, asked])
})

test('the same between two people, and others see nothing of it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const tablet = await alice.device()
  const peer = alice.peerOf(bob)
  const [said, asked] = [await alice.say(bob, 'hi'), await ask(alice, peer)]
  const theirs = (await bob.updatesOf('updateNewMessage')).map((u) => (u.message as tl.message).id)
  await bob.call('messages.sendReaction', { peer: bob.peerOf(alice), msgId: theirs[0]!, reaction })
  await bob.call('messages.sendVote', { peer: bob.peerOf(alice), msgId: theirs[1]!, options: [Buffer.from('0')] })
  assert.deepEqual(await unread(alice, peer), [1, 1])
  await tablet.updates()
  await bob.updates()
  await alice.call('messages.readMessageContents', { id: [said, asked] })
  assert.deepEqual(await unread(alice, peer), [0, 0])
  const told = await tablet.updates()
  assert.deepEqual(
    told.map((u) => u._),
    ['updateMessageReactions', 'updateMessagePoll', 'updateReadMessagesContents'],
  )
  assert.equal((told[0] as tl.updateMessageReactions).reactions.recentReactions![0]!.unread, undefined)
  assert.deepEqual(await bob.updates(), [])
})
