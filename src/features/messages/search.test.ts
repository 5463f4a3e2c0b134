import assert from 'node:assert/strict'
import { picture, uploadDocument, uploadPhoto } from '../../../test/harness/files.ts'
import { type Person, plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeGroup, texts } from './test-group.ts'

const NONE = {
  q: '',
  filter: { _: 'inputMessagesFilterEmpty' },
  minDate: 0,
  maxDate: 0,
  offsetId: 0,
  addOffset: 0,
  limit: 100,
  maxId: 0,
  minId: 0,
  hash: 0n,
} as const
type Params = tl.Methods['messages.search']['params']

async function search(
  who: Person,
  peer: tl.InputPeer,
  params: Partial<Params>,
): Promise<tl.messages_messages | tl.messages_messagesSlice> {
  const answer = await who.call('messages.search', { peer, ...NONE, ...params })
  assert.ok(answer._ === 'messages.messages' || answer._ === 'messages.messagesSlice')
  return answer
}
const found = async (who: Person, peer: tl.InputPeer, params: Partial<Params>) =>
  texts((await search(who, peer, params)).messages)

async function sendFile(
  who: Person,
  peer: tl.InputPeer,
  kind: 'photo' | 'document',
  name = 'file.bin',
): Promise<number> {
  let media: tl.InputMedia
  if (kind === 'photo')
    media = { _: 'inputMediaPhoto', id: { ...(await uploadPhoto(who, await picture(32, 32))), _: 'inputPhoto' } }
  else {
    const attributes: tl.DocumentAttribute[] = [{ _: 'documentAttributeFilename', fileName: name }]
    media = {
      _: 'inputMediaDocument',
      id: { ...(await uploadDocument(who, Buffer.from(name), { attributes })), _: 'inputDocument' },
    }
  }
  const sent = await who.call('messages.sendMedia', {
    peer,
    media,
    message: '',
    randomId: BigInt(Math.floor(Math.random() * 1e15)) + 1n,
  })
  return unpack(sent)[0].id
}

test('messages are found by their words, in a dialog and everywhere', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice, bob, carol)
  await alice.say(bob, 'The quick brown fox')
  await bob.say(alice, 'A quick answer')
  await alice.say(carol, 'quickly to Carol')
  await bob.say(group.peer, 'quick in the group')
  const peer = alice.peerOf(bob)
  assert.deepEqual(await found(alice, peer, { q: 'quick' }), ['A quick answer', 'The quick brown fox'])
  assert.deepEqual(await found(alice, peer, { q: 'QUICK fo' }), ['The quick brown fox'])
  assert.deepEqual(await found(alice, { _: 'inputPeerEmpty' }, { q: 'quick' }), [
    'quick in the group',
    'quickly to Carol',
    'A quick answer',
    'The quick brown fox',
  ])
  assert.deepEqual(await found(alice, peer, { q: 'quick', fromId: peer }), ['A quick answer'])
  assert.deepEqual(await found(alice, peer, { q: 'carol' }), [])
  assert.deepEqual(await found(carol, { _: 'inputPeerEmpty' }, { q: 'quick' }), [
    'quick in the group',
    'quickly to Carol',
  ])
  assert.deepEqual(await found(alice, peer, { q: '...' }), [])
  await alice.fails('SEARCH_QUERY_EMPTY', 'messages.search', { peer, ...NONE, q: ' ' })
  await alice.fails('FROM_PEER_INVALID', 'messages.search', { peer, ...NONE, q: 'x', fromId: group.peer })
})

test('what was sent, edited and deleted after a search is found as it is', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const one = await alice.say(bob, 'apple')
  assert.deepEqual(await found(alice, peer, { q: 'apple' }), ['apple'])
  const two = await alice.say(bob, 'apple pie')
  assert.deepEqual(await found(alice, peer, { q: 'apple' }), ['apple pie', 'apple'])
  await alice.call('messages.editMessage', { peer, id: one, message: 'pear' })
  assert.deepEqual(await found(alice, peer, { q: 'apple' }), ['apple pie'])
  assert.deepEqual(await found(alice, peer, { q: 'pear' }), ['pear'])
  assert.deepEqual(await found(bob, bob.peerOf(alice), { q: 'pear' }), ['pear'], 'Bob had not searched before')
  await alice.call('messages.deleteMessages', { id: [two], revoke: true })
  assert.deepEqual(await found(alice, peer, { q: 'apple' }), [])
  assert.deepEqual(await found(bob, bob.peerOf(alice), { q: 'apple' }), [])
})

test('found messages come in pages', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const ids: number[] = []
  for (let i = 0; i < 6; i++) ids.push(await alice.say(bob, i % 2 ? `odd ${i}` : `even ${i}`))
  const page = await search(alice, peer, { q: 'odd', limit: 2 })
  assert.ok(page._ === 'messages.messagesSlice')
  assert.deepEqual([page.count, texts(page.messages)], [3, ['odd 5', 'odd 3']])
  const next = await search(alice, peer, { q: 'odd', limit: 2, offsetId: ids[3]! })
  assert.ok(next._ === 'messages.messagesSlice')
  assert.deepEqual([next.count, next.offsetIdOffset, texts(next.messages)], [3, 2, ['odd 1']])
  assert.deepEqual(await found(alice, peer, { q: 'odd', offsetId: ids[3]!, addOffset: -1, limit: 2 }), [
    'odd 3',
    'odd 1',
  ])
  const { listHash } = await import('../../domain/list-hash.ts')
  const hash = listHash([ids[5]!, ids[3]!, ids[1]!])
  assert.equal(
    (await alice.call('messages.search', { peer, ...NONE, q: 'odd', hash }))._,
    'messages.messagesNotModified',
  )
})

test('filters let through what they name, and count it', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  await alice.say(bob, 'see example.com')
  const photo = await sendFile(alice, peer, 'photo')
  const document = await sendFile(alice, peer, 'document', 'annual report.pdf')
  await alice.call('messages.sendMedia', {
    peer,
    media: { _: 'inputMediaGeoPoint', geoPoint: { _: 'inputGeoPoint', lat: 1, long: 1 } },
    message: '',
    randomId: 1n,
  })
  const by = async (filter: tl.MessagesFilter['_']) =>
    (await search(alice, peer, { filter: { _: filter } as tl.MessagesFilter })).messages.map((m) => m.id)
  assert.deepEqual(await by('inputMessagesFilterPhotos'), [photo])
  assert.deepEqual(await by('inputMessagesFilterPhotoVideo'), [photo])
  assert.deepEqual(await by('inputMessagesFilterDocument'), [document])
  assert.deepEqual(await by('inputMessagesFilterUrl'), [photo - 1])
  assert.deepEqual(await by('inputMessagesFilterGeo'), [document + 1])
  assert.deepEqual(await by('inputMessagesFilterVoice'), [])
  assert.deepEqual(texts((await search(alice, peer, { q: 'report' })).messages), [''], 'files are found by their names')
  const filters = (['Photos', 'Document', 'Music', 'Url'] as const).map(
    (f) => ({ _: `inputMessagesFilter${f}` }) as tl.MessagesFilter,
  )
  const counters = await alice.call('messages.getSearchCounters', { peer, filters })
  assert.deepEqual(
    counters.map((c) => [c.filter._, c.count]),
    filters.map((f, i) => [f._, [1, 1, 0, 1][i]]),
  )
  const sent = await alice.call('messages.searchSentMedia', {
    q: 'annual',
    filter: { _: 'inputMessagesFilterDocument' },
    limit: 10,
  })
  assert.deepEqual(
    (sent as tl.messages_messages).messages.map((m) => m.id),
    [document],
  )
  assert.deepEqual(
    (
      (await bob.call('messages.searchSentMedia', {
        q: '',
        filter: { _: 'inputMessagesFilterDocument' },
        limit: 10,
      })) as any
    ).messages,
    [],
  )
  await alice.fails('FILTER_NOT_SUPPORTED', 'messages.searchSentMedia', {
    q: '',
    filter: { _: 'inputMessagesFilterEmpty' },
    limit: 10,
  })
})

test('saved messages are searched by where they are from', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const self = { _: 'inputPeerSelf' } as const
  await bob.say(alice, 'word of Bob')
  const [id] = (await search(alice, alice.peerOf(bob), { q: 'word' })).messages.map((m) => m.id)
  const forward = { fromPeer: alice.peerOf(bob), id: [id!], randomId: [1n], toPeer: self }
  await alice.call('messages.forwardMessages', forward)
  await alice.call('messages.sendMessage', { peer: self, message: 'word of my own', randomId: 2n })
  assert.deepEqual(await found(alice, self, { q: 'word' }), ['word of my own', 'word of Bob'])
  assert.deepEqual(await found(alice, self, { savedPeerId: alice.peerOf(bob) }), ['word of Bob'])
  assert.deepEqual(await found(alice, self, { savedPeerId: self }), ['word of my own'])
})

test('dates narrow a search', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const now = () => Math.floor(server.clock.now() / 1000)
  await alice.say(bob, 'word one')
  await server.clock.advance(1000)
  const between = now() - 500
  await alice.say(bob, 'word two')
  assert.deepEqual(await found(alice, peer, { q: 'word', minDate: between }), ['word two'])
  assert.deepEqual(await found(alice, peer, { q: 'word', maxDate: between }), ['word one'])
})

test('searching everywhere goes on from where the last page ended', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeGroup(alice, bob)
  for (let i = 0; i < 3; i++) {
    await alice.say(bob, `word ${i}`)
    await alice.say(group.peer, `word in group ${i}`)
  }
  const params = {
    q: 'word',
    filter: NONE.filter,
    minDate: 0,
    maxDate: 0,
    offsetRate: 0,
    offsetPeer: { _: 'inputPeerEmpty' as const },
    offsetId: 0,
    limit: 4,
  }
  const first = (await alice.call('messages.searchGlobal', params)) as tl.messages_messagesSlice
  assert.deepEqual(
    [first.count, texts(first.messages)],
    [6, ['word in group 2', 'word 2', 'word in group 1', 'word 1']],
  )
  assert.equal(first.nextRate, (first.messages[3] as tl.message).date)
  const second = (await alice.call('messages.searchGlobal', {
    ...params,
    offsetRate: first.nextRate!,
    offsetPeer: alice.peerOf(bob),
    offsetId: first.messages[3]!.id,
  })) as tl.messages_messagesSlice
  assert.deepEqual([second.nextRate, texts(second.messages)], [undefined, ['word in group 0', 'word 0']])
  const only = async (rest: object) =>
    texts(
      ((await alice.call('messages.searchGlobal', { ...params, limit: 10, ...rest })) as tl.messages_messages).messages,
    )
  assert.deepEqual(await only({ groupsOnly: true }), ['word in group 2', 'word in group 1', 'word in group 0'])
  assert.deepEqual(await only({ usersOnly: true }), ['word 2', 'word 1', 'word 0'])
  assert.deepEqual(await only({ folderId: 1 }), [])
  await alice.fails('FOLDER_ID_INVALID', 'messages.searchGlobal', { ...params, folderId: 7 })
  await alice.fails('SEARCH_QUERY_EMPTY', 'messages.searchGlobal', { ...params, q: '' })
})

test('media of a chat are laid out by day, and spread evenly', async () => {
  await using server = await startTestServer({
    undocumented: ['messages.getSearchResultsPositions FILTER_NOT_SUPPORTED'],
  })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const media: tl.InputMedia = {
    _: 'inputMediaPhoto',
    id: { ...(await uploadPhoto(alice, await picture(32, 32))), _: 'inputPhoto' },
  }
  const days: number[][] = []
  for (let day = 0; day < 3; day++) {
    days.push([])
    for (let i = 0; i < 2; i++) {
      const randomId = BigInt(day * 10 + i + 1)
      days[day]!.push(unpack(await alice.call('messages.sendMedia', { peer, media, message: '', randomId }))[0].id)
    }
    await server.clock.advance(3 * 3600)
    await server.clock.advance(21 * 3600)
    media.id = { ...(await uploadPhoto(alice, await picture(32, 32))), _: 'inputPhoto' }
  }
  const filter: tl.MessagesFilter = { _: 'inputMessagesFilterPhotos' }
  const calendar = await alice.call('messages.getSearchResultsCalendar', { peer, filter, offsetId: 0, offsetDate: 0 })
  assert.equal(calendar.count, 6)
  assert.equal(calendar.minMsgId, days[0]![0])
  assert.deepEqual(
    calendar.periods.map((p) => [p.count, p.minMsgId, p.maxMsgId]),
    [...days].reverse().map(([a, b]) => [2, a, b]),
  )
  assert.ok(calendar.periods.every((p) => p.date % 86_400 === 0))
  assert.deepEqual(
    calendar.messages.map((m) => m.id),
    [...days].reverse().map((d) => d[1]),
  )
  const later = await alice.call('messages.getSearchResultsCalendar', {
    peer,
    filter,
    offsetId: days[1]![0]!,
    offsetDate: 0,
  })
  assert.deepEqual([later.periods.length, later.offsetIdOffset], [1, 4])
  const positions = await alice.call('messages.getSearchResultsPositions', { peer, filter, offsetId: 0, limit: 3 })
  assert.deepEqual(
    [positions.count, positions.positions.map((p) => [p.msgId, p.offset])],
    [
      6,
      [
        [days[2]![1], 0],
        [days[1]![1], 2],
        [days[0]![1], 4],
      ],
    ],
  )
  const rest = await alice.call('messages.getSearchResultsPositions', {
    peer,
    filter,
    offsetId: days[1]![1]!,
    limit: 100,
  })
  assert.deepEqual(
    rest.positions.map((p) => p.offset),
    [3, 4, 5],
  )
  const empty: tl.MessagesFilter = { _: 'inputMessagesFilterEmpty' }
  await alice.fails('FILTER_NOT_SUPPORTED', 'messages.getSearchResultsCalendar', {
    peer,
    filter: empty,
    offsetId: 0,
    offsetDate: 0,
  })
  await alice.fails('FILTER_NOT_SUPPORTED', 'messages.getSearchResultsPositions', {
    peer,
    filter: empty,
    offsetId: 0,
    limit: 1,
  })
})

test('a long history is indexed in portions, the rest in the background', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.say(bob, 'needle first')
  const { id } = (await search(alice, alice.peerOf(bob), { q: 'needle' })).messages[0]!
  // 10,500 copies of it at once, as a history that came before the first search.
  await server.app.store.transact(async (trx) => {
    const row = await trx
      .selectFrom('message')
      .selectAll()
      .where('owner', '=', alice.id)
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    for (let from = 0; from < 10_500; from += 500) {
      const values = Array.from({ length: 500 }, (_, i) => ({
        ...row,
        id: id + 1 + from + i,
        origin: row.origin + 1 + from + i,
        random_id: null,
      }))
      for (let at = 0; at < 500; at += 50)
        await trx
          .insertInto('message')
          .values(values.slice(at, at + 50))
          .execute()
    }
    await trx
      .updateTable('box')
      .set({ message_id: id + 10_500 })
      .where('owner', '=', alice.id)
      .execute()
    await trx.deleteFrom('message_indexed').where('owner', '=', alice.id).execute()
  })
  const some = await search(alice, alice.peerOf(bob), { q: 'needle', limit: 1 })
  assert.ok(some._ === 'messages.messagesSlice')
  assert.deepEqual(plain([some.inexact, some.count]), [true, 10_000])
  await server.clock.advance(1)
  const all = await search(alice, alice.peerOf(bob), { q: 'needle', limit: 1 })
  assert.ok(all._ === 'messages.messagesSlice')
  assert.deepEqual(plain([all.inexact ?? false, all.count]), [false, 10_501])
})
