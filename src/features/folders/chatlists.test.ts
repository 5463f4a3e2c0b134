import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

interface Place {
  id: number
  peerId: tl.Peer
  of(who: Person): tl.InputPeer
}

async function make(creator: Person, title: string, more: object = { megagroup: true }): Promise<Place> {
  const answer = (await creator.call('channels.createChannel', { ...more, title, about: '' })) as tl.updates
  const { id } = answer.chats[0]!
  const of = (who: Person): tl.InputPeer => {
    const hash = accessHash(new Context(who.server.app, who.id), 'channel', id)
    return { _: 'inputPeerChannel', channelId: id, accessHash: hash }
  }
  return { id, peerId: { _: 'peerChannel', channelId: id }, of }
}

function filter(id: number, title: string, includePeers: tl.InputPeer[], more: Partial<tl.dialogFilter> = {}) {
  const peers = { pinnedPeers: [], includePeers, excludePeers: [] }
  return { id, filter: { _: 'dialogFilter' as const, id, title: text(title), ...peers, ...more } }
}
const text = (plain: string): tl.textWithEntities => ({ _: 'textWithEntities', text: plain, entities: [] })
const chatlist = (filterId: number) => ({ _: 'inputChatlistDialogFilter' as const, filterId })
const slugOf = (url: string) => url.split('/').at(-1)!

async function folders(who: Person | { call: Person['call'] }): Promise<tl.DialogFilter[]> {
  return (await who.call('messages.getDialogFilters', {})).filters
}

/** Alice's folder with a private group, a private channel and a basic group with Carol; a link to it. */
async function shared(alice: Person, carol: Person) {
  const group = await make(alice, 'Group')
  const news = await make(alice, 'News', { broadcast: true })
  const made = await alice.call('messages.createChat', { title: 'Basic', users: [alice.userOf(carol)] })
  const chatId = (made.updates as tl.updates).chats[0]!.id
  const basic: tl.InputPeer = { _: 'inputPeerChat', chatId }
  const peers = [group.of(alice), news.of(alice), basic]
  await alice.call('messages.updateDialogFilter', filter(2, 'Work', [...peers, alice.peerOf(carol)]))
  const { invite, filter: kept } = await alice.call('chatlists.exportChatlistInvite', {
    chatlist: chatlist(2),
    title: ' For all ',
    peers,
  })
  return { group, news, basic, chatId, invite: invite as tl.exportedChatlistInvite, kept, slug: slugOf(invite.url) }
}

test('a folder is shared by a link: whoever follows it is in its groups and has the folder', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const alicePhone = await alice.device()
  const { group, news, basic, chatId, invite, kept, slug } = await shared(alice, carol)
  assert.ok(kept._ === 'dialogFilterChatlist' && kept.hasMyInvites)
  assert.equal(invite.title, 'For all')
  assert.match(invite.url, /^https:\/\/t\.me\/addlist\/[\w-]+$/)
  const basicId: tl.Peer = { _: 'peerChat', chatId }
  assert.deepEqual(invite.peers, [group.peerId, news.peerId, basicId])
  assert.deepEqual((await alicePhone.updatesOf('updateDialogFilter')).at(-1)!.filter, kept)
  assert.deepEqual((await alicePhone.call('chatlists.getExportedInvites', { chatlist: chatlist(2) })).invites, [invite])

  const found = await bob.call('chatlists.checkChatlistInvite', { slug })
  assert.ok(found._ === 'chatlists.chatlistInvite')
  assert.deepEqual([found.title.text, found.peers.length], ['Work', 3])
  // What he is invited to shows, although he may not look into it yet.
  const shown = found.chats.map((chat) => [chat._, 'title' in chat && chat.title, 'left' in chat && chat.left])
  assert.deepEqual(shown.sort(), [
    ['channel', 'Group', true],
    ['channel', 'News', true],
    ['chat', 'Basic', true],
  ])

  await alice.updates()
  const phone = await bob.device()
  const answer = (await bob.call('chatlists.joinChatlistInvite', {
    slug,
    peers: [group.of(bob), basic],
  })) as tl.updates
  const told = answer.updates.find((u) => u._ === 'updateDialogFilter') as tl.updateDialogFilter
  const mine = told.filter as tl.dialogFilterChatlist
  assert.deepEqual(
    [mine._, mine.id, mine.title.text, mine.hasMyInvites],
    ['dialogFilterChatlist', 2, 'Work', undefined],
  )
  assert.deepEqual(mine.includePeers, [group.of(bob), basic])
  assert.deepEqual((await folders(phone))[1], mine)
  assert.deepEqual((await phone.updatesOf('updateDialogFilter')).at(-1), told)
  // He is in both, and the others read it.
  const actions = (await alice.updates()).flatMap((u) => (u.message?.action ? [u.message.action] : []))
  assert.deepEqual(actions, [
    { _: 'messageActionChatJoinedByLink', inviterId: alice.id },
    { _: 'messageActionChatJoinedByLink', inviterId: alice.id },
  ])
  await bob.say(group.of(bob), 'hello')
  await bob.fails('CHANNEL_PRIVATE', 'messages.getHistory', {
    peer: news.of(bob),
    ...{ offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: 0n },
  })
  const again = await bob.call('chatlists.checkChatlistInvite', { slug })
  assert.ok(again._ === 'chatlists.chatlistInviteAlready')
  assert.deepEqual([again.filterId, again.missingPeers], [2, [news.peerId]])
  assert.deepEqual(again.alreadyPeers, [group.peerId, basicId])
  // The administrators see by what he came.
  const log = await alice.call('channels.getAdminLog', {
    channel: { ...(group.of(alice) as tl.inputPeerChannel), _: 'inputChannel' },
    ...{ q: '', maxId: 0n, minId: 0n, limit: 10 },
  })
  assert.match(log.events[0]!.action._, /ParticipantJoin/)
})

test('what is added to a shared folder is offered, joined or passed over', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { group, news, slug } = await shared(alice, carol)
  const at = chatlist(2)
  await bob.call('chatlists.joinChatlistInvite', { slug, peers: [group.of(bob)] })
  const missing = async () =>
    (await bob.call('chatlists.getChatlistUpdates', { chatlist: at })).missingPeers.map((p) => Object.values(p)[1])
  const before = await missing()
  assert.equal(before.length, 2)
  assert.equal(before[0], news.id)
  await bob.call('chatlists.hideChatlistUpdates', { chatlist: at })
  assert.deepEqual(await missing(), [])

  const third = await make(alice, 'Third')
  const include = [group.of(alice), news.of(alice), third.of(alice)]
  const changed = { ...filter(2, 'Work', include).filter, _: 'dialogFilterChatlist' as const }
  await alice.call('messages.updateDialogFilter', { id: 2, filter: changed })
  const edited = await alice.call('chatlists.editExportedInvite', { chatlist: at, slug, title: 'New', peers: include })
  assert.deepEqual([edited.title, edited.peers.length], ['New', 3])
  assert.deepEqual(await missing(), [third.id])
  await bob.call('chatlists.joinChatlistUpdates', { chatlist: at, peers: [third.of(bob)] })
  assert.deepEqual(await missing(), [news.id], 'joining shows what was hidden again')
  await bob.say(third.of(bob), 'here')
  const [, mine] = (await folders(bob)) as tl.dialogFilterChatlist[]
  assert.deepEqual(mine!.includePeers, [group.of(bob), third.of(bob)])

  // One who may not invite any more leads nobody in.
  await alice.call('chatlists.deleteExportedInvite', { chatlist: at, slug })
  assert.deepEqual(await missing(), [])
  await bob.fails('FILTER_ID_INVALID', 'chatlists.joinChatlistUpdates', { chatlist: at, peers: [news.of(bob)] })
  await carol.fails('INVITE_SLUG_EXPIRED', 'chatlists.checkChatlistInvite', { slug })
  await carol.fails('INVITE_SLUG_EXPIRED', 'chatlists.joinChatlistInvite', { slug, peers: [news.of(carol)] })
  const own = (await folders(alice))[1] as tl.dialogFilterChatlist
  assert.deepEqual([own._, own.hasMyInvites], ['dialogFilterChatlist', undefined])
  assert.deepEqual((await alice.call('chatlists.getExportedInvites', { chatlist: at })).invites, [])
  // With its links gone it can be an ordinary folder again.
  await alice.call('messages.updateDialogFilter', filter(2, 'Work', [group.of(alice)], { bots: true }))
  assert.equal((await folders(alice))[1]!._, 'dialogFilter')
})

test('a folder that came by a link is left with what it brought', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { group, basic, chatId, news, slug } = await shared(alice, carol)
  const at = chatlist(2)
  await bob.call('chatlists.joinChatlistInvite', { slug, peers: [group.of(bob), news.of(bob), basic] })
  const suggested = await bob.call('chatlists.getLeaveChatlistSuggestions', { chatlist: at })
  assert.deepEqual(suggested, [group.peerId, news.peerId, { _: 'peerChat', chatId }])
  const phone = await bob.device()
  await alice.updates()
  const left = (await bob.call('chatlists.leaveChatlist', {
    chatlist: at,
    peers: [group.of(bob), basic],
  })) as tl.updates
  assert.ok(left.updates.some((u) => u._ === 'updateDialogFilter' && u.filter === undefined))
  assert.equal((await folders(phone)).length, 1)
  const actions = (await alice.updates()).flatMap((u) => (u.message?.action ? [u.message.action._] : []))
  assert.deepEqual(actions, ['messageActionChatDeleteUser', 'messageActionChatDeleteUser'])
  await bob.fails('CHANNEL_PRIVATE', 'messages.getHistory', {
    peer: group.of(bob),
    ...{ offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: 0n },
  })
  const [channel] = (
    await bob.call('channels.getChannels', { id: [{ ...(news.of(bob) as tl.inputPeerChannel), _: 'inputChannel' }] })
  ).chats
  assert.equal((channel as tl.channel).left, undefined)
  await bob.fails('FILTER_ID_INVALID', 'chatlists.leaveChatlist', { chatlist: at, peers: [] })
})

test('what cannot be shared or followed is refused', async () => {
  await using server = await startTestServer({ settings: { limits: { chatlistInvites: 1, chatlistsJoined: 1 } } })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { group, news, slug } = await shared(alice, carol)
  const at = chatlist(2)
  const one = [group.of(alice)]
  const more = (peers: tl.InputPeer[], id = 2) => ({ chatlist: chatlist(id), title: '', peers })
  await alice.fails('INVITES_TOO_MUCH', 'chatlists.exportChatlistInvite', more(one))
  await alice.fails('PEERS_LIST_EMPTY', 'chatlists.exportChatlistInvite', more([]))
  await alice.fails('CHANNEL_INVALID', 'chatlists.exportChatlistInvite', more([alice.peerOf(carol)]))
  await alice.fails('FILTER_ID_INVALID', 'chatlists.exportChatlistInvite', more(one, 3))
  await alice.call('messages.updateDialogFilter', filter(3, 'Kinds', one, { groups: true }))
  await alice.fails('FILTER_NOT_SUPPORTED', 'chatlists.exportChatlistInvite', more(one, 3))
  await alice.fails('FILTER_NOT_SUPPORTED', 'chatlists.getChatlistUpdates', { chatlist: chatlist(3) })
  await alice.fails('INPUT_CHATLIST_INVALID', 'chatlists.getChatlistUpdates', { chatlist: at })
  await alice.fails('FILTER_NOT_SUPPORTED', 'chatlists.hideChatlistUpdates', { chatlist: at })
  await alice.call('messages.updateDialogFilter', filter(3, 'Other', one))
  await alice.fails('CHATLISTS_TOO_MUCH', 'chatlists.exportChatlistInvite', more(one, 3))
  await alice.fails('CHATLIST_EXCLUDE_INVALID', 'messages.updateDialogFilter', filter(2, 'Work', one, { bots: true }))
  await alice.fails('INVITE_SLUG_EMPTY', 'chatlists.editExportedInvite', { chatlist: at, slug: '' })
  await alice.fails('INVITE_SLUG_EXPIRED', 'chatlists.editExportedInvite', { chatlist: at, slug: 'abc' })
  await alice.fails('INVITE_SLUG_INVALID', 'chatlists.deleteExportedInvite', { chatlist: at, slug: '' })
  const ownChatlist = { ...filter(4, 'x', one).filter, _: 'dialogFilterChatlist' as const }
  await alice.fails('FILTER_ID_INVALID', 'messages.updateDialogFilter', { id: 4, filter: ownChatlist })

  await bob.fails('INVITE_SLUG_EMPTY', 'chatlists.checkChatlistInvite', { slug: '' })
  await bob.fails('FILTER_INCLUDE_EMPTY', 'chatlists.joinChatlistInvite', { slug, peers: [] })
  const wrong = { ...(group.of(bob) as tl.inputPeerChannel), accessHash: 1n }
  await bob.fails('CHANNEL_INVALID', 'chatlists.joinChatlistInvite', { slug, peers: [wrong] })
  await bob.fails('PEER_ID_INVALID', 'chatlists.joinChatlistInvite', { slug, peers: [bob.peerOf(alice)] })
  await bob.call('chatlists.joinChatlistInvite', { slug, peers: [group.of(bob)] })
  // Bob may not invite into what is private, and cannot share it on.
  await bob.fails('CHAT_ADMIN_REQUIRED', 'chatlists.exportChatlistInvite', more([group.of(bob)]))

  // Whom the sharer removed, the link does not bring back.
  await alice.call('channels.editBanned', {
    channel: { ...(news.of(alice) as tl.inputPeerChannel), _: 'inputChannel' },
    participant: alice.peerOf(carol),
    bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 },
  })
  const seen = await carol.call('chatlists.checkChatlistInvite', { slug })
  assert.ok(!('peers' in seen && seen.peers.some((p) => 'channelId' in p && p.channelId === news.id)))
  await carol.fails('PEER_ID_INVALID', 'chatlists.joinChatlistInvite', { slug, peers: [news.of(carol)] })
})

test('two devices that follow a link at once come in once and have one folder', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { group, basic, slug } = await shared(alice, carol)
  const phone = await bob.device()
  await alice.updates()
  const peers = [group.of(bob), basic]
  await Promise.all([bob, phone].map((device) => device.call('chatlists.joinChatlistInvite', { slug, peers })))
  assert.equal((await folders(bob)).length, 2)
  const actions = (await alice.updates()).flatMap((u) => (u.message?.action ? [u.message.action._] : []))
  assert.deepEqual(actions, ['messageActionChatJoinedByLink', 'messageActionChatJoinedByLink'])
  const left = { chatlist: chatlist(2), peers }
  const went = await Promise.allSettled([bob, phone].map((device) => device.call('chatlists.leaveChatlist', left)))
  assert.deepEqual(went.map((one) => one.status).sort(), ['fulfilled', 'rejected'])
  const gone = (await alice.updates()).flatMap((u) => (u.message?.action ? [u.message.action._] : []))
  assert.deepEqual(gone, ['messageActionChatDeleteUser', 'messageActionChatDeleteUser'])
})

test('who came with a folder counts among those who came by the link of whoever shared it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { group, basic, slug } = await shared(alice, carol)
  const places = [group.of(alice), basic]
  for (const peer of places) await alice.call('messages.exportChatInvite', { peer })
  await bob.call('chatlists.joinChatlistInvite', { slug, peers: [group.of(bob), basic] })
  for (const peer of places) {
    const page = { offsetDate: 0, offsetUser: { _: 'inputUserEmpty' as const }, limit: 10 }
    const { importers } = await alice.call('messages.getChatInviteImporters', { peer, ...page })
    assert.deepEqual(
      importers.map((one) => [one.userId, one.viaChatlist]),
      [[bob.id, true]],
    )
    const { invites } = await alice.call('messages.getExportedChatInvites', {
      ...{ peer, adminId: { _: 'inputUserSelf' }, limit: 10 },
    })
    assert.deepEqual(
      invites.map((one) => (one as tl.chatInviteExported).usage),
      [1],
    )
  }
})
