import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type Person, plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const rid = () => randomBytes(8).readBigInt64LE()
const self: tl.InputPeer = { _: 'inputPeerSelf' }
const emoji = (emoticon: string): tl.Reaction => ({ _: 'reactionEmoji', emoticon })
const start = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
const list = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' } as const, limit: 100, hash: 0n }

const setPremium = (person: Person) =>
  person.server.app.store.transact((trx) =>
    trx.updateTable('user').set({ premium: 1 }).where('id', '=', person.id).execute(),
  )

/** Forwards what was said in a chat into the saved messages. */
async function save(who: Person, from: Person, text: string): Promise<number> {
  const id = await who.say(from, text)
  const answer = await who.call('messages.forwardMessages', {
    fromPeer: who.peerOf(from),
    id: [id],
    randomId: [rid()],
    toPeer: self,
  })
  return unpack(answer).find((u) => u._ === 'updateMessageID').id
}

const peers = (answer: tl.messages_SavedDialogs) =>
  (answer as tl.messages_savedDialogs).dialogs.map((d) => [
    (d.peer as tl.peerUser).userId,
    d.topMessage,
    (d as tl.savedDialog).pinned ?? false,
  ])

const texts = (answer: tl.messages_Messages) =>
  (answer as tl.messages_messages).messages.map((m) => (m as tl.message).message)

test('saved messages are listed by where they are from, pinned ones first', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const phone = await alice.device()
  const note = await alice.say(self, 'note')
  const b = await save(alice, bob, 'from bob')
  const c1 = await save(alice, carol, 'from carol')
  const c2 = await save(alice, carol, 'from carol, too')
  const all = await alice.call('messages.getSavedDialogs', list)
  assert.deepEqual(peers(all), [
    [carol.id, c2, false],
    [bob.id, b, false],
    [alice.id, note, false],
  ])
  assert.deepEqual(
    (all as tl.messages_savedDialogs).messages.map((m) => m.id),
    [c2, b, note],
  )
  const slice = await alice.call('messages.getSavedDialogs', { ...list, limit: 1 })
  assert.deepEqual([slice._, (slice as tl.messages_savedDialogsSlice).count], ['messages.savedDialogsSlice', 3])
  assert.deepEqual(peers(await alice.call('messages.getSavedDialogs', { ...list, limit: 1, offsetId: c2 })), [
    [bob.id, b, false],
  ])
  await phone.updates()
  const entry = (peer: tl.InputPeer): tl.InputDialogPeer => ({ _: 'inputDialogPeer', peer })
  await alice.call('messages.toggleSavedDialogPin', { pinned: true, peer: entry(alice.peerOf(bob)) })
  await alice.call('messages.toggleSavedDialogPin', { pinned: true, peer: entry(self) })
  assert.deepEqual(plain(await phone.updates()), [
    { _: 'updateSavedDialogPinned', pinned: true, peer: { _: 'dialogPeer', peer: bob.peerId } },
    { _: 'updateSavedDialogPinned', pinned: true, peer: { _: 'dialogPeer', peer: alice.peerId } },
  ])
  assert.deepEqual(peers(await phone.call('messages.getPinnedSavedDialogs', {})), [
    [alice.id, note, true],
    [bob.id, b, true],
  ])
  assert.deepEqual(
    peers(await alice.call('messages.getSavedDialogs', list)).map((p) => p[0]),
    [alice.id, bob.id, carol.id],
  )
  // Page by page they come in the same order, by the dialog that the page before ended with.
  const next = async (offsetPeer: tl.InputPeer, offsetId: number) =>
    peers(await alice.call('messages.getSavedDialogs', { ...list, limit: 1, offsetPeer, offsetId })).map((p) => p[0])
  assert.deepEqual(await next(self, note), [bob.id])
  assert.deepEqual(await next(alice.peerOf(bob), b), [carol.id])
  assert.deepEqual(await next({ _: 'inputPeerEmpty' }, note), [bob.id])
  assert.deepEqual(await next(alice.peerOf(carol), c2), [])
  assert.deepEqual(
    peers(await alice.call('messages.getSavedDialogs', { ...list, excludePinned: true })).map((p) => p[0]),
    [carol.id],
  )
  await alice.call('messages.reorderPinnedSavedDialogs', {
    force: true,
    order: [entry(alice.peerOf(carol)), entry(self)],
  })
  assert.deepEqual(
    (await phone.updatesOf('updatePinnedSavedDialogs')).map((u) => plain(u.order)),
    [
      [
        { _: 'dialogPeer', peer: carol.peerId },
        { _: 'dialogPeer', peer: alice.peerId },
      ],
    ],
  )
  assert.deepEqual(
    peers(await phone.call('messages.getPinnedSavedDialogs', {})).map((p) => p[0]),
    [carol.id, alice.id],
  )
  const byId = await alice.call('messages.getSavedDialogsByID', { ids: [alice.peerOf(bob), alice.peerOf(carol)] })
  assert.deepEqual(peers(byId), [
    [bob.id, b, false],
    [carol.id, c2, true],
  ])
  assert.ok(c1 < c2)
  await bob.fails('PEER_ID_INVALID', 'messages.toggleSavedDialogPin', { pinned: true, peer: entry(bob.peerOf(carol)) })
  await alice.fails('PARENT_PEER_INVALID', 'messages.readSavedHistory', {
    parentPeer: self,
    peer: alice.peerOf(bob),
    maxId: 0,
  })
})

test('the history of one saved dialog is read and deleted alone', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const phone = await alice.device()
  await alice.say(self, 'note')
  const ids = [await save(alice, bob, 'b1'), await save(alice, bob, 'b2'), await save(alice, bob, 'b3')]
  await save(alice, carol, 'c1')
  const peer = alice.peerOf(bob)
  assert.deepEqual(texts(await alice.call('messages.getSavedHistory', { ...start, peer })), ['b3', 'b2', 'b1'])
  assert.deepEqual(
    texts(await alice.call('messages.getSavedHistory', { ...start, peer, offsetId: ids[2]!, limit: 1 })),
    ['b2'],
  )
  await alice.call('messages.toggleSavedDialogPin', { pinned: true, peer: { _: 'inputDialogPeer', peer } })
  await phone.updates()
  const gone = await alice.call('messages.deleteSavedHistory', { peer, maxId: ids[1]! })
  assert.deepEqual([gone.ptsCount, gone.offset], [2, 0])
  assert.deepEqual(
    (await phone.updatesOf('updateDeleteMessages')).map((u) => [...u.messages].sort()),
    [[ids[0], ids[1]]],
  )
  assert.deepEqual(texts(await alice.call('messages.getSavedHistory', { ...start, peer })), ['b3'])
  await alice.call('messages.deleteSavedHistory', { peer, maxId: 0 })
  assert.deepEqual(
    (await phone.updates()).map((u) => u._),
    ['updateDeleteMessages', 'updateSavedDialogPinned'],
  )
  assert.deepEqual(
    peers(await alice.call('messages.getSavedDialogs', list)).map((p) => p[0]),
    [carol.id, alice.id],
  )
  assert.deepEqual(texts(await alice.call('messages.getHistory', { ...start, peer: self })), ['c1', 'note'])
  assert.deepEqual((await alice.call('messages.deleteSavedHistory', { peer, maxId: 0 })).ptsCount, 0)
  await alice.fails('PEER_ID_INVALID', 'messages.getSavedHistory', { ...start, peer: { _: 'inputPeerEmpty' } })
})

test('saved messages are tagged, the tags named and searched', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const note = await alice.say(self, 'note')
  const saved = await save(alice, bob, 'from bob')
  const [fire, heart] = [emoji('🔥'), emoji('❤')]
  await alice.fails('PREMIUM_ACCOUNT_REQUIRED', 'messages.sendReaction', { peer: self, msgId: note, reaction: [fire] })
  await alice.fails('PREMIUM_ACCOUNT_REQUIRED', 'messages.updateSavedReactionTag', { reaction: fire, title: 'hot' })
  await setPremium(alice)
  const phone = await alice.device()
  const answer = unpack(await alice.call('messages.sendReaction', { peer: self, msgId: note, reaction: [fire, heart] }))
  assert.deepEqual([answer[0].reactions.reactionsAsTags, answer[0].reactions.recentReactions], [true, undefined])
  await alice.call('messages.sendReaction', { peer: self, msgId: saved, reaction: [fire] })
  assert.deepEqual((await phone.updates()).map((u) => u._).filter((k) => k === 'updateSavedReactionTags').length, 2)
  await alice.call('messages.updateSavedReactionTag', { reaction: fire, title: 'hot' })
  await alice.fails('REACTION_INVALID', 'messages.updateSavedReactionTag', { reaction: emoji('👍'), title: 'none' })
  const tags = (await phone.call('messages.getSavedReactionTags', { hash: 0n })) as tl.messages_savedReactionTags
  const shown = (t: tl.messages_savedReactionTags) =>
    t.tags.map((x) => [(x.reaction as tl.reactionEmoji).emoticon, x.count, x.title])
  assert.deepEqual(shown(tags), [
    ['🔥', 2, 'hot'],
    ['❤', 1, undefined],
  ])
  assert.equal(
    (await alice.call('messages.getSavedReactionTags', { hash: tags.hash }))._,
    'messages.savedReactionTagsNotModified',
  )
  const ofBob = (await alice.call('messages.getSavedReactionTags', {
    peer: alice.peerOf(bob),
    hash: 0n,
  })) as tl.messages_savedReactionTags
  assert.deepEqual(shown(ofBob), [['🔥', 1, 'hot']])
  const search = {
    peer: self,
    q: '',
    filter: { _: 'inputMessagesFilterEmpty' } as const,
    minDate: 0,
    maxDate: 0,
    ...start,
  }
  assert.deepEqual(texts(await alice.call('messages.search', { ...search, savedReaction: [fire] })), [
    'from bob',
    'note',
  ])
  assert.deepEqual(texts(await alice.call('messages.search', { ...search, savedReaction: [fire, heart] })), ['note'])
  assert.deepEqual(
    texts(await alice.call('messages.search', { ...search, savedReaction: [fire], savedPeerId: alice.peerOf(bob) })),
    ['from bob'],
  )
  await alice.call('messages.updateSavedReactionTag', { reaction: fire })
  const after = (await alice.call('messages.getSavedReactionTags', {
    hash: tags.hash,
  })) as tl.messages_savedReactionTags
  assert.equal(after.tags[0]!.title, undefined)
  const offered = (await alice.call('messages.getDefaultTagReactions', { hash: 0n })) as tl.messages_reactions
  assert.equal(offered.reactions.length, 8)
  assert.equal(
    (await alice.call('messages.getDefaultTagReactions', { hash: offered.hash }))._,
    'messages.reactionsNotModified',
  )
  assert.deepEqual(
    plain(((await bob.call('messages.getSavedReactionTags', { hash: 0n })) as tl.messages_savedReactionTags).tags),
    [],
  )
})
