import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { differenceOf, historyOf, makeChannel, nameChannel, type TestChannel } from '../channels/test-channel.ts'
import { answerIn, makeDirect, replyIn } from './test-monoforum.ts'

const channelPeer = (id: number): tl.Peer => ({ _: 'peerChannel', channelId: id })
const rights = (more: Partial<tl.chatAdminRights>): tl.ChatAdminRights => ({ _: 'chatAdminRights', ...more })
const promote = (who: Person, place: TestChannel, user: Person, more: Partial<tl.chatAdminRights>) =>
  who.call('channels.editAdmin', { channel: place.of(who), userId: who.userOf(user), adminRights: rights(more) })
const texts = async (who: Person, place: TestChannel) => (await historyOf(who, place)).map((m) => m.message)
const START = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' as const }, limit: 10, hash: 0n }
const topics = async (who: Person, direct: TestChannel, more: Partial<typeof START> = {}) => {
  const answer = await who.call('messages.getSavedDialogs', { ...START, parentPeer: direct.peer(who), ...more })
  assert.ok(answer._ !== 'messages.savedDialogsNotModified')
  return answer.dialogs as tl.monoForumDialog[]
}
const dialogOf = async (who: Person, place: TestChannel) => {
  const { dialogs } = (await who.call('messages.getDialogs', START)) as tl.messages_dialogs
  return dialogs.find((d) => d._ === 'dialog' && d.peer._ === 'peerChannel' && d.peer.channelId === place.id) as
    | tl.dialog
    | undefined
}

test('a channel opens its direct messages, prices them, and closes them', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice, bob)
  const set = (who: Person, stars: bigint, broadcastMessagesAllowed?: boolean) =>
    who.call('channels.updatePaidMessagesPrice', {
      channel: channel.of(who),
      broadcastMessagesAllowed,
      sendPaidMessagesStars: stars,
    })
  await assert.rejects(() => set(bob, 0n, true), /CHAT_ADMIN_REQUIRED/)
  await assert.rejects(() => set(alice, -1n, true), /STARS_AMOUNT_INVALID/)
  await assert.rejects(() => set(alice, 0n), /CHAT_NOT_MODIFIED/)
  const answer = (await set(alice, 0n, true)) as tl.updates
  const [made] = answer.chats.filter((chat) => chat._ === 'channel' && chat.monoforum) as tl.channel[]
  assert.ok(made!.id > 1_002_147_483_648)
  assert.equal(made!.linkedMonoforumId, channel.id)
  const told = await bob.updates()
  assert.deepEqual(
    told.map((u) => u._),
    ['updateChannel', 'updateNewChannelMessage'],
  )
  assert.deepEqual(told[1].message.action, {
    _: 'messageActionPaidMessagesPrice',
    broadcastMessagesAllowed: true,
    stars: 0n,
  })
  const { chats } = await bob.call('channels.getFullChannel', { channel: channel.of(bob) })
  const shown = chats.find((chat) => chat.id === channel.id) as tl.channel
  assert.deepEqual([shown.broadcastMessagesAllowed, shown.linkedMonoforumId], [true, made!.id])
  const direct = nameChannel(made!.id)
  assert.equal((chats.find((chat) => chat.id === direct.id) as tl.channel).title, 'Place')
  await alice.fails('CHANNEL_MONOFORUM_UNSUPPORTED', 'channels.updatePaidMessagesPrice', {
    channel: direct.of(alice),
    sendPaidMessagesStars: 1n,
  })
  await bob.say(direct.peer(bob), 'free')
  await set(alice, 5n, true)
  const paid = { peer: direct.peer(bob), message: 'not free', randomId: 7n }
  await bob.fails('ALLOW_PAYMENT_REQUIRED_5', 'messages.sendMessage', paid)
  await bob.fails('NOT_IMPLEMENTED', 'messages.sendMessage', { ...paid, allowPaidStars: 5n })
  const full = (await bob.call('channels.getFullChannel', { channel: direct.of(bob) })).fullChat as tl.channelFull
  assert.equal(full.sendPaidMessagesStars, 5n)
  await answerIn(alice, direct, bob, 'administrators do not pay')
  const exempt = (who: Person, more: { requirePayment?: boolean } = {}) =>
    who.call('account.toggleNoPaidMessagesException', {
      parentPeer: direct.peer(who),
      userId: who.userOf(bob),
      ...more,
    })
  await assert.rejects(() => exempt(bob), /CHAT_ADMIN_REQUIRED|USER_ID_INVALID/)
  const phone = await alice.device()
  await exempt(alice)
  assert.deepEqual(await phone.updatesOf('updateMonoForumNoPaidException'), [
    {
      _: 'updateMonoForumNoPaidException',
      exception: true,
      channelId: direct.id,
      savedPeerId: bob.peerId,
    },
  ])
  await bob.say(direct.peer(bob), 'exempt')
  assert.equal((await topics(alice, direct))[0]!.nopaidMessagesException, true)
  await exempt(alice, { requirePayment: true })
  await bob.fails('ALLOW_PAYMENT_REQUIRED_5', 'messages.sendMessage', { ...paid, randomId: 8n })
  await alice.fails('PARENT_PEER_INVALID', 'account.toggleNoPaidMessagesException', {
    parentPeer: channel.peer(alice),
    userId: alice.userOf(bob),
  })
  await set(alice, 0n)
  await bob.fails('CHAT_WRITE_FORBIDDEN', 'messages.sendMessage', { ...paid, randomId: 9n })
  assert.deepEqual(await texts(bob, direct), ['exempt', 'administrators do not pay', 'free'])
})

test('everybody has their own direct messages; administrators have all and answer for the channel', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const { channel, direct } = await makeDirect(alice, dave)
  await promote(alice, channel, dave, { postMessages: true })
  for (const one of [alice, dave]) await one.updates()
  const first = await bob.say(direct.peer(bob), 'from bob')
  const [told] = await alice.updatesOf('updateNewChannelMessage')
  const message = told!.message as tl.message
  assert.deepEqual([message.savedPeerId, message.fromId, message.out], [bob.peerId, bob.peerId, undefined])
  assert.deepEqual(await dave.updatesOf('updateNewChannelMessage'), [])
  await carol.say(direct.peer(carol), 'from carol')
  await alice.fails('REPLY_TO_MONOFORUM_PEER_INVALID', 'messages.sendMessage', {
    peer: direct.peer(alice),
    message: 'to whom?',
    randomId: 1n,
  })
  await alice.fails('REPLY_TO_MONOFORUM_PEER_INVALID', 'messages.sendMessage', {
    peer: direct.peer(alice),
    message: 'wrote nothing',
    randomId: 2n,
    replyTo: replyIn(alice, dave),
  })
  await bob.fails('REPLY_TO_MONOFORUM_PEER_INVALID', 'messages.sendMessage', {
    peer: direct.peer(bob),
    message: 'as carol',
    randomId: 3n,
    replyTo: replyIn(bob, carol),
  })
  await bob.updates()
  const answer = await answerIn(alice, direct, bob, 'answer', {
    replyTo: { _: 'inputReplyToMessage', replyToMsgId: first, monoforumPeerId: alice.peerOf(bob) },
  })
  const [got] = await bob.updatesOf('updateNewChannelMessage')
  const reply = got!.message as tl.message
  assert.deepEqual([reply.fromId, reply.savedPeerId], [channelPeer(channel.id), bob.peerId])
  assert.equal((reply.replyTo as tl.messageReplyHeader).replyToMsgId, first)
  assert.deepEqual(await texts(bob, direct), ['answer', 'from bob'])
  assert.deepEqual(await texts(carol, direct), ['from carol'])
  assert.deepEqual(await texts(alice, direct), ['answer', 'from carol', 'from bob'])
  const none = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: 0n }
  const counted = (await carol.call('messages.getHistory', { peer: direct.peer(carol), ...none })) as { count?: number }
  assert.equal(counted.count, 1)
  // What is not theirs cannot be had by any other way.
  const asked = await carol.call('channels.getMessages', {
    channel: direct.of(carol),
    id: [{ _: 'inputMessageID', id: first }],
  })
  assert.equal((asked as tl.messages_channelMessages).messages[0]!._, 'messageEmpty')
  await carol.fails('MESSAGE_ID_INVALID', 'messages.forwardMessages', {
    fromPeer: direct.peer(carol),
    id: [first],
    randomId: [4n],
    toPeer: { _: 'inputPeerSelf' },
  })
  await carol.fails('REPLY_MESSAGE_ID_INVALID', 'messages.sendMessage', {
    peer: direct.peer(carol),
    message: 'x',
    randomId: 5n,
    replyTo: { _: 'inputReplyToMessage', replyToMsgId: first },
  })
  const search = { filter: { _: 'inputMessagesFilterEmpty' as const }, minDate: 0, maxDate: 0, offsetId: 0, limit: 10 }
  const found = async (who: Person, more: { savedPeerId?: tl.InputPeer } = {}) => {
    const whole = { ...search, q: 'from', peer: direct.peer(who), addOffset: 0, maxId: 0, minId: 0, hash: 0n, ...more }
    return ((await who.call('messages.search', whole)) as tl.messages_channelMessages).messages.length
  }
  assert.deepEqual([await found(alice), await found(bob), await found(carol)], [2, 1, 1])
  assert.equal(await found(alice, { savedPeerId: alice.peerOf(bob) }), 1)
  const { messages } = await differenceOf(carol, direct)
  assert.deepEqual(
    messages.map((m) => (m as tl.message).message),
    ['from carol'],
  )
  const everywhere = await carol.call('messages.searchGlobal', {
    q: 'from',
    filter: { _: 'inputMessagesFilterEmpty' },
    minDate: 0,
    maxDate: 0,
    offsetRate: 0,
    offsetPeer: { _: 'inputPeerEmpty' },
    offsetId: 0,
    limit: 10,
  })
  assert.ok('messages' in everywhere && everywhere.messages.length === 1)
  const members = { filter: { _: 'channelParticipantsRecent' as const }, offset: 0, limit: 10, hash: 0n }
  const NO = 'CHANNEL_MONOFORUM_UNSUPPORTED'
  await carol.fails(NO, 'channels.getParticipants', { channel: direct.of(carol), ...members })
  await carol.fails(NO, 'channels.joinChannel', { channel: direct.of(carol) })
  await alice.fails(NO, 'channels.inviteToChannel', { channel: direct.of(alice), users: [alice.userOf(dave)] })
  await alice.fails(NO, 'messages.exportChatInvite', { peer: direct.peer(alice) })
  await alice.fails(NO, 'messages.getPeerSettings', { peer: direct.peer(alice) })
  await alice.fails(NO, 'channels.editAdmin', {
    channel: direct.of(alice),
    userId: alice.userOf(dave),
    adminRights: rights({ deleteMessages: true }),
  })
  await carol.fails('CHAT_ADMIN_REQUIRED', 'channels.editTitle', { channel: direct.of(carol), title: 'x' })
  await alice.updates()
  await carol.updates()
  await bob.call('messages.setTyping', { peer: direct.peer(bob), action: { _: 'sendMessageTypingAction' } })
  assert.deepEqual((await alice.updates())[0].fromId, bob.peerId)
  assert.deepEqual(await carol.updates(), [])
  // Whatever an administrator does there, the channel does.
  const peers = async (who: Person) =>
    (await who.call('channels.getSendAs', { peer: direct.peer(who) })).peers.map((p) => p.peer)
  assert.deepEqual([await peers(alice), await peers(bob)], [[channelPeer(channel.id)], [bob.peerId]])
  const reaction: tl.Reaction[] = [{ _: 'reactionEmoji', emoticon: '👍' }]
  await alice.call('messages.sendReaction', { peer: direct.peer(alice), msgId: first, reaction })
  const reacted = (await historyOf(bob, direct)).find((m) => m.id === first)!
  assert.deepEqual(reacted.reactions?.recentReactions?.[0]?.peerId, channelPeer(channel.id))
  await bob.call('messages.sendReaction', { peer: direct.peer(bob), msgId: answer, reaction })
  const unread = { peer: direct.peer(alice), offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 }
  const inTopic = async (of: Person) => {
    const asked = { ...unread, savedPeerId: alice.peerOf(of) }
    const found = await alice.call('messages.getUnreadReactions', asked)
    return (found as tl.messages_channelMessages).messages.length
  }
  assert.deepEqual([await inTopic(bob), await inTopic(carol)], [1, 0])
  assert.deepEqual(
    (await topics(alice, direct)).map((t) => t.unreadReactionsCount),
    [1, 0],
  )
  await alice.call('messages.readReactions', { peer: direct.peer(alice), savedPeerId: alice.peerOf(bob) })
  assert.equal(await inTopic(bob), 0)
  await carol.updates()
  await alice.call('messages.updatePinnedMessage', { peer: direct.peer(alice), id: first })
  assert.ok((await carol.updates()).every((u) => u._ !== 'updateNewChannelMessage'))
  const pin = (await bob.updatesOf('updateNewChannelMessage')).at(-1)!.message as tl.messageService
  assert.deepEqual([pin.fromId, pin.savedPeerId], [channelPeer(channel.id), bob.peerId])
  assert.deepEqual(
    (await alice.call('channels.getMessageAuthor', { channel: direct.of(alice), id: answer })).id,
    alice.id,
  )
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.getMessageAuthor', { channel: direct.of(bob), id: answer })
  // With the right comes the room, without it it goes.
  await dave.fails('CHAT_ADMIN_REQUIRED', 'messages.getSavedDialogs', { ...START, parentPeer: direct.peer(dave) })
  await promote(alice, channel, dave, { manageDirectMessages: true })
  assert.equal((await topics(dave, direct)).length, 2)
  await dave.updates()
  await bob.say(direct.peer(bob), 'to all of you')
  assert.equal((await dave.updatesOf('updateNewChannelMessage')).length, 1)
  await promote(alice, channel, dave, { postMessages: true })
  await dave.updates()
  await bob.say(direct.peer(bob), 'without dave')
  assert.deepEqual(await dave.updatesOf('updateNewChannelMessage'), [])
})

test('topics are listed, read, marked and deleted by administrators', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { direct } = await makeDirect(alice)
  const first = await bob.say(direct.peer(bob), 'one')
  const second = await bob.say(direct.peer(bob), 'two')
  const other = await carol.say(direct.peer(carol), 'three')
  const list = await topics(alice, direct)
  assert.deepEqual(
    list.map((t) => [t.peer, t.topMessage, t.unreadCount]),
    [
      [carol.peerId, other, 1],
      [bob.peerId, second, 2],
    ],
  )
  assert.equal((await dialogOf(alice, direct))!.unreadCount, 3)
  assert.deepEqual((await topics(alice, direct, { limit: 1, offsetId: other }))[0]!.peer, bob.peerId)
  const named = { parentPeer: direct.peer(alice), ids: [alice.peerOf(bob)] }
  const byId = (await alice.call('messages.getSavedDialogsByID', named)) as tl.messages_savedDialogs
  assert.equal((byId.dialogs[0] as tl.monoForumDialog).topMessage, second)
  const phone = await alice.device()
  await bob.updates()
  const topic = { parentPeer: direct.peer(alice), peer: alice.peerOf(bob) }
  await alice.call('messages.readSavedHistory', { ...topic, maxId: first })
  assert.deepEqual(await phone.updates(), [
    { _: 'updateReadMonoForumInbox', channelId: direct.id, savedPeerId: bob.peerId, readMaxId: first },
  ])
  assert.deepEqual(await bob.updates(), [{ _: 'updateReadChannelOutbox', channelId: direct.id, maxId: first }])
  assert.equal((await topics(alice, direct))[1]!.unreadCount, 1)
  assert.equal((await dialogOf(alice, direct))!.unreadCount, 2)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.readSavedHistory', {
    parentPeer: direct.peer(bob),
    peer: bob.peerFor(bob),
    maxId: 0,
  })
  await alice.fails('PARENT_PEER_INVALID', 'messages.readSavedHistory', {
    parentPeer: alice.peerOf(bob),
    peer: alice.peerOf(bob),
    maxId: 0,
  })
  const answer = await answerIn(alice, direct, bob, 'answer')
  const own = (await dialogOf(bob, direct))!
  assert.deepEqual([own.topMessage, own.unreadCount], [answer, 1])
  assert.equal((await dialogOf(carol, direct))!.unreadCount, 0)
  await phone.updates()
  await bob.call('channels.readHistory', { channel: direct.of(bob), maxId: answer })
  assert.deepEqual(await phone.updates(), [
    { _: 'updateReadMonoForumOutbox', channelId: direct.id, savedPeerId: bob.peerId, readMaxId: answer },
  ])
  assert.equal((await topics(alice, direct))[0]!.readOutboxMaxId, answer)
  assert.equal((await dialogOf(bob, direct))!.unreadCount, 0)
  const mark = { parentPeer: direct.peer(alice), peer: { _: 'inputDialogPeer' as const, peer: alice.peerOf(carol) } }
  await alice.call('messages.markDialogUnread', { ...mark, unread: true })
  assert.deepEqual((await phone.updates())[0].savedPeerId, carol.peerId)
  const marks = await alice.call('messages.getDialogUnreadMarks', { parentPeer: direct.peer(alice) })
  assert.deepEqual(marks, [{ _: 'dialogPeer', peer: carol.peerId }])
  assert.equal((await topics(alice, direct))[1]!.unreadMark, true)
  // To read it ends the mark, too, on every device.
  const read = { parentPeer: direct.peer(alice), peer: alice.peerOf(carol), maxId: 0 }
  await alice.call('messages.readSavedHistory', read)
  const ended = (await phone.updates()).find((u) => u._ === 'updateDialogUnreadMark')
  assert.deepEqual([ended?.unread, ended?.savedPeerId], [undefined, carol.peerId])
  assert.equal((await topics(alice, direct))[1]!.unreadMark, undefined)
  const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n }
  const history = async () =>
    ((await alice.call('messages.getSavedHistory', { ...topic, ...page })) as tl.messages_channelMessages).messages
  assert.deepEqual(
    (await history()).map((m) => (m as tl.message).message),
    ['answer', 'two', 'one'],
  )
  await bob.updates()
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.deleteSavedHistory', {
    parentPeer: direct.peer(bob),
    peer: bob.peerFor(bob),
    maxId: 0,
  })
  await alice.call('messages.deleteSavedHistory', { ...topic, maxId: second })
  const [gone] = await bob.updatesOf('updateDeleteChannelMessages')
  assert.deepEqual(
    [...gone!.messages].sort((a, b) => a - b),
    [first, second],
  )
  assert.equal((await history()).length, 1)
  await alice.call('messages.deleteSavedHistory', { ...topic, maxId: 0 })
  assert.deepEqual(
    (await topics(alice, direct)).map((t) => t.peer),
    [carol.peerId],
  )
  assert.equal(await dialogOf(bob, direct), undefined)
})

test('who does not see the channel does not see its direct messages, and they go with it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { channel, direct } = await makeDirect(alice, bob)
  await bob.say(direct.peer(bob), 'hello')
  await alice.call('channels.updateUsername', { channel: channel.of(alice), username: '' })
  await carol.fails('CHANNEL_PRIVATE', 'messages.sendMessage', { peer: direct.peer(carol), message: 'x', randomId: 1n })
  await alice.call('channels.editBanned', {
    channel: channel.of(alice),
    participant: alice.peerOf(bob),
    bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 },
  })
  await bob.fails('CHANNEL_PRIVATE', 'messages.sendMessage', { peer: direct.peer(bob), message: 'x', randomId: 2n })
  await alice.call('channels.deleteChannel', { channel: channel.of(alice) })
  await alice.fails('CHANNEL_PRIVATE', 'messages.getSavedDialogs', { ...START, parentPeer: direct.peer(alice) })
})

test('a supergroup may ask a price of its members', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const price = { channel: group.of(alice), sendPaidMessagesStars: 3n }
  await alice.call('channels.updatePaidMessagesPrice', price)
  await alice.fails('CHAT_NOT_MODIFIED', 'channels.updatePaidMessagesPrice', price)
  await alice.say(group.peer(alice), 'administrators do not pay')
  await bob.fails('ALLOW_PAYMENT_REQUIRED_3', 'messages.sendMessage', {
    peer: group.peer(bob),
    message: 'x',
    randomId: 1n,
  })
  const full = (await bob.call('channels.getFullChannel', { channel: group.of(bob) })).fullChat as tl.channelFull
  assert.equal(full.sendPaidMessagesStars, 3n)
  await alice.call('channels.updatePaidMessagesPrice', { ...price, sendPaidMessagesStars: 0n })
  await bob.say(group.peer(bob), 'free again')
})

test('what an administrator begins to answer is kept with whom it is for', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const { direct } = await makeDirect(alice)
  await bob.say(direct.peer(bob), 'hello')
  const phone = await alice.device()
  const replyTo = replyIn(alice, bob)
  await alice.call('messages.saveDraft', { peer: direct.peer(alice), message: 'dear', replyTo })
  const [saved] = await phone.updatesOf('updateDraftMessage')
  assert.deepEqual([saved!.savedPeerId, (saved!.draft as tl.draftMessage).message], [bob.peerId, 'dear'])
  assert.equal(((await topics(alice, direct))[0]!.draft as tl.draftMessage).message, 'dear')
  const all = (await alice.call('messages.getAllDrafts', {})) as tl.updates
  assert.deepEqual((all.updates[0] as tl.updateDraftMessage).savedPeerId, bob.peerId)
  await answerIn(alice, direct, bob, 'dear Bob', { clearDraft: true })
  const [cleared] = await phone.updatesOf('updateDraftMessage')
  assert.deepEqual([cleared!.savedPeerId, cleared!.draft._], [bob.peerId, 'draftMessageEmpty'])
  assert.equal((await topics(alice, direct))[0]!.draft, undefined)
  await bob.call('messages.saveDraft', { peer: direct.peer(bob), message: 'and one more' })
  assert.equal(((await dialogOf(bob, direct))!.draft as tl.draftMessage).message, 'and one more')
})
