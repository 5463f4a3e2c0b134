import assert from 'node:assert/strict'
import { test } from '../harness/index.ts'
import { until } from './index.ts'
import { type Plain, peer, user } from './plain.ts'
import { call, made, PAGE, play, randomId } from './scene.ts'

const SELF = { _: 'inputUserSelf' }

test('profiles, usernames and photos: what one library writes another one reads', () =>
  play(61, async ({ me, other }) => {
    await call(me, { _: 'account.updateProfile', firstName: 'Maria', lastName: 'Muster', about: 'is here' })
    const name = `maria_${me.id}`
    assert.equal(await call(me, { _: 'account.checkUsername', username: name }), true)
    await call(me, { _: 'account.updateUsername', username: name })
    await call(me, { _: 'account.updateBirthday', birthday: { _: 'birthday', day: 3, month: 4, year: 1990 } })
    const found = await call(other, { _: 'contacts.resolveUsername', username: name })
    assert.equal(found.peer.userId, me.id)
    const full = await call(other, { _: 'users.getFullUser', id: user(me.id) })
    assert.equal(full.fullUser.about, 'is here')
    assert.equal(full.fullUser.birthday.month, 4)
    // A contact keeps the name that it was given.
    const [seen] = (await call(other, { _: 'users.getUsers', id: [user(me.id)] })) as unknown as Plain[]
    assert.equal(seen!.username, name)
    const [mine] = (await call(me, { _: 'users.getUsers', id: [SELF] })) as unknown as Plain[]
    assert.equal(mine!.firstName, 'Maria')
    const search = await call(other, { _: 'contacts.search', q: name, limit: 10 })
    assert.ok([...search.myResults, ...search.results].some((p: Plain) => p.userId === me.id))
    await call(me, { _: 'account.updateStatus', offline: true })
    const statuses = (await call(other, { _: 'contacts.getStatuses' })) as unknown as Plain[]
    assert.equal(statuses.find((s) => s.userId === me.id)?.status._, 'userStatusOffline')
    const { colors } = await call(me, { _: 'help.getPeerColors', hash: 0 })
    assert.ok(colors.length > 0)
    assert.deepEqual(
      (await call(other, { _: 'photos.getUserPhotos', userId: user(me.id), offset: 0, maxId: 0n, limit: 5 })).photos,
      [],
    )
  }))

test('contacts, blocking and privacy between two libraries', () =>
  play(62, async ({ me, other, otherPhone }) => {
    const contacts = await call(me, { _: 'contacts.getContacts', hash: 0n })
    assert.deepEqual(
      contacts.contacts.map((c: Plain) => [c.userId, c.mutual]),
      [[other.id, true]],
    )
    assert.deepEqual(await call(me, { _: 'contacts.getContactIDs', hash: 0n }), [other.id])
    const added = {
      _: 'contacts.addContact',
      id: user(other.id),
      firstName: 'Renamed',
      lastName: '',
      phone: otherPhone,
    }
    await call(me, added)
    const [seen] = (await call(me, { _: 'users.getUsers', id: [user(other.id)] })) as unknown as Plain[]
    assert.equal(seen!.firstName, 'Renamed')
    assert.equal((await call(me, { _: 'contacts.resolvePhone', phone: otherPhone })).peer.userId, other.id)
    await call(me, { _: 'contacts.block', id: peer(other.id) })
    const blocked = await call(me, { _: 'contacts.getBlocked', offset: 0, limit: 10 })
    assert.deepEqual(
      blocked.blocked.map((b: Plain) => b.peerId.userId),
      [other.id],
    )
    // It is sent, and does not come.
    await other.say(me.id, 'do you hear me?')
    await call(me, { _: 'contacts.unblock', id: peer(other.id) })
    await other.say(me.id, 'and now?')
    await until('it is pushed', () => me.pushed.some((m) => m.text === 'and now?'))
    assert.equal(
      (await me.history(other.id)).some((m) => m.text === 'do you hear me?'),
      false,
    )
    const rules = [{ _: 'inputPrivacyValueDisallowAll' }]
    await call(me, { _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyAbout' }, rules })
    await call(me, { _: 'account.updateProfile', about: 'for nobody' })
    const got = await call(me, { _: 'account.getPrivacy', key: { _: 'inputPrivacyKeyAbout' } })
    assert.deepEqual(
      got.rules.map((r: Plain) => r._),
      ['privacyValueDisallowAll'],
    )
    const full = await call(other, { _: 'users.getFullUser', id: user(me.id) })
    assert.equal(full.fullUser.about ?? '', '')
    const global = { _: 'globalPrivacySettings', hideReadMarks: true }
    await call(me, { _: 'account.setGlobalPrivacySettings', settings: global })
    assert.equal((await call(me, { _: 'account.getGlobalPrivacySettings' })).hideReadMarks, true)
    await call(me, { _: 'contacts.setBlocked', id: [peer(other.id)], limit: 10 })
    assert.equal((await call(me, { _: 'contacts.getBlocked', offset: 0, limit: 10 })).blocked.length, 1)
    await call(me, { _: 'contacts.setBlocked', id: [], limit: 10 })
    await call(me, { _: 'contacts.deleteContacts', id: [user(other.id)] })
    assert.deepEqual((await call(me, { _: 'contacts.getContacts', hash: 0n })).contacts, [])
    await call(me, { _: 'contacts.toggleTopPeers', enabled: true })
    await call(me, {
      _: 'contacts.importContacts',
      contacts: [{ _: 'inputPhoneContact', clientId: 7n, phone: otherPhone, firstName: 'Again', lastName: '' }],
    })
    assert.equal((await call(me, { _: 'contacts.getContacts', hash: 0n })).contacts.length, 1)
  }))

test('settings of an account, by every library', () =>
  play(63, async ({ me, other }) => {
    await call(me, { _: 'account.setAccountTTL', ttl: { _: 'accountDaysTTL', days: 180 } })
    assert.equal((await call(me, { _: 'account.getAccountTTL' })).days, 180)
    await call(me, { _: 'account.setContactSignUpNotification', silent: true })
    assert.equal(await call(me, { _: 'account.getContactSignUpNotification' }), true)
    await call(me, { _: 'account.setContentSettings', sensitiveEnabled: true })
    assert.equal((await call(me, { _: 'account.getContentSettings' })).sensitiveEnabled, true)
    const notify = { _: 'inputNotifyPeer', peer: peer(other.id) }
    const muted = { _: 'inputPeerNotifySettings', muteUntil: 2 ** 31 - 1, silent: true }
    await call(me, { _: 'account.updateNotifySettings', peer: notify, settings: muted })
    assert.equal((await call(me, { _: 'account.getNotifySettings', peer: notify })).muteUntil, 2 ** 31 - 1)
    const exceptions = await call(me, { _: 'account.getNotifyExceptions' })
    assert.ok(exceptions.updates.some((u: Plain) => u._ === 'updateNotifySettings'))
    await call(me, { _: 'account.resetNotifySettings' })
    assert.notEqual((await call(me, { _: 'account.getNotifySettings', peer: notify })).muteUntil, 2 ** 31 - 1)
    const { authorizations } = await call(me, { _: 'account.getAuthorizations' })
    assert.equal(authorizations.filter((a: Plain) => a.current).length, 1)
    const password = await call(me, { _: 'account.getPassword' })
    assert.equal(Boolean(password.hasPassword), false)
    const auto = await call(me, { _: 'account.getAutoDownloadSettings' })
    assert.equal(auto.medium._, 'autoDownloadSettings')
    await call(me, { _: 'messages.setDefaultHistoryTTL', period: 86400 })
    assert.equal((await call(me, { _: 'messages.getDefaultHistoryTTL' })).period, 86400)
    await call(me, { _: 'account.getAutoSaveSettings' })
    const config = await call(me, { _: 'help.getConfig' })
    assert.equal(config.thisDc, 2)
    const app = await call(me, { _: 'help.getAppConfig', hash: 0 })
    assert.equal(app.config._, 'jsonObject')
    assert.ok((await call(me, { _: 'help.getCountriesList', langCode: 'en', hash: 0 })).countries.length > 100)
    assert.ok((await call(me, { _: 'help.getTimezonesList', hash: 0 })).timezones.length > 50)
    assert.equal((await call(me, { _: 'help.getNearestDc' })).thisDc, 2)
    const languages = (await call(me, { _: 'langpack.getLanguages', langPack: 'android' })) as unknown as Plain[]
    assert.ok(Array.isArray(languages))
  }))

test('folders, drafts and pinned dialogs, by every library', () =>
  play(64, async ({ me, other }) => {
    await me.say(other.id, 'hello')
    const dialog = { _: 'inputDialogPeer', peer: peer(other.id) }
    await call(me, { _: 'messages.toggleDialogPin', pinned: true, peer: dialog })
    const pinned = await call(me, { _: 'messages.getPinnedDialogs', folderId: 0 })
    assert.deepEqual(
      pinned.dialogs.map((d: Plain) => d.peer.userId),
      [other.id],
    )
    await call(me, { _: 'messages.saveDraft', peer: peer(other.id), message: 'not yet said' })
    const drafts = await call(me, { _: 'messages.getAllDrafts' })
    assert.deepEqual(
      drafts.updates.map((u: Plain) => u.draft.message),
      ['not yet said'],
    )
    await call(me, { _: 'messages.clearAllDrafts' })
    assert.equal((await call(me, { _: 'messages.getAllDrafts' })).updates.length, 0)
    await call(me, { _: 'messages.markDialogUnread', unread: true, peer: dialog })
    const marks = (await call(me, { _: 'messages.getDialogUnreadMarks' })) as unknown as Plain[]
    assert.deepEqual(
      marks.map((m) => m.peer.userId),
      [other.id],
    )
    await call(me, {
      _: 'folders.editPeerFolders',
      folderPeers: [{ _: 'inputFolderPeer', peer: peer(other.id), folderId: 1 }],
    })
    const archived = await call(me, { _: 'messages.getPeerDialogs', peers: [dialog] })
    assert.equal(archived.dialogs[0].folderId, 1)
    const title =
      me.library === 'telegram'
        ? { _: 'textWithEntities', text: 'Close', entities: [] }
        : { _: 'textWithEntities', text: 'Close', entities: [] }
    const filter = {
      _: 'dialogFilter',
      id: 2,
      title,
      pinnedPeers: [],
      includePeers: [peer(other.id)],
      excludePeers: [],
    }
    await call(me, { _: 'messages.updateDialogFilter', id: 2, filter })
    const filters = await call(me, { _: 'messages.getDialogFilters' })
    assert.ok(filters.filters.some((f: Plain) => f.title?.text === 'Close'))
    await call(me, { _: 'messages.updateDialogFiltersOrder', order: [2, 0] })
    await call(me, { _: 'messages.updateDialogFilter', id: 2 })
    assert.equal(
      (await call(me, { _: 'messages.getDialogFilters' })).filters.some((f: Plain) => f.id === 2),
      false,
    )
    const dialogs = await call(me, {
      _: 'messages.getDialogs',
      offsetDate: 0,
      offsetId: 0,
      offsetPeer: { _: 'inputPeerEmpty' },
      limit: 10,
      hash: 0n,
    })
    assert.ok(dialogs.dialogs.length > 0)
  }))

test('messages: edits, replies, pins, search, scheduling, reactions and forwards, by every library', () =>
  play(65, async ({ me, other }) => {
    const say = async (message: string, more: Plain = {}) =>
      made(await call(me, { _: 'messages.sendMessage', peer: peer(other.id), message, randomId: randomId(), ...more }))
    const first = (await say('the weather is fine')).id
    const reply = (await say('very fine', { replyTo: { _: 'inputReplyToMessage', replyToMsgId: first } })).id
    await until('both are pushed', () => other.pushed.length >= 2)
    const theirs = async () =>
      (await call(other, { _: 'messages.getHistory', peer: peer(me.id), ...PAGE })).messages as Plain[]
    const [second, original] = await theirs()
    assert.equal(second!.replyTo.replyToMsgId, original!.id)
    await call(me, { _: 'messages.editMessage', peer: peer(other.id), id: first, message: 'the weather is bad' })
    assert.equal((await theirs())[1]!.message, 'the weather is bad')
    await call(me, { _: 'messages.updatePinnedMessage', peer: peer(other.id), id: first })
    assert.equal((await theirs()).find((m) => m.id === original!.id)!.pinned, true)
    const filter = { _: 'inputMessagesFilterEmpty' }
    const search = { _: 'messages.search', peer: peer(other.id), filter, minDate: 0, maxDate: 0, ...PAGE }
    const found = await call(me, { ...search, q: 'weather' })
    assert.deepEqual(
      found.messages.map((m: Plain) => m.id),
      [first],
    )
    const everywhere = {
      _: 'messages.searchGlobal',
      q: 'weather',
      filter,
      minDate: 0,
      maxDate: 0,
      offsetRate: 0,
      offsetPeer: { _: 'inputPeerEmpty' },
      offsetId: 0,
      limit: 5,
    }
    assert.equal((await call(other, everywhere)).messages.length, 1)
    const counters = (await call(me, {
      _: 'messages.getSearchCounters',
      peer: peer(other.id),
      filters: [{ _: 'inputMessagesFilterPinned' }],
    })) as unknown as Plain[]
    assert.equal(counters[0]!.count, 1)
    const reaction = [{ _: 'reactionEmoji', emoticon: '❤' }]
    await call(other, { _: 'messages.sendReaction', peer: peer(me.id), msgId: original!.id, reaction })
    const [reacted] = (await call(me, { _: 'messages.getMessages', id: [{ _: 'inputMessageID', id: first }] })).messages
    assert.deepEqual(
      reacted.reactions.results.map((r: Plain) => [r.reaction.emoticon, r.count]),
      [['❤', 1]],
    )
    await call(me, {
      _: 'messages.forwardMessages',
      fromPeer: peer(other.id),
      toPeer: { _: 'inputPeerSelf' },
      id: [first],
      randomId: [randomId()],
    })
    const saved = await call(me, {
      _: 'messages.getSavedDialogs',
      offsetDate: 0,
      offsetId: 0,
      offsetPeer: { _: 'inputPeerEmpty' },
      limit: 5,
      hash: 0n,
    })
    assert.equal(saved.dialogs.length, 1)
    const { date } = await call(me, { _: 'updates.getState' })
    const scheduled = await say('later', { scheduleDate: date + 3600 })
    assert.equal(
      (await call(me, { _: 'messages.getScheduledHistory', peer: peer(other.id), hash: 0n })).messages[0].message,
      'later',
    )
    await call(me, { _: 'messages.sendScheduledMessages', peer: peer(other.id), id: [scheduled.id] })
    await until('it is pushed', () => other.pushed.some((m) => m.text === 'later'))
    const doomed = await say('much later', { scheduleDate: date + 7200 })
    await call(me, { _: 'messages.deleteScheduledMessages', peer: peer(other.id), id: [doomed.id] })
    assert.equal(
      (await call(me, { _: 'messages.getScheduledHistory', peer: peer(other.id), hash: 0n })).messages.length,
      0,
    )
    await call(other, { _: 'messages.readHistory', peer: peer(me.id), maxId: (await theirs())[0]!.id })
    const [mine] = (
      await call(me, { _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: peer(other.id) }] })
    ).dialogs
    assert.ok(mine.readOutboxMaxId >= reply)
    await call(me, { _: 'messages.setTyping', peer: peer(other.id), action: { _: 'sendMessageTypingAction' } })
    await call(me, { _: 'messages.unpinAllMessages', peer: peer(other.id) })
    assert.equal(
      (await theirs()).some((m) => m.pinned),
      false,
    )
    await call(me, { _: 'messages.setHistoryTTL', peer: peer(other.id), period: 86400 })
    assert.equal((await call(other, { _: 'users.getFullUser', id: user(me.id) })).fullUser.ttlPeriod, 86400)
    await call(me, { _: 'messages.deleteMessages', id: [reply], revoke: true })
    assert.equal(
      (await theirs()).some((m) => m.message === 'very fine'),
      false,
    )
    await call(me, { _: 'messages.deleteHistory', peer: peer(other.id), maxId: 0, revoke: true })
    assert.deepEqual(await theirs(), [])
  }))
