import assert from 'node:assert/strict'
import { download, picture, upload } from '../../../test/harness/files.ts'
import { Device, type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { newPassword, proofOf } from '../../../test/harness/srp.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel } from './test-channel.ts'

/** Gives an account a password; what proves it, anew for every call. */
async function withPassword(who: Pick<Person, 'call'>): Promise<(word?: string) => Promise<tl.InputCheckPasswordSRP>> {
  const state = await who.call('account.getPassword', {})
  const set = { _: 'account.passwordInputSettings' as const, hint: '', ...(await newPassword(state, 'secret')) }
  await who.call('account.updatePasswordSettings', { password: { _: 'inputCheckPasswordEmpty' }, newSettings: set })
  return async (word = 'secret') => proofOf(await who.call('account.getPassword', {}), word)
}

test("a channel's photo is told to its members, loaded by them, and taken away", async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const photo = { _: 'inputChatUploadedPhoto' as const, file: await upload(alice, await picture(500, 400)) }
  await alice.call('channels.editPhoto', { channel: group.of(alice), photo })
  const pushed = await bob.updates()
  assert.ok(pushed.some((update) => update._ === 'updateChannel'))
  const said = pushed.find((update) => update._ === 'updateNewChannelMessage')
  const action = said.message.action as tl.messageActionChatEditPhoto
  const shown = async () =>
    ((await bob.call('channels.getChannels', { id: [group.of(bob)] })).chats[0] as tl.channel).photo
  const small = (await shown()) as tl.chatPhoto
  assert.equal(small.photoId, action.photo.id)
  const location = { _: 'inputPeerPhotoFileLocation' as const, peer: group.peer(bob), photoId: small.photoId }
  assert.ok((await download(bob, location)).length > 100)
  const log = await alice.call('channels.getAdminLog', {
    ...{ channel: group.of(alice), q: '', maxId: 0n, minId: 0n, limit: 1 },
  })
  const event = log.events[0]!.action as tl.channelAdminLogEventActionChangePhoto
  assert.deepEqual(
    [event._, event.prevPhoto._, event.newPhoto.id],
    ['channelAdminLogEventActionChangePhoto', 'photoEmpty', small.photoId],
  )
  await alice.call('channels.editBanned', {
    channel: group.of(alice),
    participant: alice.peerOf(bob),
    bannedRights: { _: 'chatBannedRights', changeInfo: true, untilDate: 0 },
  })
  const none = { _: 'inputChatPhotoEmpty' as const }
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.editPhoto', { channel: group.of(bob), photo: none })
  await alice.call('channels.editPhoto', { channel: group.of(alice), photo: none })
  assert.equal((await shown())._, 'chatPhotoEmpty')
  const [last] = (await historyOf(bob, group)) as unknown as tl.messageService[]
  assert.equal(last!.action._, 'messageActionChatDeletePhoto')
})

test('a channel and a basic group are given away by who proves to own them', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob)
  const peer = group.peer(alice)
  const give = { peer, userId: alice.userOf(bob) }
  const empty: tl.InputCheckPasswordSRP = { _: 'inputCheckPasswordEmpty' }
  await alice.fails('PASSWORD_MISSING', 'messages.editChatCreator', { ...give, password: empty })
  const proof = await withPassword(alice)
  await alice.fails('PASSWORD_HASH_INVALID', 'messages.editChatCreator', { ...give, password: await proof('wrong') })
  const others = { ...give, userId: alice.userOf(carol) }
  await alice.fails('USER_NOT_PARTICIPANT', 'messages.editChatCreator', { ...others, password: await proof() })
  await bob.updates()
  await alice.call('messages.editChatCreator', { ...give, password: await proof() })
  assert.ok((await bob.updates()).some((update) => update._ === 'updateChannel'))
  const seen = async (who: Person, whom: Person) =>
    (await who.call('channels.getParticipant', { channel: group.of(who), participant: whom.peerFor(who) })).participant
  assert.equal((await seen(bob, bob))._, 'channelParticipantCreator')
  const former = (await seen(bob, alice)) as tl.channelParticipantAdmin
  assert.deepEqual([former._, former.adminRights.addAdmins], ['channelParticipantAdmin', true])
  await alice.fails('CHAT_ADMIN_REQUIRED', 'messages.editChatCreator', { ...give, password: await proof() })
  // It is Bob's now, to be deleted by him alone.
  await alice.fails('CHAT_ADMIN_REQUIRED', 'channels.deleteChannel', { channel: group.of(alice) })
  await bob.call('channels.deleteChannel', { channel: group.of(bob) })

  const made = await alice.call('messages.createChat', { title: 'Basic', users: [alice.userOf(bob)] })
  const chatId = (made.updates as tl.updates).chats[0]!.id
  const basic = { peer: { _: 'inputPeerChat' as const, chatId }, userId: alice.userOf(bob) }
  await bob.updates()
  await alice.call('messages.editChatCreator', { ...basic, password: await proof() })
  const [update] = await bob.updatesOf('updateNewMessage')
  const action = (update!.message as tl.messageService).action
  assert.deepEqual(action, { _: 'messageActionChangeCreator', newCreatorId: bob.id })
  assert.equal(((await bob.call('messages.getChats', { id: [chatId] })).chats[0] as tl.chat).creator, true)
})

test('who has just signed in, or set a password, gives nothing away', async () => {
  await using server = await startTestServer({ settings: { test: false } })
  const phoneNumber = '+33612345678'
  const device = await Device.open(server)
  const sent = await device.call('auth.sendCode', {
    ...{ phoneNumber, apiId: 4, apiHash: 'x', settings: { _: 'codeSettings' } },
  })
  const at = { phoneNumber, phoneCodeHash: (sent as tl.auth_sentCode).phoneCodeHash }
  await device.call('auth.signIn', { ...at, phoneCode: server.texts.at(-1)!.code })
  await device.call('auth.signUp', { ...at, firstName: 'Alice', lastName: '' })
  // An empty request only asks whether one could.
  const password: tl.InputCheckPasswordSRP = { _: 'inputCheckPasswordEmpty' }
  const ask = { peer: { _: 'inputPeerEmpty' as const }, userId: { _: 'inputUserEmpty' as const }, password }
  await device.fails('PASSWORD_MISSING', 'messages.editChatCreator', ask)
  await server.clock.advance(80_000)
  await withPassword(device)
  const early = () => device.call('messages.editChatCreator', ask)
  await assert.rejects(early, /SESSION_TOO_FRESH_64\d\d/)
  await server.clock.advance(7_000)
  await assert.rejects(early, /PASSWORD_TOO_FRESH_5978\d\d/)
  await server.clock.advance(600_000)
  await device.fails('PASSWORD_HASH_INVALID', 'messages.editChatCreator', ask)
})

test('a creator who leaves may come back for a week, then an administrator has the group', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const heir = () => alice.call('messages.getFutureChatCreatorAfterLeave', { peer: group.peer(alice) })
  const leave = () => alice.call('channels.leaveChannel', { channel: group.of(alice) })
  // Nobody administrates it beside her: it would wait for her.
  await alice.fails('CHANNEL_ID_INVALID', 'messages.getFutureChatCreatorAfterLeave', { peer: group.peer(alice) })
  const promote = { channel: group.of(alice), userId: alice.userOf(bob), rank: 'Second' }
  await alice.call('channels.editAdmin', { ...promote, adminRights: { _: 'chatAdminRights', inviteUsers: true } })
  assert.equal((await heir()).id, bob.id)
  await bob.fails('CHAT_ADMIN_REQUIRED', 'messages.getFutureChatCreatorAfterLeave', { peer: group.peer(bob) })
  const actions = async (who: Person) =>
    (await who.updatesOf('updateNewChannelMessage')).map(({ message }) => {
      const { fromId, action } = message as tl.messageService
      return [fromId, action]
    })
  const from = { _: 'peerUser', userId: alice.id }
  const pending = [from, { _: 'messageActionNewCreatorPending', newCreatorId: bob.id }]
  await actions(carol)
  await leave()
  assert.deepEqual((await actions(carol)).at(-1), pending)
  const [notice] = await alice.updatesOf('updateNewMessage')
  const { peerId, replyMarkup } = notice!.message as tl.message
  assert.deepEqual(peerId, { _: 'peerUser', userId: 777000 })
  const { url } = (replyMarkup as tl.replyInlineMarkup).rows[0]!.buttons[0]!.type as tl.inlineButtonTypeUrl
  // She comes back by the link that she was sent, in time: all is as it was.
  await server.clock.advance(6 * 86_400)
  await alice.call('messages.importChatInvite', { hash: url.replace('https://t.me/+', '') })
  await server.clock.advance(2 * 86_400)
  const seen = async (who: Person) =>
    (await carol.call('channels.getParticipant', { channel: group.of(carol), participant: who.peerFor(carol) }))
      .participant
  assert.equal((await seen(alice))._, 'channelParticipantCreator')
  await leave()
  await actions(carol)
  await bob.updates()
  await server.clock.advance(7 * 86_400 + 1)
  assert.deepEqual(await actions(carol), [[from, { _: 'messageActionChangeCreator', newCreatorId: bob.id }]])
  assert.ok((await bob.updates()).some((update) => update._ === 'updateChannel'))
  const owner = await seen(bob)
  assert.deepEqual([owner._, (owner as tl.channelParticipantCreator).rank], ['channelParticipantCreator', 'Second'])
  await bob.call('channels.editTitle', { channel: group.of(bob), title: 'Mine' })
  const asked = { channel: group.of(bob), q: '', maxId: 0n, minId: 0n, limit: 100 }
  const { events } = await bob.call('channels.getAdminLog', { ...asked, eventsFilter: undefined })
  const given = events.find((event) => event.action._ === 'channelAdminLogEventActionParticipantToggleAdmin')!
  const { prevParticipant, newParticipant } = given.action as tl.channelAdminLogEventActionParticipantToggleAdmin
  assert.deepEqual(
    [given.userId, prevParticipant._, newParticipant._],
    [alice.id, 'channelParticipantAdmin', 'channelParticipantCreator'],
  )
  // Who came too late is one of many.
  await alice.call('messages.importChatInvite', { hash: url.replace('https://t.me/+', '') })
  assert.equal((await seen(alice))._, 'channelParticipant')
})

test('whoever deletes their account leaves what they made to an administrator', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeChannel('group', alice, bob, carol)
  const adminRights: tl.chatAdminRights = { _: 'chatAdminRights', pinMessages: true }
  await alice.call('channels.editAdmin', { channel: group.of(alice), userId: alice.userOf(carol), adminRights })
  await alice.call('account.deleteAccount', { reason: 'enough' })
  await server.clock.advance(1)
  await bob.updates()
  await server.clock.advance(8 * 86_400)
  const { action } = (await bob.updatesOf('updateNewChannelMessage')).at(-1)!.message as tl.messageService
  assert.deepEqual(action, { _: 'messageActionChangeCreator', newCreatorId: carol.id })
  await carol.call('channels.deleteChannel', { channel: group.of(carol) })
})

test('a channel is left to an administrator, or not at all', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const channel = await makeChannel('channel', alice, bob)
  await alice.fails('USER_CREATOR', 'channels.leaveChannel', { channel: channel.of(alice) })
  const rights: tl.chatAdminRights = { _: 'chatAdminRights', postMessages: true }
  await alice.call('channels.editAdmin', { channel: channel.of(alice), userId: alice.userOf(bob), adminRights: rights })
  await alice.call('channels.leaveChannel', { channel: channel.of(alice) })
  await bob.fails('CHAT_ADMIN_REQUIRED', 'channels.deleteChannel', { channel: channel.of(bob) })
  await server.clock.advance(7 * 86_400 + 1)
  await bob.call('channels.deleteChannel', { channel: channel.of(bob) })
})
