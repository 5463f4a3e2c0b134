import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { download, picture, upload } from '../../../test/harness/files.ts'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from '../channels/test-channel.ts'

const typing: tl.SendMessageAction = { _: 'sendMessageTypingAction' }

async function setPhoto(who: Person): Promise<bigint> {
  const file = await upload(who, await picture(640, 640))
  return (await who.call('photos.uploadProfilePhoto', { file })).photo.id
}

const keep = (of: Person, who: Person, name: string) =>
  of.call('contacts.importContacts', {
    contacts: [{ _: 'inputPhoneContact', clientId: 1n, phone: who.phone, firstName: name, lastName: '' }],
  })

/** A user or a channel as the last push that showed them did. */
async function pushed<T extends 'users' | 'chats'>(who: Person, list: T, id: number) {
  const containers = (await who.pushes()) as tl.updates[]
  const found = containers.flatMap((c) => (c[list] ?? []) as (tl.user | tl.channel)[]).filter((one) => one.id === id)
  assert.ok(found.length > 0, `${who.firstName} was shown nobody`)
  return found.at(-1) as T extends 'users' ? tl.user : tl.channel
}

async function comment(who: Person, group: TestChannel, to: number, message: string, sendAs?: tl.InputPeer) {
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: to }
  const randomId = randomBytes(8).readBigInt64LE()
  await who.call('messages.sendMessage', { peer: group.peer(who), message, replyTo, randomId, sendAs })
}

test('who types in a supergroup comes as min to strangers, who can open them and see their photo', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  await keep(carol, alice, 'My Alice')
  await alice.say(dave, 'hello')
  const group = await makeChannel('group', alice, bob, carol, dave)
  const photoId = await setPhoto(alice)
  await alice.call('account.updateStatus', { offline: false })
  for (const who of [bob, carol, dave]) await who.updates()
  await alice.call('messages.setTyping', { peer: group.peer(alice), action: typing })
  const shown = await pushed(bob, 'users', alice.id)
  assert.deepEqual([shown.min, shown.firstName, shown.phone], [true, 'Alice', ''])
  assert.deepEqual(shown.status, { _: 'userStatusRecently' })
  assert.equal(shown.applyMinPhoto, true)
  assert.equal((shown.photo as tl.userProfilePhoto).photoId, photoId)
  const named = { userId: alice.id, accessHash: shown.accessHash! }
  const peer: tl.InputPeer = { _: 'inputPeerUser', ...named }
  const bytes = await download(bob, { _: 'inputPeerPhotoFileLocation', peer, photoId })
  assert.ok(bytes.length > 0)
  const { users } = await bob.call('users.getFullUser', { id: { _: 'inputUser', ...named } })
  const full = users[0] as tl.user
  assert.deepEqual([full.min, full.status?._, full.phone], [undefined, 'userStatusOnline', undefined])
  // Those who know her see her as they always do.
  const kept = await pushed(carol, 'users', alice.id)
  assert.deepEqual(
    [kept.min, kept.firstName, kept.contact, kept.status?._],
    [undefined, 'My Alice', true, 'userStatusOnline'],
  )
  const met = await pushed(dave, 'users', alice.id)
  assert.deepEqual([met.min, met.status?._], [undefined, 'userStatusOnline'])
  // An author is needed in full.
  await alice.say(group.peer(alice), 'hello')
  const author = await pushed(bob, 'users', alice.id)
  assert.deepEqual([author.min, author.status?._], [undefined, 'userStatusOnline'])
})

test('a photo that not everybody sees is not one to take from a min user', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  await setPhoto(alice)
  const rules: tl.InputPrivacyRule[] = [{ _: 'inputPrivacyValueAllowContacts' }, { _: 'inputPrivacyValueDisallowAll' }]
  await alice.call('account.setPrivacy', { key: { _: 'inputPrivacyKeyProfilePhoto' }, rules })
  await alice.call('messages.setTyping', { peer: group.peer(alice), action: typing })
  const shown = await pushed(bob, 'users', alice.id)
  assert.deepEqual([shown.min, shown.photo, shown.applyMinPhoto], [true, undefined, undefined])
})

test('who commented comes as min with the post, and so does a channel in whose name somebody did', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const channel = await makeChannel('channel', alice, bob)
  const group = await makeChannel('group', alice, carol)
  await alice.call('channels.setDiscussionGroup', { broadcast: channel.of(alice), group: group.of(alice) })
  const mine = await makeChannel('channel', carol)
  await carol.call('channels.updateUsername', { channel: mine.of(carol), username: 'carols_place' })
  const post = await alice.say(channel.peer(alice), 'news')
  const found = await alice.call('messages.getDiscussionMessage', { peer: channel.peer(alice), msgId: post })
  const copy = found.messages[0]!.id
  await comment(carol, group, copy, 'first!')
  await comment(carol, group, copy, 'and as a channel', mine.peer(carol))
  await bob.pushes()
  const { pts } = (await bob.call('updates.getChannelDifference', {
    ...{ channel: channel.of(bob), filter: { _: 'channelMessagesFilterEmpty' }, pts: 1, limit: 100 },
  })) as tl.updates_channelDifference
  await alice.call('messages.editMessage', { peer: channel.peer(alice), id: post, message: 'good news' })
  const containers = (await bob.pushes()) as tl.updates[]
  const difference = (await bob.call('updates.getChannelDifference', {
    ...{ channel: channel.of(bob), filter: { _: 'channelMessagesFilterEmpty' }, pts, limit: 100 },
  })) as tl.updates_channelDifference
  for (const { users, chats } of [containers.at(-1)!, difference]) {
    const replier = users.find((user) => user.id === carol.id) as tl.user
    assert.deepEqual([replier.min, replier.phone], [true, ''])
    const speaker = chats.find((chat) => chat.id === mine.id) as tl.channel
    assert.deepEqual([speaker.min, speaker.left, speaker.title], [true, undefined, 'Place'])
    assert.deepEqual([speaker.username, speaker.participantsCount], ['carols_place', undefined])
    assert.equal((chats.find((chat) => chat.id === channel.id) as tl.channel).min, undefined)
  }
  // What is asked for comes in full.
  const history = await bob.call('channels.getMessages', {
    ...{ channel: channel.of(bob), id: [{ _: 'inputMessageID', id: post }] },
  })
  const asked = (history as tl.messages_channelMessages).users.find((user) => user.id === carol.id) as tl.user
  assert.equal(asked.min, undefined)
  // Both can be named by the post that shows them.
  const seenIn = { peer: channel.peer(bob), msgId: post }
  const opened = await bob.call('users.getUsers', { id: [{ _: 'inputUserFromMessage', ...seenIn, userId: carol.id }] })
  assert.deepEqual([(opened[0] as tl.user).id, (opened[0] as tl.user).min], [carol.id, undefined])
  const place: tl.InputChannel = { _: 'inputChannelFromMessage', ...seenIn, channelId: mine.id }
  const { chats } = await bob.call('channels.getChannels', { id: [place] })
  assert.deepEqual([(chats[0] as tl.channel).min, (chats[0] as tl.channel).left], [undefined, true])
})

test('people and channels are named by the messages that show them, as far as one sees those', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const news = await makeChannel('channel', carol)
  await carol.call('channels.updateUsername', { channel: news.of(carol), username: 'carols_news' })
  const post = await carol.say(news.peer(carol), 'news')
  const group = await makeChannel('group', alice, carol)
  await alice.call('channels.togglePreHistoryHidden', { channel: group.of(alice), enabled: true })
  const before = await carol.say(group.peer(carol), 'before Bob came')
  await alice.call('channels.inviteToChannel', { channel: group.of(alice), users: [alice.userOf(bob)] })
  const forwarded = (await carol.call('messages.forwardMessages', {
    ...{ fromPeer: news.peer(carol), id: [post], toPeer: group.peer(carol), randomId: [7n] },
  })) as tl.updates
  const forward = (forwarded.updates.find((u) => u._ === 'updateMessageID') as tl.updateMessageID).id
  const service = (await bob.updatesOf('updateNewChannelMessage')).find((u) => u.message._ === 'messageService')!
  const seenIn = (msgId: number) => ({ peer: group.peer(bob), msgId })
  const user = (msgId: number, who: Person) =>
    ({ id: { _: 'inputUserFromMessage', ...seenIn(msgId), userId: who.id } }) as const
  await bob.call('users.getFullUser', user(forward, carol))
  await bob.call('users.getFullUser', user(service.message.id, bob))
  await bob.call('users.getFullUser', user(service.message.id, alice))
  await bob.fails('MSG_ID_INVALID', 'users.getFullUser', user(forward, dave))
  await bob.fails('MSG_ID_INVALID', 'users.getFullUser', user(before, carol))
  await bob.fails('MSG_ID_INVALID', 'users.getFullUser', user(forward + 1, carol))
  const channel: tl.InputChannel = { _: 'inputChannelFromMessage', ...seenIn(forward), channelId: news.id }
  const full = await bob.call('channels.getFullChannel', { channel })
  assert.equal((full.chats.find((chat) => chat.id === news.id) as tl.channel).title, 'Place')
  await bob.call('channels.joinChannel', { channel })
  await carol.say(news.peer(carol), 'to who joined')
  assert.deepEqual(await bob.texts(), ['to who joined'])
  const wrong: tl.InputChannel = { ...channel, channelId: group.id + 1000 }
  await bob.fails('MSG_ID_INVALID', 'channels.getFullChannel', { channel: wrong })
  // Written to, and their photo downloaded, by nothing but the message.
  const peer: tl.InputPeer = { _: 'inputPeerUserFromMessage', ...seenIn(forward), userId: carol.id }
  await bob.say(peer, 'seen in the group')
  assert.deepEqual(await carol.texts(), ['seen in the group'])
  const photoId = await setPhoto(carol)
  assert.ok((await download(bob, { _: 'inputPeerPhotoFileLocation', peer, photoId })).length > 0)
  const nested: tl.InputPeer = { _: 'inputPeerChannelFromMessage', ...seenIn(forward), channelId: news.id }
  const twice = { _: 'inputUserFromMessage', peer: nested, msgId: post, userId: carol.id } as const
  await bob.fails('MSG_ID_INVALID', 'users.getFullUser', { id: twice })
})
