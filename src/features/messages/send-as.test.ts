import assert from 'node:assert/strict'
import { type Person, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel, type TestChannel } from '../channels/test-channel.ts'

const as = (id: number): tl.Peer => ({ _: 'peerChannel', channelId: id })
const name = (who: Person, place: TestChannel, username: string) =>
  who.call('channels.updateUsername', { channel: place.of(who), username })
const authors = async (who: Person, place: TestChannel, more: { forPaidReactions?: boolean } = {}) =>
  (await who.call('channels.getSendAs', { peer: place.peer(who), ...more })).peers.map((p) => p.peer)
let n = 1n
const say = (who: Person, place: TestChannel, message: string, sendAs?: tl.InputPeer) =>
  who.call('messages.sendMessage', { peer: place.peer(who), message, randomId: ++n, sendAs })
const fullOf = async (who: Person, place: TestChannel) =>
  (await who.call('channels.getFullChannel', { channel: place.of(who) })).fullChat as tl.channelFull

test('in a public group one speaks in the name of one’s own public channels, and no others', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const mine = await makeChannel('channel', bob)
  const hidden = await makeChannel('channel', bob)
  const other = await makeChannel('channel', carol)
  await name(bob, mine, 'bobs_channel')
  await name(carol, other, 'carols_channel')
  assert.deepEqual(await authors(bob, group), [bob.peerId])
  await bob.fails('SEND_AS_PEER_INVALID', 'messages.sendMessage', {
    peer: group.peer(bob),
    message: 'private groups take people alone',
    randomId: 5n,
    sendAs: mine.peer(bob),
  })
  await name(alice, group, 'public_group')
  assert.deepEqual(await authors(bob, group), [bob.peerId, as(mine.id)])
  assert.deepEqual(await authors(bob, group, { forPaidReactions: true }), [bob.peerId, as(mine.id)])
  for (const sendAs of [hidden.peer(bob), other.peer(bob), bob.peerOf(carol)]) {
    const one = { peer: group.peer(bob), message: 'x', randomId: ++n, sendAs }
    await bob.fails('SEND_AS_PEER_INVALID', 'messages.sendMessage', one)
  }
  await bob.fails('SEND_AS_PEER_INVALID', 'messages.saveDefaultSendAs', {
    peer: group.peer(bob),
    sendAs: other.peer(bob),
  })
  await alice.updates()
  await say(bob, group, 'as my channel', mine.peer(bob))
  const [told] = await alice.updatesOf('updateNewChannelMessage')
  const message = told!.message as tl.message
  assert.deepEqual(message.fromId, as(mine.id))
  assert.equal(message.out, undefined)
  // It stays Bob's: he sees it as his own and edits it.
  const [own] = await historyOf(bob, group)
  assert.equal(own!.out, true)
  await bob.call('messages.editMessage', { peer: group.peer(bob), id: own!.id, message: 'edited' })
  assert.equal((await historyOf(alice, group))[0]!.message, 'edited')
})

test('who one speaks as by default holds for messages, reactions and votes, and shows on other devices', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await bob.device()
  const group = await makeChannel('group', alice, bob)
  await name(alice, group, 'public_group')
  const mine = await makeChannel('channel', bob)
  await name(bob, mine, 'bobs_channel')
  await phone.updates()
  await bob.call('messages.saveDefaultSendAs', { peer: group.peer(bob), sendAs: mine.peer(bob) })
  assert.deepEqual(await phone.updates(), [{ _: 'updateChannel', channelId: group.id }])
  assert.deepEqual((await fullOf(bob, group)).defaultSendAs, as(mine.id))
  assert.equal((await fullOf(alice, group)).defaultSendAs, undefined)
  await say(bob, group, 'by default')
  await say(bob, group, 'as myself', { _: 'inputPeerSelf' })
  const [myself, channel] = await historyOf(alice, group)
  assert.deepEqual([myself!.fromId, channel!.fromId], [bob.peerId, as(mine.id)])

  const id = await alice.say(group.peer(alice), 'react')
  const reaction: tl.Reaction[] = [{ _: 'reactionEmoji', emoticon: '👍' }]
  await bob.call('messages.sendReaction', { peer: group.peer(bob), msgId: id, reaction })
  const [seen] = await historyOf(alice, group)
  assert.deepEqual(
    seen!.reactions?.recentReactions?.map((r) => [r.peerId, r.my]),
    [[as(mine.id), undefined]],
  )
  const [own] = await historyOf(bob, group)
  assert.equal(own!.reactions?.recentReactions?.[0]?.my, true)
  assert.equal(own!.reactions?.results[0]?.chosenOrder, 0)

  const answer = (text: string): tl.inputPollAnswer => ({
    _: 'inputPollAnswer',
    text: { _: 'textWithEntities', text, entities: [] },
  })
  const poll: tl.poll = {
    _: 'poll',
    id: 0n,
    publicVoters: true,
    question: { _: 'textWithEntities', text: '?', entities: [] },
    answers: [answer('a'), answer('b')],
    hash: 0n,
  }
  const sent = await alice.call('messages.sendMedia', {
    peer: group.peer(alice),
    media: { _: 'inputMediaPoll', poll },
    message: '',
    randomId: ++n,
  })
  const { id: pollId } = unpack(sent).find((u) => u._ === 'updateMessageID')
  const media = (await historyOf(bob, group))[0]!.media as tl.messageMediaPoll
  const option = (media.poll.answers[0] as tl.pollAnswer).option
  await bob.call('messages.sendVote', { peer: group.peer(bob), msgId: pollId, options: [option] })
  const voted = (await historyOf(bob, group))[0]!.media as tl.messageMediaPoll
  assert.equal(voted.results.results?.[0]?.chosen, true)
  const votes = await bob.call('messages.getPollVotes', { peer: group.peer(bob), id: pollId, limit: 10 })
  assert.deepEqual(
    votes.votes.map((v) => v.peer),
    [as(mine.id)],
  )
  await bob.call('messages.saveDefaultSendAs', { peer: group.peer(bob), sendAs: bob.peerFor(bob) })
  assert.equal((await fullOf(bob, group)).defaultSendAs, undefined)
  await say(bob, group, 'myself again')
  assert.deepEqual((await historyOf(alice, group))[0]!.fromId, bob.peerId)
})

test('a channel is removed from a group: its owner speaks as none of theirs, until it may again', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  await name(alice, group, 'public_group')
  const mine = await makeChannel('channel', bob)
  await name(bob, mine, 'bobs_channel')
  await say(bob, group, 'one', mine.peer(bob))
  await say(bob, group, 'two', mine.peer(bob))
  await say(bob, group, 'me')
  const ban = (rights: Partial<tl.chatBannedRights>) =>
    alice.call('channels.editBanned', {
      channel: group.of(alice),
      participant: mine.peer(alice),
      bannedRights: { _: 'chatBannedRights', untilDate: 0, ...rights },
    })
  await assert.rejects(() => ban({ sendMedia: true }), /BANNED_RIGHTS_INVALID/)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.editBanned', {
    channel: group.of(bob),
    participant: mine.peer(bob),
    bannedRights: { _: 'chatBannedRights', untilDate: 0, viewMessages: true },
  })
  const named = { channel: group.of(alice), participant: mine.peer(alice) }
  await alice.fails('USER_NOT_PARTICIPANT', 'channels.getParticipant', named)
  await alice.fails('PARTICIPANT_ID_INVALID', 'channels.getParticipant', { ...named, participant: group.peer(alice) })
  await ban({ viewMessages: true })
  const one = await alice.call('channels.getParticipant', named)
  assert.ok(one.participant._ === 'channelParticipantBanned')
  assert.deepEqual(one.participant.peer, as(mine.id))
  for (const q of ['', 'plac', 'nobody']) {
    const kicked = (await alice.call('channels.getParticipants', {
      channel: group.of(alice),
      filter: { _: 'channelParticipantsKicked', q },
      offset: 0,
      limit: 10,
      hash: 0n,
    })) as tl.channels_channelParticipants
    assert.equal(kicked.participants.length, q === 'nobody' ? 0 : 1)
  }
  assert.deepEqual(await authors(bob, group), [bob.peerId])
  await bob.fails('USER_BANNED_IN_CHANNEL', 'messages.sendMessage', {
    peer: group.peer(bob),
    message: 'three',
    randomId: ++n,
    sendAs: mine.peer(bob),
  })
  const texts = async () => (await historyOf(bob, group)).flatMap((m) => m.message ?? [])
  const ids = (await historyOf(alice, group)).filter((m) => m.fromId?._ === 'peerChannel').map((m) => m.id)
  await alice.call('channels.reportSpam', { ...named, id: ids })
  await alice.call('channels.deleteParticipantHistory', named)
  assert.deepEqual(await texts(), ['me'])
  await ban({})
  await say(bob, group, 'back', mine.peer(bob))
  assert.deepEqual(await texts(), ['back', 'me'])
})

test('whoever posts in a channel speaks for it in its group; scheduled messages keep their author', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const channel = await makeChannel('channel', alice, bob)
  await alice.call('channels.setDiscussionGroup', { broadcast: channel.of(alice), group: group.of(alice) })
  assert.deepEqual(await authors(alice, group), [alice.peerId, as(channel.id)])
  assert.deepEqual(await authors(bob, group), [bob.peerId])
  const date = Math.floor(server.clock.now() / 1000) + 600
  await alice.call('messages.sendMessage', {
    peer: group.peer(alice),
    message: 'later',
    randomId: ++n,
    scheduleDate: date,
    sendAs: channel.peer(alice),
  })
  const queue = await alice.call('messages.getScheduledHistory', { peer: group.peer(alice), hash: 0n })
  assert.ok('messages' in queue)
  assert.deepEqual((queue.messages[0] as tl.message).fromId, as(channel.id))
  await server.clock.advance(601)
  assert.deepEqual((await historyOf(bob, group))[0]!.fromId, as(channel.id))
  await alice.fails('PARTICIPANT_ID_INVALID', 'channels.editBanned', {
    channel: group.of(alice),
    participant: channel.peer(alice),
    bannedRights: { _: 'chatBannedRights', untilDate: 0, viewMessages: true },
  })
  await alice.fails('PEER_ID_INVALID', 'messages.saveDefaultSendAs', {
    peer: alice.peerOf(bob),
    sendAs: channel.peer(alice),
  })
})
