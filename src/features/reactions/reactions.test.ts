import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import { plain } from '../../../test/harness/audit.ts'
import { type Person, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const emoji = (emoticon: string): tl.Reaction => ({ _: 'reactionEmoji', emoticon })
const [heart, thumb, fire] = ['❤', '👍', '🔥'].map(emoji) as [tl.Reaction, tl.Reaction, tl.Reaction]
const page = { offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0 }

async function group(creator: Person, ...members: Person[]): Promise<tl.inputPeerChat> {
  const users = members.map((m) => creator.userOf(m))
  const answer = await creator.call('messages.createChat', { users, title: 'Group' })
  for (const person of [creator, ...members]) await person.updates()
  return { _: 'inputPeerChat', chatId: (answer.updates as tl.updates).chats[0]!.id }
}

async function newest(who: Person, peer: tl.InputPeer): Promise<tl.message> {
  const answer = await who.call('messages.getHistory', { peer, ...page, limit: 1, offsetDate: 0, hash: 0n })
  return (answer as tl.messages_messages).messages[0] as tl.message
}

const setPremium = (person: Person) =>
  person.server.app.store.transact((trx) =>
    trx.updateTable('user').set({ premium: 1 }).where('id', '=', person.id).execute(),
  )

const counts = (reactions: tl.MessageReactions | undefined) =>
  reactions?.results.map((r) => [(r.reaction as tl.reactionEmoji).emoticon, r.count, r.chosenOrder])

async function dialog(who: Person, peer: tl.InputPeer): Promise<tl.dialog> {
  const { dialogs } = await who.call('messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeer', peer }] })
  return dialogs[0] as tl.dialog
}

test('a reaction shows to both sides, to the author as unread, until it is read', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  const id = await alice.say(bob, 'hi')
  const theirs = await newest(bob, bob.peerOf(alice))
  await alice.updates()
  await phone.updates()
  const answer = await bob.call('messages.sendReaction', {
    peer: bob.peerOf(alice),
    msgId: theirs.id,
    reaction: [thumb],
    big: true,
    addToRecent: true,
  })
  const [own] = unpack(answer)
  assert.equal(own._, 'updateMessageReactions')
  assert.deepEqual(counts(own.reactions), [['👍', 1, 0]])
  const [told] = await alice.updatesOf('updateMessageReactions')
  assert.equal(told!.msgId, id)
  assert.deepEqual(plain(told!.peer), bob.peerId)
  assert.deepEqual(counts(told!.reactions), [['👍', 1, undefined]])
  assert.deepEqual(plain(told!.reactions.recentReactions!.map(({ date: _, ...r }) => r)), [
    { _: 'messagePeerReaction', big: true, unread: true, peerId: bob.peerId, reaction: plain(thumb) },
  ])
  assert.equal((await dialog(alice, alice.peerOf(bob))).unreadReactionsCount, 1)
  const unread = await alice.call('messages.getUnreadReactions', { peer: alice.peerOf(bob), ...page })
  assert.deepEqual(
    (unread as tl.messages_messages).messages.map((m) => m.id),
    [id],
  )
  await alice.call('messages.readReactions', { peer: alice.peerOf(bob) })
  assert.deepEqual(
    (await phone.updatesOf('updateReadMessagesContents')).map((u) => u.messages),
    [[id]],
  )
  assert.equal((await dialog(alice, alice.peerOf(bob))).unreadReactionsCount, 0)
  const after = await newest(alice, alice.peerOf(bob))
  assert.equal(after.reactions!.recentReactions![0]!.unread, undefined)
  assert.equal(
    ((await alice.call('messages.getUnreadReactions', { peer: alice.peerOf(bob), ...page })) as tl.messages_messages)
      .messages.length,
    0,
  )
})

test('opening messages reads their reactions, too; taking one back makes it read', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const id = await alice.say(bob, 'hi')
  const { id: msgId } = await newest(bob, bob.peerOf(alice))
  const peer = bob.peerOf(alice)
  await bob.call('messages.sendReaction', { peer, msgId, reaction: [fire] })
  await alice.call('messages.readMessageContents', { id: [id] })
  assert.equal((await dialog(alice, alice.peerOf(bob))).unreadReactionsCount, 0)
  await bob.call('messages.sendReaction', { peer, msgId, reaction: [heart] })
  assert.equal((await dialog(alice, alice.peerOf(bob))).unreadReactionsCount, 1)
  await bob.call('messages.sendReaction', { peer, msgId })
  assert.equal((await dialog(alice, alice.peerOf(bob))).unreadReactionsCount, 0)
  assert.equal((await newest(alice, alice.peerOf(bob))).reactions, undefined)
  await bob.call('messages.sendReaction', { peer, msgId, reaction: [heart] })
  await alice.call('messages.deleteMessages', { id: [id], revoke: true })
  assert.equal((await dialog(alice, alice.peerOf(bob))).unreadReactionsCount, 0)
  const left = await server.app.store.db.selectFrom('reaction').select('n').execute()
  assert.equal(left.length, 0)
})

test('what cannot be reacted with is refused', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const msgId = await alice.say(bob, 'hi')
  const peer = alice.peerOf(bob)
  const react = (reaction?: tl.Reaction[], id = msgId) => ({ peer, msgId: id, reaction })
  await alice.fails('MESSAGE_NOT_MODIFIED', 'messages.sendReaction', react())
  await alice.fails('REACTION_INVALID', 'messages.sendReaction', react([emoji('x')]))
  await alice.fails('REACTION_INVALID', 'messages.sendReaction', react([{ _: 'reactionPaid' }]))
  await alice.fails('REACTION_EMPTY', 'messages.sendReaction', react([{ _: 'reactionEmpty' }]))
  await alice.fails('PREMIUM_ACCOUNT_REQUIRED', 'messages.sendReaction', react([heart, thumb]))
  await alice.fails(
    'PREMIUM_ACCOUNT_REQUIRED',
    'messages.sendReaction',
    react([{ _: 'reactionCustomEmoji', documentId: 5n }]),
  )
  await alice.fails('MESSAGE_ID_INVALID', 'messages.sendReaction', react([heart], 99))
  await alice.call('messages.sendReaction', react([emoji('❤\ufe0f')]))
  await alice.fails('MESSAGE_NOT_MODIFIED', 'messages.sendReaction', react([heart]))
  await setPremium(alice)
  await alice.fails('DOCUMENT_INVALID', 'messages.sendReaction', react([{ _: 'reactionCustomEmoji', documentId: 5n }]))
  await alice.fails('REACTIONS_TOO_MANY', 'messages.sendReaction', react([heart, thumb, fire, emoji('🎉')]))
  await alice.fails('REACTION_INVALID', 'messages.sendReaction', react([heart, heart]))
  const [update] = unpack(await alice.call('messages.sendReaction', react([fire, heart])))
  assert.deepEqual(counts(update.reactions), [
    ['❤', 1, 1],
    ['🔥', 1, 0],
  ])
})

test('service messages that take reactions say so, and show them; the others refuse', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = await group(alice, bob)
  const { id: created } = await newest(bob, peer)
  await alice.call('messages.editChatTitle', { chatId: peer.chatId, title: 'Town' })
  const renamed = (await newest(bob, peer)) as unknown as tl.messageService
  assert.deepEqual([renamed.action._, renamed.reactionsArePossible], ['messageActionChatEditTitle', true])
  await alice.updates()
  await bob.call('messages.sendReaction', { peer, msgId: renamed.id, reaction: [fire] })
  const [told] = await alice.updatesOf('updateMessageReactions')
  assert.deepEqual(counts(told!.reactions), [['🔥', 1, undefined]])
  assert.equal((await dialog(alice, peer)).unreadReactionsCount, 1)
  const mine = (await newest(alice, peer)) as unknown as tl.messageService
  assert.deepEqual([mine.id, counts(mine.reactions)], [told!.msgId, [['🔥', 1, undefined]]])
  const asked = unpack(await bob.call('messages.getMessagesReactions', { peer, id: [created, renamed.id] }))
  assert.deepEqual(
    asked.map((u) => u.msgId),
    [renamed.id],
  )
  await bob.fails('MESSAGE_ID_INVALID', 'messages.sendReaction', { peer, msgId: created, reaction: [fire] })
})

test('fifty people react at once, and every one is counted', async () => {
  await using server = await startTestServer()
  const people = await server.people(...Array.from({ length: 50 }, (_, i) => `P${i}`))
  const [first, ...rest] = people
  const peer = await group(first!, ...rest)
  await first!.say(peer, 'vote')
  const ids = await Promise.all(people.map(async (p) => (await newest(p, peer)).id))
  const choice = (i: number) => [thumb, heart, fire][i % 3]!
  await Promise.all(
    people.map((p, i) => p.call('messages.sendReaction', { peer, msgId: ids[i]!, reaction: [choice(i)] })),
  )
  await Promise.all(
    people
      .slice(0, 10)
      .map((p, i) => p.call('messages.sendReaction', { peer, msgId: ids[i]!, reaction: [fire] }).catch(() => {})),
  )
  const view = await newest(people[20]!, peer)
  const found = Object.fromEntries(counts(view.reactions)!.map(([e, n]) => [e, n]))
  // Of the first ten, those with a thumb (0, 3, 6, 9) and a heart (1, 4, 7) took fire.
  assert.deepEqual(found, { '👍': 13, '❤': 14, '🔥': 23 })
  const list = await people[7]!.call('messages.getMessageReactionsList', { peer, id: ids[7]!, limit: 30 })
  assert.equal(list.count, 50)
  const more = await people[7]!.call('messages.getMessageReactionsList', {
    peer,
    id: ids[7]!,
    limit: 30,
    offset: list.nextOffset,
  })
  const who = [...list.reactions, ...more.reactions].map((r) => (r.peerId as tl.peerUser).userId)
  assert.equal(new Set(who).size, 50)
  assert.equal(more.nextOffset, undefined)
  const hearts = await people[7]!.call('messages.getMessageReactionsList', {
    peer,
    id: ids[7]!,
    reaction: heart,
    limit: 100,
  })
  assert.deepEqual([hearts.count, hearts.reactions.length], [14, 14])
  await people[7]!.fails('MSG_ID_INVALID', 'messages.getMessageReactionsList', { peer, id: 99, limit: 1 })
  const [fetched] = unpack(await people[7]!.call('messages.getMessagesReactions', { peer, id: [ids[7]!] }))
  assert.equal(fetched.reactions.results.length, 3)
})

test('a group takes the reactions its administrators chose', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = await group(alice, bob)
  const msgId = await bob.say(peer, 'hi')
  const set = (availableReactions: tl.ChatReactions, reactionsLimit?: number) => ({
    peer,
    availableReactions,
    reactionsLimit,
  })
  await alice.updates()
  await alice.call('messages.setChatAvailableReactions', set({ _: 'chatReactionsSome', reactions: [thumb] }))
  assert.deepEqual(
    (await bob.updatesOf('updateChat')).map((u) => u.chatId),
    [peer.chatId],
  )
  const { fullChat } = await bob.call('messages.getFullChat', { chatId: peer.chatId })
  assert.deepEqual(plain((fullChat as tl.chatFull).availableReactions), {
    _: 'chatReactionsSome',
    reactions: [plain(thumb)],
  })
  await alice.fails(
    'CHAT_NOT_MODIFIED',
    'messages.setChatAvailableReactions',
    set({ _: 'chatReactionsSome', reactions: [thumb] }),
  )
  await alice.fails(
    'REACTION_INVALID',
    'messages.setChatAvailableReactions',
    set({ _: 'chatReactionsSome', reactions: [emoji('x')] }),
  )
  await bob.fails('REACTION_INVALID', 'messages.sendReaction', { peer, msgId, reaction: [heart] })
  await bob.call('messages.sendReaction', { peer, msgId, reaction: [thumb] })
  await alice.call('messages.setChatAvailableReactions', set({ _: 'chatReactionsAll' }, 1))
  const { id } = await newest(alice, peer)
  await alice.fails('REACTIONS_TOO_MANY', 'messages.sendReaction', { peer, msgId: id, reaction: [heart] })
  await alice.call('messages.setChatAvailableReactions', set({ _: 'chatReactionsNone' }))
  await alice.fails('REACTION_INVALID', 'messages.sendReaction', { peer, msgId: id, reaction: [thumb] })
  await alice.call('messages.editChatDefaultBannedRights', {
    peer,
    bannedRights: { _: 'chatBannedRights', changeInfo: true, untilDate: 0 },
  })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.setChatAvailableReactions', set({ _: 'chatReactionsAll' }))
})

test('administrators take reactions away', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = await group(alice, bob)
  const msgId = await bob.say(peer, 'one')
  const { id } = await newest(alice, peer)
  await bob.call('messages.sendReaction', { peer, msgId, reaction: [thumb] })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.deleteParticipantReaction', {
    peer,
    msgId,
    participant: bob.peerOf(alice),
  })
  await alice.call('messages.deleteParticipantReaction', { peer, msgId: id, participant: alice.peerOf(bob) })
  assert.equal((await newest(bob, peer)).reactions, undefined)
  await bob.call('messages.sendReaction', { peer, msgId, reaction: [fire] })
  await bob.updates()
  await alice.call('messages.deleteParticipantReactions', { peer, participant: alice.peerOf(bob) })
  assert.deepEqual(counts((await bob.updatesOf('updateMessageReactions'))[0]!.reactions), [])
  await bob.call('messages.sendReaction', { peer, msgId, reaction: [fire] })
  await alice.call('messages.reportReaction', { peer, id, reactionPeer: alice.peerOf(bob) })
  await alice.fails('USER_ID_INVALID', 'messages.reportReaction', { peer, id, reactionPeer: { _: 'inputPeerSelf' } })
  await alice.fails('MSG_ID_INVALID', 'messages.reportReaction', { peer, id: 99, reactionPeer: alice.peerOf(bob) })
  const reports = await server.app.store.db.selectFrom('reaction_report').select(['owner', 'peer']).execute()
  assert.deepEqual(
    reports.map((r) => [r.owner, r.peer]),
    [[alice.id, bob.id]],
  )
})

test('reactions are drawn with documents that clients can fetch', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const answer = (await alice.call('messages.getAvailableReactions', { hash: 0 })) as tl.messages_availableReactions
  assert.equal(answer.reactions.length, 73)
  assert.equal(
    (await alice.call('messages.getAvailableReactions', { hash: answer.hash }))._,
    'messages.availableReactionsNotModified',
  )
  const fetch = async (document: tl.document) => {
    const { id, accessHash, fileReference } = document
    const location: tl.InputFileLocation = {
      _: 'inputDocumentFileLocation',
      id,
      accessHash,
      fileReference,
      thumbSize: '',
    }
    return ((await alice.call('upload.getFile', { location, offset: 0, limit: 512 * 1024 })) as tl.upload_file).bytes
  }
  const first = answer.reactions[0]!
  const icon = await fetch(first.staticIcon as tl.document)
  assert.equal(Buffer.from(icon).subarray(8, 12).toString(), 'WEBP')
  const animation = JSON.parse(gunzipSync(await fetch(first.activateAnimation as tl.document)).toString())
  assert.deepEqual([animation.w, animation.h, animation.layers.length], [512, 512, 1])
})

test('one’s favourite, recent and most used reactions', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  const a = await alice.say(bob, 'a')
  const b = await alice.say(bob, 'b')
  const peer = alice.peerOf(bob)
  const names = (r: tl.messages_Reactions) =>
    (r as tl.messages_reactions).reactions.map((x) => (x as tl.reactionEmoji).emoticon)
  await alice.call('messages.sendReaction', { peer, msgId: a, reaction: [fire], addToRecent: true })
  await server.clock.advance(1)
  await alice.call('messages.sendReaction', { peer, msgId: b, reaction: [fire] })
  await alice.call('messages.sendReaction', { peer, msgId: b, reaction: [thumb], addToRecent: true })
  assert.equal((await phone.updatesOf('updateRecentReactions')).length, 2)
  const recent = await alice.call('messages.getRecentReactions', { limit: 10, hash: 0n })
  assert.deepEqual(names(recent), ['👍', '🔥'])
  const { hash } = recent as tl.messages_reactions
  assert.equal(
    (await alice.call('messages.getRecentReactions', { limit: 10, hash }))._,
    'messages.reactionsNotModified',
  )
  assert.deepEqual(names(await alice.call('messages.getTopReactions', { limit: 3, hash: 0n })), ['🔥', '👍', '❤'])
  await alice.call('messages.clearRecentReactions', {})
  assert.deepEqual(names(await alice.call('messages.getRecentReactions', { limit: 10, hash: 0n })), [])
  await alice.call('messages.setDefaultReaction', { reaction: fire })
  await alice.fails('REACTION_INVALID', 'messages.setDefaultReaction', { reaction: emoji('x') })
  assert.equal((await phone.updatesOf('updateConfig')).length, 1)
  assert.deepEqual(plain((await phone.call('help.getConfig', {})).reactionsDefault), plain(fire))
  assert.deepEqual(plain((await bob.call('help.getConfig', {})).reactionsDefault), plain(heart))
})

test('whose reactions one is notified of', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const phone = await alice.device()
  const settings = await alice.call('account.getReactionsNotifySettings', {})
  assert.equal(settings.messagesNotifyFrom?._, 'reactionNotificationsFromAll')
  const wanted: tl.ReactionsNotifySettings = {
    _: 'reactionsNotifySettings',
    messagesNotifyFrom: { _: 'reactionNotificationsFromContacts' },
    sound: { _: 'notificationSoundNone' },
    showPreviews: false,
  }
  await alice.call('account.setReactionsNotifySettings', { settings: wanted })
  assert.deepEqual(plain(await phone.call('account.getReactionsNotifySettings', {})), plain(wanted))
})
