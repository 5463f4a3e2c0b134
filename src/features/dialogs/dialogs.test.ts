import assert from 'node:assert/strict'
import { type Device, type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { listHash } from '../../domain/list-hash.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'
import { pageNumbers } from './page.ts'

const START = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' } as tl.InputPeer, limit: 100, hash: 0n }

/** Names of the dialogs of an answer, in its order. */
function names(answer: { dialogs: tl.Dialog[]; users: tl.User[]; chats: tl.Chat[] }): string[] {
  return answer.dialogs.map((d) => {
    if (d._ === 'dialogFolder') return 'archive'
    const { peer } = d as tl.dialog
    if (peer._ === 'peerUser') return (answer.users.find((u) => u.id === peer.userId) as tl.user).firstName!
    return (answer.chats.find((c) => c.id === (peer as tl.peerChat).chatId) as tl.chat).title
  })
}

async function dialogs(
  who: Person | Device,
  more: Partial<typeof START & { folderId: number; excludePinned: boolean }> = {},
) {
  const answer = await who.call('messages.getDialogs', { ...START, ...more })
  assert.notEqual(answer._, 'messages.dialogsNotModified')
  return answer as tl.messages_dialogs | tl.messages_dialogsSlice
}

const named = (peer: tl.InputPeer): tl.InputDialogPeer => ({ _: 'inputDialogPeer', peer })

async function group(creator: Person, title: string, ...others: Person[]): Promise<number> {
  const answer = await creator.call('messages.createChat', { title, users: others.map((p) => creator.userOf(p)) })
  return (answer.updates as tl.updates).chats[0]!.id
}

test('dialogs come with the newest first, their newest message and what is unread', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await bob.say(alice, 'one')
  await bob.say(alice, 'two')
  await server.clock.advance(5)
  const last = await alice.say(carol, 'hello')
  const list = await dialogs(alice)
  assert.equal(list._, 'messages.dialogs')
  assert.deepEqual(names(list), ['Carol', 'Bob'])
  const [withCarol, withBob] = list.dialogs as tl.dialog[]
  assert.deepEqual([withCarol!.topMessage, withCarol!.unreadCount, withBob!.unreadCount], [last, 0, 2])
  assert.equal(withBob!.pts, undefined)
  assert.equal(withBob!.folderId, undefined)
  const texts = Object.fromEntries(list.messages.map((m) => [m.id, (m as tl.message).message]))
  assert.deepEqual([texts[withCarol!.topMessage], texts[withBob!.topMessage]], ['hello', 'two'])
  const hash = listHash(pageNumbers(list.dialogs, list.messages))
  const again = await alice.call('messages.getDialogs', { ...START, hash })
  assert.deepEqual(again, { _: 'messages.dialogsNotModified', count: 2 })
  await bob.say(alice, 'three')
  assert.equal((await alice.call('messages.getDialogs', { ...START, hash }))._, 'messages.dialogs')
  await alice.fails('FOLDER_ID_INVALID', 'messages.getDialogs', { ...START, folderId: 2 })
})

test('dialogs are read page by page, each once', async () => {
  await using server = await startTestServer()
  const [alice, ...others] = await server.people('Alice', 'P1', 'P2', 'P3', 'P4', 'P5')
  for (const one of others) {
    await alice.say(one, 'hi')
    await server.clock.advance(1)
  }
  await alice.call('messages.toggleDialogPin', { pinned: true, peer: named(alice.peerOf(others[0]!)) })
  await alice.call('messages.toggleDialogPin', { pinned: true, peer: named(alice.peerOf(others[2]!)) })
  assert.deepEqual(names(await dialogs(alice)), ['P3', 'P1', 'P5', 'P4', 'P2'])
  for (const excludePinned of [false, true]) {
    const seen: string[] = []
    let from: Partial<typeof START> = {}
    for (let page = 0; page < 5; page++) {
      const slice = await dialogs(alice, { ...from, limit: 1, excludePinned: excludePinned && page > 0 })
      assert.equal((slice as tl.messages_dialogsSlice).count, 5)
      seen.push(...names(slice))
      const last = slice.dialogs[0] as tl.dialog
      const message = slice.messages[0] as tl.message
      const at = others.find((p) => p.id === (last.peer as tl.peerUser).userId)!
      from = { offsetId: message.id, offsetDate: message.date, offsetPeer: alice.peerOf(at) }
      if (excludePinned && page === 2) break
    }
    assert.deepEqual(seen, excludePinned ? ['P3', 'P5', 'P4'] : ['P3', 'P1', 'P5', 'P4', 'P2'])
    if (!excludePinned) assert.deepEqual((await dialogs(alice, from)).dialogs, [])
  }
  assert.deepEqual(names(await dialogs(alice, { excludePinned: true })), ['P5', 'P4', 'P2'])
  assert.deepEqual(names(await dialogs(alice, { offsetPeer: alice.peerOf(others[3]!) })), ['P2'])
})

test('pinned dialogs have an order, a bound, and are told to the other devices', async () => {
  await using server = await startTestServer({
    settings: { limits: { pinnedDialogs: 2 } },
  })
  const [alice, bob, carol, dave, eve] = await server.people('Alice', 'Bob', 'Carol', 'Dave', 'Eve')
  for (const one of [bob, carol, dave]) await alice.say(one, 'hi')
  const phone = await alice.device()
  const pin = (who: Person, pinned = true) => ({ pinned, peer: named(alice.peerOf(who)) })
  await alice.call('messages.toggleDialogPin', pin(bob))
  await alice.call('messages.toggleDialogPin', pin(bob))
  await alice.call('messages.toggleDialogPin', pin(carol))
  assert.deepEqual(await phone.updates(), [
    { _: 'updateDialogPinned', pinned: true, peer: { _: 'dialogPeer', peer: bob.peerId } },
    { _: 'updateDialogPinned', pinned: true, peer: { _: 'dialogPeer', peer: carol.peerId } },
  ])
  await alice.fails('PINNED_DIALOGS_TOO_MUCH', 'messages.toggleDialogPin', pin(dave))
  await alice.fails('PEER_HISTORY_EMPTY', 'messages.toggleDialogPin', pin(eve))
  assert.deepEqual(names(await phone.call('messages.getPinnedDialogs', { folderId: 0 })), ['Carol', 'Bob'])
  const order = (...people: Person[]) => people.map((p) => named(alice.peerOf(p)))
  await alice.fails('PINNED_DIALOGS_TOO_MUCH', 'messages.reorderPinnedDialogs', {
    folderId: 0,
    order: order(dave, carol, bob),
  })
  await alice.call('messages.reorderPinnedDialogs', { folderId: 0, order: order(bob) })
  const [moved] = await phone.updatesOf('updatePinnedDialogs')
  assert.deepEqual(
    moved!.order,
    [bob, carol].map((p) => ({ _: 'dialogPeer', peer: p.peerId })),
  )
  await alice.call('messages.reorderPinnedDialogs', { force: true, folderId: 0, order: order(dave) })
  assert.deepEqual(names(await phone.call('messages.getPinnedDialogs', { folderId: 0 })), ['Dave'])
  await alice.call('messages.toggleDialogPin', pin(dave, false))
  assert.deepEqual((await phone.call('messages.getPinnedDialogs', { folderId: 0 })).dialogs, [])
})

test('a dialog marked as unread is so on every device', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.say(bob, 'hi')
  const phone = await alice.device()
  const mark = { unread: true, peer: named(alice.peerOf(bob)) }
  await alice.call('messages.markDialogUnread', mark)
  await alice.call('messages.markDialogUnread', mark)
  const peer = { _: 'dialogPeer', peer: bob.peerId }
  assert.deepEqual(await phone.updates(), [{ _: 'updateDialogUnreadMark', unread: true, peer }])
  assert.deepEqual(await phone.call('messages.getDialogUnreadMarks', {}), [peer])
  assert.equal(((await dialogs(phone)).dialogs[0] as tl.dialog).unreadMark, true)
  await phone.call('messages.markDialogUnread', { peer: mark.peer })
  assert.deepEqual(await alice.call('messages.getDialogUnreadMarks', {}), [])
  // To read the dialog ends the mark, although there is nothing new in it.
  await alice.call('messages.readHistory', { peer: alice.peerOf(bob), maxId: 0 })
  await alice.call('messages.markDialogUnread', mark)
  await phone.updates()
  await alice.call('messages.readHistory', { peer: alice.peerOf(bob), maxId: 0 })
  assert.deepEqual(await phone.updates(), [{ _: 'updateDialogUnreadMark', peer }])
  const group = await makeChannel('group', alice, bob)
  const ofGroup = { _: 'dialogPeer', peer: group.peerId }
  await alice.call('channels.readHistory', { channel: group.of(alice), maxId: 0 })
  await alice.call('messages.markDialogUnread', { unread: true, peer: named(group.peer(alice)) })
  await phone.updates()
  await alice.call('channels.readHistory', { channel: group.of(alice), maxId: 0 })
  assert.deepEqual(await phone.updates(), [{ _: 'updateDialogUnreadMark', peer: ofGroup }])
  assert.deepEqual(await alice.call('messages.getDialogUnreadMarks', {}), [])
  await alice.fails('PEER_ID_INVALID', 'messages.markDialogUnread', {
    peer: { _: 'inputDialogPeerFolder', folderId: 1 },
  })
})

test('single dialogs can be asked for, also those in which nothing was said', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await bob.say(alice, 'hi')
  const answer = await alice.call('messages.getPeerDialogs', {
    peers: [named(alice.peerOf(carol)), named(alice.peerOf(bob)), named(alice.peerOf(bob))],
  })
  assert.deepEqual(names(answer), ['Carol', 'Bob'])
  const [empty, other] = answer.dialogs as tl.dialog[]
  assert.deepEqual([empty!.topMessage, other!.unreadCount], [0, 1])
  assert.deepEqual(answer.state, await alice.call('updates.getState', {}))
  await alice.fails('INPUT_PEERS_EMPTY', 'messages.getPeerDialogs', { peers: [] })
  await alice.fails('PEER_ID_INVALID', 'messages.getPeerDialogs', {
    peers: [named({ ...alice.peerOf(bob), accessHash: 1n })],
  })
})

test('typing reaches who is there, and nobody who has blocked the writer', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const chatId = await group(alice, 'Trip', bob, carol)
  await bob.updates()
  await carol.updates()
  const typing: tl.SendMessageAction = { _: 'sendMessageTypingAction' }
  await alice.call('messages.setTyping', { peer: alice.peerOf(bob), action: typing })
  assert.deepEqual(await bob.updates(), [{ _: 'updateUserTyping', userId: alice.id, action: typing }])
  await carol.call('contacts.block', { id: carol.peerOf(alice) })
  const inChat = { peer: { _: 'inputPeerChat' as const, chatId }, action: typing }
  await alice.call('messages.setTyping', inChat)
  assert.deepEqual(await bob.updates(), [{ _: 'updateChatUserTyping', chatId, fromId: alice.peerId, action: typing }])
  assert.deepEqual(await carol.updates(), [])
  await alice.fails('USER_IS_BLOCKED', 'messages.setTyping', { peer: alice.peerOf(carol), action: typing })
  await alice.call('messages.deleteChatUser', { chatId, userId: alice.userOf(carol) })
  await carol.fails('CHAT_WRITE_FORBIDDEN', 'messages.setTyping', inChat)
  await alice.fails('GROUPCALL_FORBIDDEN', 'messages.setTyping', {
    ...inChat,
    action: { _: 'speakingInGroupCallAction' },
  })
  // Nothing of it is kept.
  const { pts, qts } = bob.device1.start!
  const missed = (await bob.call('updates.getDifference', { pts, qts, date: 1 })) as tl.updates_difference
  assert.ok(missed.newMessages.length > 0)
  assert.deepEqual(
    missed.otherUpdates.filter((u) => u._.endsWith('Typing')),
    [],
  )
})

test('a tap on an emoji names the other side’s own copy of the message', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await bob.say(carol, 'so that numbers differ')
  const id = await alice.say(bob, '❤')
  const [pushed] = await bob.updates()
  const tap = (msgId: number): tl.SendMessageAction => {
    return {
      _: 'sendMessageEmojiInteraction',
      emoticon: '❤',
      msgId,
      interaction: { _: 'dataJSON', data: '{"v":1,"a":[]}' },
    }
  }
  await alice.call('messages.setTyping', { peer: alice.peerOf(bob), action: tap(id) })
  const [update] = await bob.updatesOf('updateUserTyping')
  assert.equal((update!.action as tl.sendMessageEmojiInteraction).msgId, pushed.message?.id ?? pushed.id)
  await alice.fails('MSG_ID_INVALID', 'messages.setTyping', { peer: alice.peerOf(bob), action: tap(id + 50) })
})

test('members who are online are counted for members', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const chatId = await group(alice, 'Trip', bob)
  const peer = { _: 'inputPeerChat' as const, chatId }
  const until = Math.floor(server.clock.now() / 1000) + 60
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ online_until: until }).where('id', 'in', [bob.id, carol.id]).execute(),
  )
  const before = (await alice.call('messages.getOnlines', { peer })).onlines
  await server.clock.advance(120)
  assert.equal(before - (await alice.call('messages.getOnlines', { peer })).onlines, 1)
  await carol.fails('PEER_ID_INVALID', 'messages.getOnlines', { peer })
  await alice.fails('PEER_ID_INVALID', 'messages.getOnlines', { peer: alice.peerOf(bob) })
})

test('messages of a private chat live as long as either side has set', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const answer = (await alice.call('messages.setHistoryTTL', { peer, period: 86_400 })) as tl.updates
  const service = answer.updates.find((u) => u._ === 'updateNewMessage')!.message as tl.messageService
  assert.deepEqual(service.action, { _: 'messageActionSetMessagesTTL', period: 86_400 })
  const told = await bob.updates()
  assert.deepEqual(
    told.find((u) => u._ === 'updatePeerHistoryTTL'),
    {
      _: 'updatePeerHistoryTTL',
      peer: alice.peerId,
      ttlPeriod: 86_400,
    },
  )
  await bob.say(alice, 'gone tomorrow')
  const list = await dialogs(alice)
  assert.equal((list.dialogs[0] as tl.dialog).ttlPeriod, 86_400)
  assert.equal((list.messages[0] as tl.message).ttlPeriod, 86_400)
  await bob.fails('CHAT_NOT_MODIFIED', 'messages.setHistoryTTL', { peer: bob.peerOf(alice), period: 86_400 })
  await alice.fails('TTL_PERIOD_INVALID', 'messages.setHistoryTTL', { peer, period: 5 })
  await alice.fails('PEER_ID_INVALID', 'messages.setHistoryTTL', { peer: { _: 'inputPeerSelf' }, period: 0 })
  await bob.call('messages.setHistoryTTL', { peer: bob.peerOf(alice), period: 0 })
  assert.equal(((await dialogs(alice)).dialogs[0] as tl.dialog).ttlPeriod, undefined)
})

test('a group’s messages live as long as its administrators have set', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const chatId = await group(alice, 'Trip', bob)
  const peer = { _: 'inputPeerChat' as const, chatId }
  await bob.updates()
  await alice.call('messages.setHistoryTTL', { peer, period: 7 * 86_400 })
  const [ttl] = await bob.updatesOf('updatePeerHistoryTTL')
  assert.equal(ttl!.ttlPeriod, 7 * 86_400)
  assert.equal(((await dialogs(bob)).dialogs[0] as tl.dialog).ttlPeriod, 7 * 86_400)
  await alice.call('messages.editChatDefaultBannedRights', {
    peer,
    bannedRights: { _: 'chatBannedRights', changeInfo: true, untilDate: 0x7fffffff },
  })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.setHistoryTTL', { peer, period: 0 })
})

test('the other side learns of a screenshot, once', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const seen = await alice.say(bob, 'secret')
  await bob.updates()
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: seen }
  const shot = { peer: alice.peerOf(bob), replyTo, randomId: 7n }
  await alice.call('messages.sendScreenshotNotification', shot)
  await alice.call('messages.sendScreenshotNotification', shot)
  const told = await bob.updatesOf('updateNewMessage')
  assert.deepEqual(
    told.map((u) => (u.message as tl.messageService).action._),
    ['messageActionScreenshotTaken'],
  )
  await alice.fails('REPLY_MESSAGE_ID_INVALID', 'messages.sendScreenshotNotification', {
    ...shot,
    randomId: 8n,
    replyTo: { _: 'inputReplyToMessage', replyToMsgId: 999 },
  })
  await alice.call('contacts.block', { id: alice.peerOf(bob) })
  await alice.fails('YOU_BLOCKED_USER', 'messages.sendScreenshotNotification', { ...shot, randomId: 9n })
})

test('the bar above a stranger’s chat can be dismissed for good', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await bob.say(alice, 'buy this')
  const phone = await alice.device()
  const peer = alice.peerOf(bob)
  const { settings, users } = await alice.call('messages.getPeerSettings', { peer })
  assert.equal(settings.reportSpam && settings.addContact && settings.blockContact, true)
  assert.equal(users[0]!.id, bob.id)
  await alice.call('messages.hidePeerSettingsBar', { peer })
  await alice.call('messages.hidePeerSettingsBar', { peer })
  const told = await phone.updatesOf('updatePeerSettings')
  assert.deepEqual(
    told.map((u) => [u.peer, u.settings.reportSpam]),
    [[bob.peerId, undefined]],
  )
  assert.equal((await phone.call('messages.getPeerSettings', { peer })).settings.addContact, undefined)
  await alice.fails('PEER_ID_INVALID', 'messages.hidePeerSettingsBar', { peer: { ...peer, accessHash: 1n } })
})

test('the bar above a group lets who was put there report it, and its maker invite', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer: tl.InputPeer = { _: 'inputPeerChat', chatId: await group(alice, 'Trip', bob) }
  const bar = async (who: Person) => (await who.call('messages.getPeerSettings', { peer })).settings
  assert.deepEqual(await bar(alice), { _: 'peerSettings', inviteMembers: true })
  assert.deepEqual(await bar(bob), { _: 'peerSettings', reportSpam: true })
  await bob.say(peer, 'fine with me')
  assert.deepEqual(await bar(bob), { _: 'peerSettings' })
  await server.clock.advance(2 * 86_400)
  assert.deepEqual(await bar(alice), { _: 'peerSettings' })
})

test('a dialog whose history was deleted leaves the list and its pins, until something is said', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  await bob.say(alice, 'hi')
  await alice.call('messages.toggleDialogPin', { pinned: true, peer: named(peer) })
  await alice.call('messages.deleteHistory', { peer, maxId: 0 })
  assert.deepEqual((await dialogs(alice)).dialogs, [])
  assert.deepEqual((await alice.call('messages.getPinnedDialogs', { folderId: 0 })).dialogs, [])
  await bob.say(alice, 'again')
  const [back] = (await dialogs(alice)).dialogs as tl.dialog[]
  assert.deepEqual([back!.pinned, back!.unreadCount], [undefined, 1])
})
