import assert from 'node:assert/strict'
import { picture, upload } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import { REPLIES_ACCOUNT } from '../../domain/replies-account.ts'
import type * as tl from '../../tl/gen/types.ts'
import { answer, makeDiscussion, messageOf, repliesOf } from './test-discussion.ts'

test('a post is commented on by who is in the channel alone, and shows by whom', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const { channel, group } = await makeDiscussion(alice, bob, carol)
  const post = await alice.say(channel.peer(alice), 'news')
  const [told] = await bob.updatesOf('updateNewChannelMessage')
  const none = { _: 'messageReplies', comments: true, replies: 0, repliesPts: post, channelId: group.id }
  assert.deepEqual((told!.message as tl.message).replies, none)
  const shown = await bob.call('messages.getDiscussionMessage', { peer: channel.peer(bob), msgId: post })
  const copy = shown.messages[0] as tl.message
  assert.deepEqual(copy.peerId, { _: 'peerChannel', channelId: group.id })
  assert.deepEqual(copy.fromId, { _: 'peerChannel', channelId: channel.id })
  assert.deepEqual([copy.message, copy.fwdFrom!.savedFromMsgId, shown.unreadCount], ['news', post, 0])
  const first = await answer(bob, group.peer(bob), copy.id, 'first!')
  const second = await answer(carol, group.peer(carol), first, 'second')
  const { replies } = await messageOf(carol, channel, post)
  assert.deepEqual([replies!.comments, replies!.replies, replies!.maxId], [true, 2, second])
  assert.deepEqual(replies!.recentRepliers, [carol.peerId, bob.peerId])
  const views = await carol.call('messages.getMessagesViews', {
    ...{ peer: channel.peer(carol), id: [post], increment: false },
  })
  assert.equal(views.views[0]!.replies!.replies, 2)
  const comments = await repliesOf(carol, channel.peer(carol), post)
  assert.deepEqual(
    comments.messages.map((m) => m.id),
    [second, first],
  )
  assert.deepEqual(comments.messages[0]!.peerId, { _: 'peerChannel', channelId: group.id })
  const stranger = { ...group.peer(dave) }
  await dave.fails('CHANNEL_PRIVATE', 'messages.sendMessage', { peer: stranger, message: 'x', randomId: 1n })
  const at = { peer: stranger, msgId: copy.id }
  await dave.fails('CHANNEL_PRIVATE', 'messages.getDiscussionMessage', at)
  await dave.fails('CHANNEL_PRIVATE', 'messages.readDiscussion', { ...at, readMaxId: second })
  const bannedRights = { _: 'chatBannedRights' as const, viewMessages: true, untilDate: 0 }
  const participant = alice.peerOf(carol)
  await alice.call('channels.editBanned', { channel: group.of(alice), participant, bannedRights })
  await carol.fails('CHANNEL_PRIVATE', 'messages.getDiscussionMessage', { peer: channel.peer(carol), msgId: post })
})

test('a post that is edited is edited where it is discussed, and comments have links', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const { channel, group } = await makeDiscussion(alice, bob)
  const post = await alice.say(channel.peer(alice), 'old news')
  await alice.updates()
  await alice.call('messages.editMessage', { peer: channel.peer(alice), id: post, message: 'good news' })
  const edits = await alice.updatesOf('updateEditChannelMessage')
  assert.deepEqual(
    edits.map((u) => [(u.message as tl.message).peerId, (u.message as tl.message).message]),
    [[{ _: 'peerChannel', channelId: group.id }, 'good news']],
  )
  const found = await bob.call('messages.getDiscussionMessage', { peer: channel.peer(bob), msgId: post })
  const copy = found.messages[0] as tl.message
  assert.equal(copy.message, 'good news')
  const id = await answer(bob, group.peer(bob), copy.id, 'indeed')
  const named = { channel: group.of(bob), id, thread: true }
  const { link } = await bob.call('channels.exportMessageLink', named)
  assert.equal(link, `https://t.me/c/${channel.id}/${post}?comment=${id}`)
})

test('a comment is edited and taken back by its author, who is not in the group', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { channel, group } = await makeDiscussion(alice, bob, carol)
  const post = await alice.say(channel.peer(alice), 'news')
  const found = await bob.call('messages.getDiscussionMessage', { peer: channel.peer(bob), msgId: post })
  const id = await answer(bob, group.peer(bob), found.messages[0]!.id, 'oh')
  await alice.updates()
  await bob.call('messages.editMessage', { peer: group.peer(bob), id, message: 'oh no' })
  const [edited] = await alice.updatesOf('updateEditChannelMessage')
  assert.equal((edited!.message as tl.message).message, 'oh no')
  await carol.fails('MESSAGE_DELETE_FORBIDDEN', 'channels.deleteMessages', { channel: group.of(carol), id: [id] })
  await bob.call('channels.deleteMessages', { channel: group.of(bob), id: [id] })
  const [gone] = await alice.updatesOf('updateDeleteChannelMessages')
  assert.deepEqual(gone!.messages, [id])
  assert.equal((await messageOf(bob, channel, post)).replies!.replies, 0)
})

test('comments are read, and the reader’s devices learn of which post', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const { channel, group } = await makeDiscussion(alice, bob)
  const post = await alice.say(channel.peer(alice), 'news')
  const peer = channel.peer(bob)
  const root = (await bob.call('messages.getDiscussionMessage', { peer, msgId: post })).messages[0]!.id
  const id = await answer(alice, group.peer(alice), root, 'well?')
  const tablet = await bob.device()
  const before = await bob.call('messages.getDiscussionMessage', { peer, msgId: post })
  assert.deepEqual([before.unreadCount, before.readInboxMaxId], [1, undefined])
  await bob.call('messages.readDiscussion', { peer: group.peer(bob), msgId: root, readMaxId: id })
  assert.deepEqual(await tablet.updates(), [
    {
      ...{ _: 'updateReadChannelDiscussionInbox', channelId: group.id, topMsgId: root, readMaxId: id },
      ...{ broadcastId: channel.id, broadcastPost: post },
    },
  ])
  assert.equal((await messageOf(bob, channel, post)).replies!.readMaxId, id)
})

test('whoever is not in the group is told of answers to their comments by @replies, until they block who answers', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { channel, group } = await makeDiscussion(alice, bob, carol)
  const post = await alice.say(channel.peer(alice), 'news')
  const peer = channel.peer(bob)
  const root = (await bob.call('messages.getDiscussionMessage', { peer, msgId: post })).messages[0]!.id
  const comment = await answer(bob, group.peer(bob), root, 'I say')
  await bob.updates()
  const reply = await answer(carol, group.peer(carol), comment, 'no, I say')
  const [told] = await bob.updatesOf('updateNewMessage')
  const message = told!.message as tl.message
  assert.equal(message.message, 'no, I say')
  assert.deepEqual(message.peerId, { _: 'peerUser', userId: REPLIES_ACCOUNT })
  assert.deepEqual([message.fwdFrom!.fromId, message.fwdFrom!.savedFromMsgId], [carol.peerId, reply])
  assert.deepEqual(message.replyTo, {
    _: 'messageReplyHeader',
    replyToMsgId: comment,
    replyToPeerId: { _: 'peerChannel', channelId: group.id },
    replyToTopId: root,
  })
  await carol.fails('USERNAME_INVALID', 'account.updateUsername', { username: 'Replies' })
  const { peer: replies } = await carol.call('contacts.resolveUsername', { username: 'replies' })
  assert.deepEqual(replies, { _: 'peerUser', userId: REPLIES_ACCOUNT })
  const again = await answer(carol, group.peer(carol), comment, 'and again')
  assert.ok(again > reply)
  const tablet = await bob.device()
  await bob.fails('MSG_ID_INVALID', 'contacts.blockFromReplies', { msgId: 999 })
  const both = { msgId: message.id, deleteHistory: true as const, reportSpam: true as const }
  const answered = (await bob.call('contacts.blockFromReplies', both)) as tl.updates
  assert.deepEqual(
    answered.updates.map((u) => u._),
    ['updatePeerBlocked', 'updateDeleteMessages'],
  )
  const seen = await tablet.updates()
  assert.deepEqual(seen[0], { _: 'updatePeerBlocked', blocked: true, peerId: carol.peerId })
  assert.equal(seen[1].messages.length, 2)
  await answer(carol, group.peer(carol), comment, 'unheard')
  await answer(alice, group.peer(alice), comment, 'heard')
  assert.deepEqual(await tablet.texts(), ['heard'])
})

test('nobody comments from outside where one has to join, and where the copy is gone', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const { channel, group } = await makeDiscussion(alice, bob)
  const post = await alice.say(channel.peer(alice), 'news')
  const peer = channel.peer(bob)
  const root = (await bob.call('messages.getDiscussionMessage', { peer, msgId: post })).messages[0]!.id
  await alice.call('channels.toggleJoinToSend', { channel: group.of(alice), enabled: true })
  const say = { peer: group.peer(bob), message: 'x', randomId: 1n }
  const replyTo = { _: 'inputReplyToMessage' as const, replyToMsgId: root }
  await bob.fails('CHAT_GUEST_SEND_FORBIDDEN', 'messages.sendMessage', { ...say, replyTo })
  await bob.call('channels.joinChannel', { channel: group.of(bob) })
  await bob.call('messages.sendMessage', { ...say, replyTo })
  await alice.call('channels.deleteMessages', { channel: group.of(alice), id: [root] })
  assert.equal((await messageOf(bob, channel, post)).replies, undefined)
  await bob.fails('MSG_ID_INVALID', 'messages.getDiscussionMessage', { peer, msgId: post })
})

test('an album has one place for its comments', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const { channel, group } = await makeDiscussion(alice, bob)
  const peer = channel.peer(bob)
  await alice.say(channel.peer(alice), 'before')
  const one = async (randomId: bigint): Promise<tl.inputSingleMedia> => {
    const file = await upload(alice, await picture(20, 20), { name: 'a.jpg' })
    return { _: 'inputSingleMedia', media: { _: 'inputMediaUploadedPhoto', file }, randomId, message: '' }
  }
  const multiMedia = [await one(1n), await one(2n)]
  await alice.call('messages.sendMultiMedia', { peer: channel.peer(alice), multiMedia })
  const posts = (await bob.updatesOf('updateNewChannelMessage')).slice(1).map((u) => u.message as tl.message)
  const [first, second] = posts as [tl.message, tl.message]
  assert.deepEqual([first.replies?.replies, second.replies], [0, undefined])
  const found = async (msgId: number) => (await bob.call('messages.getDiscussionMessage', { peer, msgId })).messages
  const copies = (await found(second.id)).map((m) => m.id)
  assert.deepEqual(copies, [copies[1]! + 1, copies[1]])
  assert.deepEqual(
    (await found(first.id)).map((m) => m.id),
    copies,
  )
  const id = await answer(bob, group.peer(bob), copies[1]!, 'nice pictures')
  assert.deepEqual(
    (await repliesOf(bob, peer, second.id)).messages.map((m) => m.id),
    [id],
  )
  assert.equal((await messageOf(bob, channel, first.id)).replies!.replies, 1)
})
