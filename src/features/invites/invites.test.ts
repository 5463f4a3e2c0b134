import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

interface Place {
  id: number
  of(who: Person): tl.inputChannel
  peer(who: Person): tl.inputPeerChannel
}

async function makeGroup(creator: Person): Promise<Place> {
  const made = (await creator.call('channels.createChannel', {
    megagroup: true,
    title: 'Group',
    about: '',
  })) as tl.updates
  const { id } = made.chats[0]!
  const hash = (who: Person) => accessHash(new Context(who.server.app, who.id), 'channel', id)
  return {
    id,
    of: (who) => ({ _: 'inputChannel', channelId: id, accessHash: hash(who) }),
    peer: (who) => ({ _: 'inputPeerChannel', channelId: id, accessHash: hash(who) }),
  }
}

const hashOf = (link: tl.ExportedChatInvite) => (link as tl.chatInviteExported).link.split('+')[1]!

test('people come into a supergroup and a basic group by a link, as often as it allows', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice)
  const created = await alice.call('messages.createChat', { users: [], title: 'Basic' })
  const basic: tl.inputPeerChat = { _: 'inputPeerChat', chatId: (created.updates as tl.updates).chats[0]!.id }
  for (const peer of [group.peer(alice), basic]) {
    const link = await alice.call('messages.exportChatInvite', { peer, usageLimit: 1, title: 'one' })
    const hash = hashOf(link)
    const shown = (await bob.call('messages.checkChatInvite', { hash })) as tl.chatInvite
    assert.equal(shown.participantsCount, 1)
    const joined = await bob.call('messages.importChatInvite', { hash })
    assert.equal(joined._, 'messages.chatInviteJoinResultOk')
    const told = await alice.updates()
    const actions = told.flatMap((u) => (u.message?.action ? [u.message.action] : []))
    assert.deepEqual(actions.at(-1), { _: 'messageActionChatJoinedByLink', inviterId: alice.id })
    await carol.fails('INVITE_HASH_EXPIRED', 'messages.importChatInvite', { hash })
    const seen = await alice.call('messages.getExportedChatInvite', {
      peer,
      link: (link as tl.chatInviteExported).link,
    })
    assert.equal((seen.invite as tl.chatInviteExported).usage, 1)
    const importers = await alice.call('messages.getChatInviteImporters', {
      peer,
      link: (link as tl.chatInviteExported).link,
      offsetDate: 0,
      offsetUser: { _: 'inputUserEmpty' },
      limit: 10,
    })
    assert.deepEqual(
      importers.importers.map((i) => i.userId),
      [bob.id],
    )
    await carol.fails('INVITE_HASH_EXPIRED', 'messages.checkChatInvite', { hash: 'nothing_of_ours' })
    await carol.fails('INVITE_HASH_EMPTY', 'messages.checkChatInvite', { hash: '' })
  }
})

test('who has to be let in asks, and is let in or sent away by an administrator', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice)
  const peer = group.peer(alice)
  const hash = hashOf(await alice.call('messages.exportChatInvite', { peer, requestNeeded: true }))
  await alice.updates()
  await bob.fails('INVITE_REQUEST_SENT', 'messages.importChatInvite', { hash })
  await carol.fails('INVITE_REQUEST_SENT', 'messages.importChatInvite', { hash })
  const [asked] = await alice.updatesOf('updatePendingJoinRequests')
  assert.equal(asked!.requestsPending, 1)
  assert.deepEqual(asked!.recentRequesters, [bob.id])
  await alice.call('messages.hideChatJoinRequest', { peer, userId: alice.userOf(bob), approved: true })
  assert.ok((await bob.updatesOf('updateChannel')).length > 0)
  await bob.say(group.peer(bob), 'in')
  await alice.call('messages.hideAllChatJoinRequests', { peer })
  await alice.fails('HIDE_REQUESTER_MISSING', 'messages.hideChatJoinRequest', { peer, userId: alice.userOf(carol) })
  await carol.fails('CHANNEL_PRIVATE', 'channels.getFullChannel', { channel: group.of(carol) })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.hideAllChatJoinRequests', { peer: group.peer(bob) })
})

test('who decides on requests reads what those who ask tell of themselves, and of no request that is settled', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const group = await makeGroup(alice)
  const peer = group.peer(alice)
  const hash = hashOf(await alice.call('messages.exportChatInvite', { peer, requestNeeded: true }))
  const open = hashOf(await alice.call('messages.exportChatInvite', { peer }))
  for (const [who, about] of [
    [bob, 'A plumber'],
    [carol, 'For friends'],
    [dave, ''],
  ] as const) {
    await who.call('account.updateProfile', { about, lastName: `Of ${who.id}` })
    if (who === carol) {
      const rules: tl.InputPrivacyRule[] = [{ _: 'inputPrivacyValueDisallowAll' }]
      await who.call('account.setPrivacy', { key: { _: 'inputPrivacyKeyAbout' }, rules })
    }
    await who.fails('INVITE_REQUEST_SENT', 'messages.importChatInvite', { hash })
  }
  const waiting = async (q?: string) => {
    const page = { offsetDate: 0, offsetUser: { _: 'inputUserEmpty' as const }, limit: 10, q }
    const { importers } = await alice.call('messages.getChatInviteImporters', { peer, requested: true, ...page })
    return new Map(importers.map((one) => [one.userId, one.about]))
  }
  assert.deepEqual(
    [...(await waiting())].sort(([a], [b]) => a - b),
    [
      [bob.id, 'A plumber'],
      [carol.id, undefined],
      [dave.id, undefined],
    ].sort((a, b) => Number(a[0]) - Number(b[0])),
  )
  assert.deepEqual([...(await waiting(`of ${dave.id}`)).keys()], [dave.id])
  // One comes by another link, one is added, one is kept out: there is nothing left to decide.
  await alice.updates()
  const pending = async () => (await alice.updatesOf('updatePendingJoinRequests')).at(-1)?.requestsPending
  await bob.call('messages.importChatInvite', { hash: open })
  assert.equal(await pending(), 2)
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(carol)] })
  assert.equal(await pending(), 1)
  const bannedRights: tl.chatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 }
  await alice.call('channels.editBanned', { channel: group.of(alice), participant: alice.peerOf(dave), bannedRights })
  assert.equal(await pending(), 0)
  assert.equal((await waiting()).size, 0)
  const full = await alice.call('channels.getFullChannel', { channel: group.of(alice) })
  assert.equal((full.fullChat as tl.channelFull).requestsPending, undefined)
})

test('links are listed, edited, revoked and deleted', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeGroup(alice)
  const peer = group.peer(alice)
  const lasting = (await alice.call('messages.exportChatInvite', { peer })) as tl.chatInviteExported
  assert.equal(lasting.permanent, true)
  const other = (await alice.call('messages.exportChatInvite', { peer, title: 'x' })) as tl.chatInviteExported
  await server.clock.advance(60)
  const edited = await alice.call('messages.editExportedChatInvite', {
    peer,
    link: other.link,
    title: 'y',
    usageLimit: 5,
  })
  assert.equal((edited.invite as tl.chatInviteExported).usageLimit, 5)
  const laptop = await alice.device()
  const seen = async (link: string) =>
    (await laptop.call('messages.getExportedChatInvite', { peer, link })).invite as tl.chatInviteExported
  assert.equal((await seen(other.link)).startDate, other.date + 60)
  assert.equal((await seen(lasting.link)).startDate, undefined)
  const asks = await alice.call('messages.editExportedChatInvite', { peer, link: other.link, requestNeeded: true })
  const { requestNeeded, usageLimit } = asks.invite as tl.chatInviteExported
  assert.deepEqual([requestNeeded, usageLimit], [true, undefined])
  const replaced = await alice.call('messages.editExportedChatInvite', { peer, link: lasting.link, revoked: true })
  assert.equal(replaced._, 'messages.exportedChatInviteReplaced')
  const list = async (revoked: boolean) =>
    (await alice.call('messages.getExportedChatInvites', { peer, adminId: { _: 'inputUserSelf' }, revoked, limit: 10 }))
      .count
  assert.equal(await list(false), 2)
  assert.equal(await list(true), 1)
  await bob.fails('INVITE_HASH_EXPIRED', 'messages.importChatInvite', { hash: hashOf(lasting) })
  await alice.fails('INVITE_REVOKED_MISSING', 'messages.deleteExportedChatInvite', { peer, link: other.link })
  const admins = await alice.call('messages.getAdminsWithInvites', { peer })
  assert.deepEqual(admins.admins, [
    { _: 'chatAdminWithInvites', adminId: alice.id, invitesCount: 2, revokedInvitesCount: 1 },
  ])
  await alice.call('messages.deleteExportedChatInvite', { peer, link: lasting.link })
  assert.equal(await list(true), 0)
  await alice.call('messages.editExportedChatInvite', { peer, link: other.link, revoked: true })
  await alice.call('messages.deleteRevokedExportedChatInvites', { peer, adminId: { _: 'inputUserSelf' } })
  assert.equal(await list(true), 0)
  const soon = Math.floor(server.clock.now() / 1000) + 100
  const timed = await alice.call('messages.exportChatInvite', { peer, expireDate: soon })
  server.clock.advance(101)
  await bob.fails('INVITE_HASH_EXPIRED', 'messages.importChatInvite', { hash: hashOf(timed) })
})

test('a creator revokes what administrators made, who get another lasting link; what bots made they leave alone', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('doorman_bot')
  const group = await makeGroup(alice)
  const peer = group.peer(alice)
  const links: string[] = []
  for (const admin of [bob, bot]) {
    const adminRights: tl.chatAdminRights = { _: 'chatAdminRights', inviteUsers: true }
    await alice.call('channels.editAdmin', { channel: group.of(alice), userId: alice.userOf(admin), adminRights })
    const link = await admin.call('messages.exportChatInvite', { peer: group.peer(admin) })
    links.push((link as tl.chatInviteExported).link)
  }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.editExportedChatInvite', {
    ...{ peer: group.peer(bob), link: links[1]!, revoked: true },
  })
  const revoke = (link: string) => alice.call('messages.editExportedChatInvite', { peer, link, revoked: true })
  await assert.rejects(() => revoke(links[1]!), /EDIT_BOT_INVITE_FORBIDDEN/)
  const replaced = await revoke(links[0]!)
  assert.ok(replaced._ === 'messages.exportedChatInviteReplaced')
  const made = replaced.newInvite as tl.chatInviteExported
  assert.deepEqual([made.adminId, made.permanent, made.revoked], [bob.id, true, undefined])
  const full = await bob.call('channels.getFullChannel', { channel: group.of(bob) })
  const shown = (full.fullChat as tl.channelFull).exportedInvite as tl.chatInviteExported
  assert.equal(shown.link, made.link)
})

test('a public group lets newcomers in by request where that is set', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeGroup(alice)
  await alice.fails('CHAT_PUBLIC_REQUIRED', 'channels.toggleJoinRequest', { channel: group.of(alice), enabled: true })
  await alice.call('channels.updateUsername', { channel: group.of(alice), username: 'the_group' })
  await alice.call('channels.toggleJoinRequest', { channel: group.of(alice), enabled: true })
  await alice.call('channels.toggleJoinToSend', { channel: group.of(alice), enabled: true })
  await bob.call('contacts.resolveUsername', { username: 'the_group' })
  await bob.fails('INVITE_REQUEST_SENT', 'channels.joinChannel', { channel: group.of(bob) })
  await alice.call('messages.hideChatJoinRequest', {
    peer: group.peer(alice),
    userId: alice.userOf(bob),
    approved: true,
  })
  await bob.say(group.peer(bob), 'hello')
  // A group that is public no more can still let everybody in again.
  await alice.call('channels.updateUsername', { channel: group.of(alice), username: '' })
  await alice.call('channels.toggleJoinRequest', { channel: group.of(alice), enabled: false })
  const { chats } = await bob.call('channels.getChannels', { id: [group.of(bob)] })
  assert.equal((chats[0] as tl.channel).joinRequest, undefined)
})

test('what newcomers have to ask for is set for the links there are, too, where that is wanted', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice)
  const channel = group.of(alice)
  await alice.call('channels.updateUsername', { channel, username: 'the_group' })
  const hash = hashOf(await alice.call('messages.exportChatInvite', { peer: group.peer(alice), usageLimit: 5 }))
  await alice.call('channels.toggleJoinRequest', { channel, enabled: true })
  await bob.call('messages.importChatInvite', { hash })
  await alice.fails('CHAT_NOT_MODIFIED', 'channels.toggleJoinRequest', { channel, enabled: true })
  await alice.call('channels.toggleJoinRequest', { channel, enabled: true, applyToInvites: true })
  await alice.fails('CHAT_NOT_MODIFIED', 'channels.toggleJoinRequest', { channel, enabled: true, applyToInvites: true })
  const invite = (await carol.call('messages.checkChatInvite', { hash })) as tl.chatInvite
  assert.equal(invite.requestNeeded, true)
  await carol.fails('INVITE_REQUEST_SENT', 'messages.importChatInvite', { hash })
  await alice.call('channels.toggleJoinRequest', { channel, enabled: false, applyToInvites: true })
  await carol.call('messages.importChatInvite', { hash })
  const importers = await alice.call('messages.getChatInviteImporters', {
    ...{ peer: group.peer(alice), subscriptionExpired: true, offsetDate: 0, offsetUser: { _: 'inputUserEmpty' } },
    limit: 10,
  })
  assert.deepEqual([importers.count, importers.importers], [0, []])
})

test('whoever is invited to a supergroup sees whom they know there', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice)
  const hash = hashOf(await alice.call('messages.exportChatInvite', { peer: group.peer(alice) }))
  await bob.call('messages.importChatInvite', { hash })
  const shown = async () => {
    const invite = (await carol.call('messages.checkChatInvite', { hash })) as tl.chatInvite
    return [invite.participantsCount, invite.participants?.map((user) => user.id)]
  }
  assert.deepEqual(await shown(), [2, undefined])
  await carol.call('contacts.addContact', { id: carol.userOf(bob), firstName: 'Bob', lastName: '', phone: '' })
  assert.deepEqual(await shown(), [2, [bob.id]])
})

test('a large supergroup is not told by messages who comes and goes, its administrators see it all the same', async () => {
  await using server = await startTestServer({ settings: { limits: { announcedMembers: 2 } } })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice)
  const hash = hashOf(await alice.call('messages.exportChatInvite', { peer: group.peer(alice) }))
  const actions = async () => (await alice.updates()).flatMap((u) => (u.message?.action ? [u.message.action._] : []))
  await bob.call('messages.importChatInvite', { hash })
  assert.deepEqual(await actions(), ['messageActionChatJoinedByLink'])
  const joined = await carol.call('messages.importChatInvite', { hash })
  assert.equal(joined._, 'messages.chatInviteJoinResultOk')
  await alice.say(group.peer(alice), 'to three')
  assert.ok(
    (await carol.updates()).some((u) => u.message?.message === 'to three'),
    'she is in',
  )
  await carol.call('channels.leaveChannel', { channel: group.of(carol) })
  assert.deepEqual(await actions(), [])
  const log = await alice.call('channels.getAdminLog', {
    channel: group.of(alice),
    q: '',
    maxId: 0n,
    minId: 0n,
    limit: 10,
  })
  assert.deepEqual(
    log.events.flatMap((e) => (e.userId === carol.id ? [e.action._] : [])),
    ['channelAdminLogEventActionParticipantLeave', 'channelAdminLogEventActionParticipantJoinByInvite'],
  )
})
