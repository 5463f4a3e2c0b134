import assert from 'node:assert/strict'
import { picture, uploadPhoto } from '../../../test/harness/files.ts'
import { type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import { CHANNEL_BASE } from '../../domain/peers.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from '../channels/test-channel.ts'
import { makeGroup, texts } from './test-group.ts'

const EMPTY: tl.MessagesFilter = { _: 'inputMessagesFilterEmpty' }
const START = { offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' as const }, offsetId: 0, limit: 100 }
const NONE = { filter: EMPTY, minDate: 0, maxDate: 0, ...START }
type Global = Omit<tl.Methods['messages.searchGlobal']['params'], '_'>
const PAGE = { minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }

type Found = Exclude<tl.messages_Messages, tl.messages_messagesNotModified>
const everywhere = async (who: Person, q: string, more: Partial<Global> = {}) =>
  (await who.call('messages.searchGlobal', { ...NONE, q, ...more })) as Found
const foundBy = async (who: Person, q: string, more: Partial<Global> = {}) =>
  texts((await everywhere(who, q, more)).messages)
const name = (who: Person, place: TestChannel, username: string) =>
  who.call('channels.updateUsername', { channel: place.of(who), username })
const premium = (server: TestServer, who: Person) =>
  server.app.store.transact((trx) => trx.updateTable('user').set({ premium: 1 }).where('id', '=', who.id).execute())
let n = 1n
async function sendPhoto(who: Person, place: TestChannel): Promise<void> {
  const id = { ...(await uploadPhoto(who, await picture(32, 32))), _: 'inputPhoto' as const }
  const media: tl.InputMedia = { _: 'inputMediaPhoto', id }
  await who.call('messages.sendMedia', { peer: place.peer(who), media, message: '', randomId: ++n })
}

test('everything one is in is searched: people, groups, supergroups and channels', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const basic = await makeGroup(alice, bob)
  const group = await makeChannel('group', alice, bob)
  const channel = await makeChannel('channel', alice, bob)
  const other = await makeChannel('channel', alice)
  const words = async (text: string) => {
    await alice.say(bob, `${text} to bob`)
    await server.clock.advance(1)
    await alice.say(basic.peer, `${text} in basic`)
    await server.clock.advance(1)
    await alice.say(group.peer(alice), `${text} in group`)
    await server.clock.advance(1)
    await alice.say(channel.peer(alice), `${text} in channel`)
    await alice.say(other.peer(alice), `${text} elsewhere`)
    await server.clock.advance(1)
  }
  await words('word one')
  await words('word two')
  const all = ['channel', 'group', 'basic'].flatMap((place) => [`word two in ${place}`])
  assert.deepEqual((await foundBy(bob, 'word')).slice(0, 3), all)
  assert.equal((await foundBy(bob, 'word')).length, 8)
  const only = (more: Partial<Global>) => foundBy(bob, 'word', more)
  assert.deepEqual(await only({ broadcastsOnly: true }), ['word two in channel', 'word one in channel'])
  assert.deepEqual(await only({ groupsOnly: true }), [
    'word two in group',
    'word two in basic',
    'word one in group',
    'word one in basic',
  ])
  assert.deepEqual(await only({ usersOnly: true }), ['word two to bob', 'word one to bob'])
  await bob.fails('INPUT_FILTER_INVALID', 'messages.searchGlobal', {
    ...NONE,
    q: 'word',
    usersOnly: true,
    groupsOnly: true,
  })
  await bob.fails('SEARCH_QUERY_EMPTY', 'messages.searchGlobal', { ...NONE, q: '' })
  // Three a page, from where the last one ended.
  const seen: string[] = []
  let at: Partial<Global> = {}
  for (let i = 0; i < 4; i++) {
    const page = await everywhere(bob, 'word', { limit: 3, ...at })
    seen.push(...texts(page.messages))
    const last = page.messages.at(-1)
    if (!last || page._ !== 'messages.messagesSlice' || page.nextRate === undefined) break
    const { peerId } = last as tl.message
    const offsetPeer: tl.InputPeer =
      peerId._ === 'peerUser'
        ? bob.peerOf(alice)
        : peerId._ === 'peerChat'
          ? basic.peer
          : (peerId.channelId === group.id ? group : channel).peer(bob)
    at = { offsetRate: page.nextRate, offsetPeer, offsetId: last.id }
  }
  assert.deepEqual(seen, await foundBy(bob, 'word'))
  const archived: tl.inputFolderPeer[] = [group, channel].map((place) => ({
    _: 'inputFolderPeer',
    peer: place.peer(bob),
    folderId: 1,
  }))
  await bob.call('folders.editPeerFolders', { folderPeers: archived })
  assert.deepEqual(await only({ folderId: 1 }), [
    'word two in channel',
    'word two in group',
    'word one in channel',
    'word one in group',
  ])
  const { date } = (await everywhere(bob, 'word', { broadcastsOnly: true })).messages[0] as tl.message
  assert.deepEqual(await only({ broadcastsOnly: true, maxDate: date }), ['word one in channel'])
  assert.deepEqual(await only({ broadcastsOnly: true, minDate: date - 1 }), ['word two in channel'])
  await sendPhoto(alice, channel)
  await sendPhoto(alice, other)
  const photos = await everywhere(bob, '', { filter: { _: 'inputMessagesFilterPhotos' } })
  assert.deepEqual(
    photos.messages.map((m) => (m as tl.message).peerId),
    [{ _: 'peerChannel', channelId: channel.id }],
  )
})

test('in a channel one searches by author, tag, date and kind, and counts', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeChannel('group', alice, bob)
  const peer = group.peer(bob)
  await alice.say(group.peer(alice), 'first #news of alice')
  await server.clock.advance(86_400)
  await bob.say(peer, 'second #newspaper of bob')
  await sendPhoto(bob, group)
  const found = async (q: string, more: Partial<tl.Methods['messages.search']['params']> = {}) => {
    const answer = (await bob.call('messages.search', { peer, q, filter: EMPTY, ...PAGE, ...more })) as Found
    assert.equal(answer._, 'messages.channelMessages')
    return texts(answer.messages)
  }
  assert.deepEqual(await found('of'), ['second #newspaper of bob', 'first #news of alice'])
  assert.deepEqual(await found('#newsp'), ['second #newspaper of bob'])
  assert.deepEqual(await found('#news'), ['second #newspaper of bob', 'first #news of alice'])
  assert.deepEqual(await found('of', { fromId: bob.peerOf(alice) }), ['first #news of alice'])
  const today = Math.floor(server.clock.now() / 1000)
  assert.deepEqual(await found('of', { minDate: today - 3600 }), ['second #newspaper of bob'])
  const filters: tl.MessagesFilter[] = [{ _: 'inputMessagesFilterPhotos' }, { _: 'inputMessagesFilterVideo' }]
  const counters = await bob.call('messages.getSearchCounters', { peer, filters })
  assert.deepEqual(
    counters.map((c) => c.count),
    [1, 0],
  )
  const filter = filters[0]!
  const calendar = await bob.call('messages.getSearchResultsCalendar', { peer, filter, offsetId: 0, offsetDate: 0 })
  assert.deepEqual(
    calendar.periods.map((p) => p.count),
    [1],
  )
  const positions = await bob.call('messages.getSearchResultsPositions', { peer, filter, offsetId: 0, limit: 10 })
  assert.equal(positions.count, 1)
})

test('posts of all public channels are found by hashtag, and for Premium by words, so many a day', async () => {
  await using server = await startTestServer({ settings: { limits: { postSearches: 2 } } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const open = await makeChannel('channel', alice)
  const second = await makeChannel('channel', alice)
  const hidden = await makeChannel('channel', alice, bob)
  const group = await makeChannel('group', alice)
  await name(alice, open, 'open_channel')
  await name(alice, second, 'second_channel')
  await name(alice, group, 'open_group')
  for (const place of [open, second, hidden, group]) {
    await alice.say(place.peer(alice), `good #news from ${place.id}`)
    await server.clock.advance(1)
  }
  const posts = async (what: { hashtag?: string; query?: string }, more: Partial<typeof START> = {}) =>
    (await bob.call('channels.searchPosts', { ...START, ...what, ...more })) as tl.messages_messagesSlice
  assert.deepEqual(texts((await posts({ hashtag: 'news' })).messages), [
    `good #news from ${second.id}`,
    `good #news from ${open.id}`,
  ])
  assert.deepEqual(texts((await posts({ hashtag: 'new' })).messages), [])
  const first = await posts({ hashtag: 'news' }, { limit: 1 })
  const next = { offsetRate: first.nextRate!, offsetPeer: second.peer(bob), offsetId: first.messages[0]!.id }
  assert.deepEqual(texts((await posts({ hashtag: 'news' }, next as never)).messages), [`good #news from ${open.id}`])
  await bob.fails('SEARCH_QUERY_EMPTY', 'channels.searchPosts', START)
  await bob.fails('SEARCH_QUERY_EMPTY', 'channels.searchPosts', { ...START, hashtag: 'a', query: 'b' })
  await bob.fails('PREMIUM_ACCOUNT_REQUIRED', 'channels.searchPosts', { ...START, query: 'good' })
  await premium(server, bob)
  const left = async (query?: string) => {
    const { queryIsFree, remains, totalDaily } = await bob.call('channels.checkSearchPostsFlood', { query })
    return [queryIsFree, remains, totalDaily]
  }
  assert.deepEqual(await left(), [undefined, 2, 2])
  const answer = await posts({ query: 'good' })
  assert.deepEqual([answer.messages.length, answer.searchFlood?.remains], [2, 1])
  assert.deepEqual(await left('Good '), [true, 1, 2])
  await posts({ query: 'good' })
  await posts({ query: 'news' })
  const { waitTill } = await bob.call('channels.checkSearchPostsFlood', {})
  assert.equal(waitTill, Math.floor(server.clock.now() / 1000) + 86_400)
  await bob.fails('FLOOD_WAIT_86400', 'channels.searchPosts', { ...START, query: 'third', allowPaidStars: 10n })
  await posts({ query: 'good' })
  await server.clock.advance(86_400)
  await posts({ query: 'third' })
  // Whoever was removed from a channel finds nothing of it.
  await alice.call('channels.editBanned', {
    channel: open.of(alice),
    participant: alice.peerOf(bob),
    bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 },
  })
  assert.deepEqual(texts((await posts({ hashtag: 'news' })).messages), [`good #news from ${second.id}`])
})

test('of a word that thousands of posts have the newest posts come first, from whichever channel', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const busy = await makeChannel('channel', alice)
  const quiet = await makeChannel('channel', alice)
  await name(alice, busy, 'busy_channel')
  await name(alice, quiet, 'quiet_channel')
  await alice.say(quiet.peer(alice), '#often at first')
  await server.clock.advance(1)
  await alice.say(busy.peer(alice), '#often')
  const owner = CHANNEL_BASE - busy.id
  await server.app.store.transact(async (trx) => {
    const said = trx.selectFrom('message').selectAll().where('owner', '=', owner).orderBy('id', 'desc').limit(1)
    const row = await said.executeTakeFirstOrThrow()
    const copy = (i: number) => ({
      ...row,
      id: row.id + i,
      origin: row.origin + i,
      random_id: null,
      text: `#often ${i}`,
    })
    for (let from = 1; from <= 5000; from += 50) {
      const copies = Array.from({ length: 50 }, (_, i) => copy(from + i))
      await trx.insertInto('message').values(copies).execute()
    }
    const box = trx.updateTable('box').set({ message_id: row.id + 5000 })
    await box.where('owner', '=', owner).execute()
  })
  await server.clock.advance(1)
  await alice.say(quiet.peer(alice), '#often at last')
  const posts = async (more: object = {}) => {
    const page = { ...START, hashtag: 'often', limit: 3, ...more }
    return (await bob.call('channels.searchPosts', page)) as tl.messages_messagesSlice
  }
  const first = await posts()
  assert.deepEqual(texts(first.messages), ['#often at last', '#often 5000', '#often 4999'])
  assert.deepEqual([first.inexact, first.count], [true, 5003])
  const last = { offsetRate: first.nextRate, offsetPeer: busy.peer(bob), offsetId: first.messages.at(-1)!.id }
  assert.deepEqual(texts((await posts(last)).messages), ['#often 4998', '#often 4997', '#often 4996'])
})
