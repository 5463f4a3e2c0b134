import assert from 'node:assert/strict'
import { test } from '../harness/index.ts'
import { until, type WireClient } from './index.ts'
import { channel, type Plain, peer, user } from './plain.ts'
import { CHANNELS, call, idOf, join, listed, made, PAGE, play, randomId } from './scene.ts'

const RIGHTS = { _: 'chatBannedRights', untilDate: 0 }
const history = async (who: WireClient, at: number) =>
  (await call(who, { _: 'messages.getHistory', peer: peer(at), ...PAGE })).messages as Plain[]

test('a basic group, its settings and its upgrade, by every library', () =>
  play(66, async ({ me, other }) => {
    const group = await me.createGroup('Small', [other.id])
    const chatId = -group
    await listed(other, group)
    await call(me, { _: 'messages.editChatTitle', chatId, title: 'Smaller' })
    const [seen] = (await call(other, { _: 'messages.getChats', id: [chatId] })).chats
    assert.equal(seen.title, 'Smaller')
    await call(me, { _: 'messages.editChatAbout', peer: peer(group), about: 'for two' })
    const full = await call(other, { _: 'messages.getFullChat', chatId })
    assert.equal(full.fullChat.about, 'for two')
    assert.equal(full.fullChat.participants.participants.length, 2)
    await call(me, { _: 'messages.editChatAdmin', chatId, userId: user(other.id), isAdmin: true })
    await call(me, {
      _: 'messages.editChatDefaultBannedRights',
      peer: peer(group),
      bannedRights: { ...RIGHTS, sendPolls: true },
    })
    const [after] = (await call(other, { _: 'messages.getChats', id: [chatId] })).chats
    assert.equal(after.defaultBannedRights.sendPolls, true)
    assert.ok(after.adminRights)
    const common = await call(me, { _: 'messages.getCommonChats', userId: user(other.id), maxId: 0, limit: 10 })
    assert.deepEqual(
      common.chats.map((c: Plain) => c.id),
      [chatId],
    )
    const { link } = await call(me, { _: 'messages.exportChatInvite', peer: peer(group) })
    const invite = await call(other, { _: 'messages.checkChatInvite', hash: link.split('+')[1] })
    assert.equal(invite._, 'chatInviteAlready')
    const said = await me.say(group, 'before the upgrade')
    assert.ok(said > 0)
    const upgraded = await call(me, { _: 'messages.migrateChat', chatId })
    const now = idOf(upgraded.chats.find((c: Plain) => c._ === 'channel'))
    await listed(other, now)
    const supergroup = await call(other, { _: 'channels.getFullChannel', channel: channel(now) })
    assert.equal(supergroup.fullChat.migratedFromChatId, chatId)
    await other.say(now, 'after the upgrade')
    await until('it is pushed', () => me.pushed.some((m) => m.text === 'after the upgrade'))
  }))

test('a supergroup: members, rights, slow mode, admin log and names, by every library', () =>
  play(67, async ({ me, other, server }) => {
    const create = { _: 'channels.createChannel', title: 'Super', about: 'about it', megagroup: true }
    const group = idOf((await call(me, create)).chats[0])
    const at = channel(group)
    const exported = await call(me, { _: 'messages.exportChatInvite', peer: peer(group), title: 'door', usageLimit: 5 })
    await join(other, exported.link, group)
    const invites = await call(me, {
      _: 'messages.getExportedChatInvites',
      peer: peer(group),
      adminId: { _: 'inputUserSelf' },
      limit: 10,
    })
    assert.ok(invites.invites.some((i: Plain) => i.title === 'door' && i.usage === 1))
    const participants = async (filter: Plain) =>
      (await call(me, { _: 'channels.getParticipants', channel: at, filter, offset: 0, limit: 20, hash: 0n }))
        .participants as Plain[]
    assert.equal((await participants({ _: 'channelParticipantsRecent' })).length, 2)
    const adminRights = { _: 'chatAdminRights', changeInfo: true, pinMessages: true }
    await call(me, { _: 'channels.editAdmin', channel: at, userId: user(other.id), adminRights, rank: 'helper' })
    assert.equal((await participants({ _: 'channelParticipantsAdmins' })).length, 2)
    await call(other, { _: 'channels.editTitle', channel: at, title: 'Renamed' })
    const [renamed] = (await call(me, { _: 'channels.getChannels', id: [at] })).chats
    assert.equal(renamed.title, 'Renamed')
    // A public group cannot hide what was said before.
    await call(me, { _: 'channels.togglePreHistoryHidden', channel: at, enabled: true })
    assert.equal((await call(other, { _: 'channels.getFullChannel', channel: at })).fullChat.hiddenPrehistory, true)
    await call(me, { _: 'channels.togglePreHistoryHidden', channel: at, enabled: false })
    const name = `super_${group * -1 + CHANNELS}_group`
    assert.equal(await call(me, { _: 'channels.checkUsername', channel: at, username: name }), true)
    await call(me, { _: 'channels.updateUsername', channel: at, username: name })
    const found = await call(other, { _: 'contacts.resolveUsername', username: name })
    assert.equal(CHANNELS - found.peer.channelId, group)
    await call(me, {
      _: 'channels.editAdmin',
      channel: at,
      userId: user(other.id),
      adminRights: { _: 'chatAdminRights' },
      rank: '',
    })
    await call(me, { _: 'channels.toggleSlowMode', channel: at, seconds: 10 })
    await other.say(group, 'one')
    await assert.rejects(() =>
      call(other, {
        _: 'messages.sendMessage',
        peer: peer(group),
        message: 'two',
        randomId: randomId(),
        floodSleep: 0,
      }),
    )
    server.clock.advance(11)
    await other.say(group, 'two')
    await call(me, { _: 'channels.toggleSlowMode', channel: at, seconds: 0 })
    await call(me, {
      _: 'channels.editBanned',
      channel: at,
      participant: peer(other.id),
      bannedRights: { ...RIGHTS, sendMessages: true, sendPlain: true },
    })
    assert.equal((await participants({ _: 'channelParticipantsBanned', q: '' })).length, 1)
    await assert.rejects(() => other.say(group, 'three'))
    const one = await call(me, { _: 'channels.getParticipant', channel: at, participant: peer(other.id) })
    assert.equal(one.participant._, 'channelParticipantBanned')
    await call(me, { _: 'channels.editBanned', channel: at, participant: peer(other.id), bannedRights: RIGHTS })
    const log = await call(me, { _: 'channels.getAdminLog', channel: at, q: '', maxId: 0n, minId: 0n, limit: 50 })
    const kinds = new Set(log.events.map((e: Plain) => e.action._))
    for (const kind of [
      'ChangeTitle',
      'ParticipantToggleAdmin',
      'ChangeUsername',
      'ToggleSlowMode',
      'ParticipantToggleBan',
    ]) {
      assert.ok(kinds.has(`channelAdminLogEventAction${kind}`), kind)
    }
    const message = made(
      await call(me, { _: 'messages.sendMessage', peer: peer(group), message: 'linked', randomId: randomId() }),
    ).id
    const { link } = await call(other, { _: 'channels.exportMessageLink', channel: at, id: message })
    assert.ok(link.endsWith(`/${name}/${message}`), link)
    const [got] = (
      await call(other, { _: 'channels.getMessages', channel: at, id: [{ _: 'inputMessageID', id: message }] })
    ).messages
    assert.equal(got.message, 'linked')
    await call(me, { _: 'channels.deleteMessages', channel: at, id: [message] })
    assert.equal(
      (await history(other, group)).some((m) => m.id === message),
      false,
    )
    await call(other, { _: 'channels.readHistory', channel: at, maxId: (await history(other, group))[0]!.id })
    await call(other, { _: 'channels.leaveChannel', channel: at })
    assert.equal((await participants({ _: 'channelParticipantsRecent' })).length, 1)
    await call(me, { _: 'channels.deleteChannel', channel: at })
    assert.equal(
      (await me.dialogs()).some((d) => d.peer === group),
      false,
    )
  }))

test('a channel: posts, views, signatures, scheduled posts and its difference, by every library', () =>
  play(68, async ({ me, other }) => {
    const create = { _: 'channels.createChannel', title: 'News', about: '', broadcast: true }
    const news = idOf((await call(me, create)).chats[0])
    const at = channel(news)
    const { link } = await call(me, { _: 'messages.exportChatInvite', peer: peer(news) })
    await join(other, link, news)
    const pts = (await call(other, { _: 'channels.getFullChannel', channel: at })).fullChat.pts
    await call(me, { _: 'channels.toggleSignatures', channel: at, signaturesEnabled: true })
    const post = async (message: string, more: Plain = {}) =>
      made(await call(me, { _: 'messages.sendMessage', peer: peer(news), message, randomId: randomId(), ...more })).id
    const first = await post('signed')
    const seen = (await history(other, news)).find((m) => m.id === first)!
    assert.equal(seen.postAuthor, 'Me')
    const views = await call(other, { _: 'messages.getMessagesViews', peer: peer(news), id: [first], increment: true })
    assert.equal(views.views[0].views, 2)
    const { date } = await call(me, { _: 'updates.getState' })
    const later = await post('later', { scheduleDate: date + 3600 })
    await call(me, { _: 'messages.sendScheduledMessages', peer: peer(news), id: [later] })
    await until('it is there', async () => (await history(other, news)).some((m) => m.message === 'later'))
    const difference = await call(other, {
      _: 'updates.getChannelDifference',
      channel: at,
      filter: { _: 'channelMessagesFilterEmpty' },
      pts,
      limit: 100,
    })
    assert.deepEqual(
      difference.newMessages.map((m: Plain) => m.message),
      ['signed', 'later'],
    )
    await call(me, {
      _: 'messages.setChatAvailableReactions',
      peer: peer(news),
      availableReactions: { _: 'chatReactionsNone' },
    })
    await assert.rejects(() =>
      call(other, {
        _: 'messages.sendReaction',
        peer: peer(news),
        msgId: first,
        reaction: [{ _: 'reactionEmoji', emoticon: '👍' }],
      }),
    )
    await call(me, { _: 'messages.toggleNoForwards', peer: peer(news), enabled: true })
    await assert.rejects(() =>
      call(other, {
        _: 'messages.forwardMessages',
        fromPeer: peer(news),
        toPeer: { _: 'inputPeerSelf' },
        id: [first],
        randomId: [randomId()],
      }),
    )
    assert.equal((await call(me, { _: 'channels.getAdminedPublicChannels' })).chats.length, 0)
    await call(me, { _: 'channels.deleteHistory', channel: at, maxId: 0, forEveryone: true })
    assert.equal((await history(other, news)).filter((m) => m._ === 'message').length, 0)
  }))
