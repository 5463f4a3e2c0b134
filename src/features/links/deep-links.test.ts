import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeForum, openTopic, sayIn } from '../forums/test-forum.ts'
import { makeSet } from '../stickers/test-stickers.ts'
import { makeDiscussion } from '../threads/test-discussion.ts'

/** What a client that opens a link reads in it: the last part of its path, and its parameters. */
const last = (url: string) => new URL(url).pathname.split('/').at(-1)!
const param = (url: string, name: string) => new URL(url).searchParams.get(name)!

/** Opens a link as https://core.telegram.org/api/links says, and tells what it led to. */
type Opens = (who: Person, link: string) => Promise<unknown>

const username: Opens = async (who, link) => {
  const { peer } = await who.call('contacts.resolveUsername', { username: param(link, 'domain') ?? last(link) })
  return peer
}
const channelOf = async (who: Person, name: string): Promise<tl.inputChannel> => {
  const { chats } = await who.call('contacts.resolveUsername', { username: name })
  const { id, accessHash } = chats[0] as tl.channel
  return { _: 'inputChannel', channelId: id, accessHash: accessHash! }
}
const message: Opens = async (who, link) => {
  const [name, ...rest] = new URL(link).pathname.slice(1).split('/')
  const channel = await channelOf(who, name!)
  const id: tl.InputMessage[] = [{ _: 'inputMessageID', id: Number(rest.at(-1)) }]
  const { messages } = (await who.call('channels.getMessages', { channel, id })) as tl.messages_channelMessages
  return (messages[0] as tl.message).message
}
const topic: Opens = async (who, link) => {
  const [name, id] = new URL(link).pathname.slice(1).split('/')
  const { channelId, accessHash } = await channelOf(who, name!)
  const peer: tl.InputPeer = { _: 'inputPeerChannel', channelId, accessHash }
  const { topics } = await who.call('messages.getForumTopicsByID', { peer, topics: [Number(id)] })
  return (topics[0] as tl.forumTopic).title
}
const comment: Opens = async (who, link) => {
  const [name, post] = new URL(link).pathname.slice(1).split('/')
  const { channelId, accessHash } = await channelOf(who, name!)
  const peer: tl.InputPeer = { _: 'inputPeerChannel', channelId, accessHash }
  const { messages, chats } = await who.call('messages.getDiscussionMessage', { peer, msgId: Number(post) })
  const group = chats.find((c) => c.id === (messages[0]!.peerId as tl.peerChannel).channelId) as tl.channel
  const channel: tl.inputChannel = { _: 'inputChannel', channelId: group.id, accessHash: group.accessHash! }
  const id: tl.InputMessage[] = [{ _: 'inputMessageID', id: Number(param(link, 'comment')) }]
  const found = (await who.call('channels.getMessages', { channel, id })) as tl.messages_channelMessages
  return (found.messages[0] as tl.message).message
}
const boosts: Opens = async (who, link) => {
  const { channelId, accessHash } = await channelOf(who, last(link))
  const peer: tl.InputPeer = { _: 'inputPeerChannel', channelId, accessHash }
  return (await who.call('premium.getBoostsStatus', { peer })).boostUrl
}
const phone: Opens = async (who, link) => {
  const { peer } = await who.call('contacts.resolvePhone', { phone: last(link).slice(1) })
  return peer
}
const invite: Opens = async (who, link) => {
  const hash = last(link).replace(/^\+/, '')
  return ((await who.call('messages.checkChatInvite', { hash })) as tl.chatInvite).title
}
const folder: Opens = async (who, link) =>
  ((await who.call('chatlists.checkChatlistInvite', { slug: last(link) })) as tl.chatlists_chatlistInvite).title
const contact: Opens = async (who, link) =>
  ((await who.call('contacts.importContactToken', { token: last(link) })) as tl.user).firstName
const stickers: Opens = async (who, link) => {
  const stickerset: tl.InputStickerSet = { _: 'inputStickerSetShortName', shortName: last(link) }
  const { set } = (await who.call('messages.getStickerSet', { stickerset, hash: 0 })) as tl.messages_stickerSet
  return [set.title, set.emojis]
}

test('links lead to what they name, by the method that opens them', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('linked_bot')
  await alice.call('account.updateUsername', { username: 'alice_linked' })
  const { channel, group } = await makeDiscussion(alice)
  const name = (place: { of(who: Person): tl.InputChannel }, username: string) =>
    alice.call('channels.updateUsername', { channel: place.of(alice), username })
  await name(channel, 'linked_news')
  await name(group, 'linked_talk')
  const post = await alice.say(channel.peer(alice), 'a post')
  const { messages } = await alice.call('messages.getDiscussionMessage', { peer: channel.peer(alice), msgId: post })
  const replyTo: tl.InputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: messages[0]!.id }
  const said = await alice.call('messages.sendMessage', {
    ...{ peer: group.peer(alice), message: 'a comment', replyTo, randomId: 77n },
  })
  const commentId = ((said as tl.updates).updates.find((u) => u._ === 'updateMessageID') as tl.updateMessageID).id
  const exported = async (place: { of(who: Person): tl.InputChannel }, id: number, thread = false) =>
    (await alice.call('channels.exportMessageLink', { channel: place.of(alice), id, thread: thread || undefined })).link
  const forum = await makeForum(alice)
  await name(forum, 'linked_forum')
  const topicId = await openTopic(alice, forum, 'Cats')
  const inTopic = await sayIn(alice, forum, topicId, 'in a topic')
  const closed = await alice.call('channels.createChannel', { broadcast: true, title: 'Closed', about: '' })
  const { id: channelId, accessHash } = (closed as tl.updates).chats[0] as tl.channel
  const peer: tl.InputPeer = { _: 'inputPeerChannel', channelId, accessHash: accessHash! }
  const { link } = (await alice.call('messages.exportChatInvite', { peer })) as tl.chatInviteExported
  const text = (words: string): tl.textWithEntities => ({ _: 'textWithEntities', text: words, entities: [] })
  const peers = { pinnedPeers: [], includePeers: [peer], excludePeers: [] }
  await alice.call('messages.updateDialogFilter', {
    ...{ id: 2, filter: { _: 'dialogFilter', id: 2, title: text('Work'), ...peers } },
  })
  const chatlist = await alice.call('chatlists.exportChatlistInvite', {
    ...{ chatlist: { _: 'inputChatlistDialogFilter', filterId: 2 }, title: 'Work', peers: [peer] },
  })
  const { url: token } = await alice.call('contacts.exportContactToken', {})
  const cats = await makeSet(alice, { title: 'Cats' })
  const emoji = await makeSet(alice, { title: 'Emoji', emojis: true })
  const { boostUrl } = await alice.call('premium.getBoostsStatus', { peer: channel.peer(alice) })
  const table: [link: string, Opens, unknown][] = [
    ['https://t.me/alice_linked', username, alice.peerId],
    ['tg://resolve?domain=alice_linked', username, alice.peerId],
    ['https://t.me/linked_news?boost', username, channel.peerId],
    ['https://t.me/linked_bot?start=word', username, { _: 'peerUser', userId: bot.id }],
    [`https://t.me/+${alice.phone}`, phone, alice.peerId],
    [token, contact, 'Alice'],
    [await exported(channel, post), message, 'a post'],
    [await exported(group, commentId, true), comment, 'a comment'],
    [await exported(forum, inTopic, true), topic, 'Cats'],
    [await exported(forum, inTopic, true), message, 'in a topic'],
    [boostUrl, boosts, boostUrl],
    [link, invite, 'Closed'],
    [link.replace('/+', '/joinchat/'), invite, 'Closed'],
    [(chatlist.invite as tl.exportedChatlistInvite).url, folder, text('Work')],
    [`https://t.me/addstickers/${cats.set.shortName}`, stickers, ['Cats', undefined]],
    [`https://t.me/addstickers/${cats.set.shortName.toUpperCase()}`, stickers, ['Cats', undefined]],
    [`https://t.me/addemoji/${emoji.set.shortName}`, stickers, ['Emoji', true]],
  ]
  for (const [url, open, expected] of table) assert.deepEqual(await open(bob, url), expected, url)
  const unknown = { _: 'inputStickerSetShortName' as const, shortName: 'nothing_of_the_kind' }
  await bob.fails('STICKERSET_INVALID', 'messages.getStickerSet', { stickerset: unknown, hash: 0 })
})
