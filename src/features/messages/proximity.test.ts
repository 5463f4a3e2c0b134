import assert from 'node:assert/strict'
import { type Device, type Person, plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel } from '../channels/test-channel.ts'
import { makeForum, openTopic } from '../forums/test-forum.ts'
import { history, makeGroup } from './test-group.ts'

/** Metres to the north of a place in Munich. */
const at = (metres: number, rest: Partial<tl.inputMediaGeoLive> = {}): tl.inputMediaGeoLive => ({
  _: 'inputMediaGeoLive',
  geoPoint: { _: 'inputGeoPoint', lat: 48.137 + metres / 111_195, long: 11.575 },
  ...rest,
})
let random = 1n

async function share(who: Person, peer: tl.InputPeer, media: tl.inputMediaGeoLive, replyTo?: tl.InputReplyTo) {
  const place = { period: 3600, ...media }
  const answer = await who.call('messages.sendMedia', {
    ...{ peer, media: place, message: '', randomId: random++ },
    ...(replyTo && { replyTo }),
  })
  return unpack(answer).find((u) => u._ === 'updateMessageID').id as number
}

const move = (who: Person, peer: tl.InputPeer, id: number, media: tl.inputMediaGeoLive) =>
  who.call('messages.editMessage', { peer, id, media: { period: 3600, ...media } })

/** What somebody is told of who has come near: from whom, to whom, how near. */
async function alerts(who: Person | Device) {
  const messages = (await who.updates()).map((u) => u.message).filter((m) => m?._ === 'messageService')
  return messages.map((m) => {
    assert.equal(m.action._, 'messageActionGeoProximityReached')
    const { fromId, toId, distance } = plain(m.action)
    return [fromId.userId ?? fromId.channelId, toId.userId ?? toId.channelId, distance]
  })
}

test('who comes near to a live location is told of once, on both sides', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const tablet = await bob.device()
  const everybody = [alice, bob, tablet]
  const told = async () => Promise.all(everybody.map(alerts))
  const [to, back] = [alice.peerOf(bob), bob.peerOf(alice)]
  const hers = await share(alice, to, at(0, { proximityNotificationRadius: 500 }))
  const his = await share(bob, back, at(2000))
  assert.deepEqual(await told(), [[], [], []])
  await move(bob, back, his, at(400))
  const near = [bob.id, alice.id, 400]
  assert.deepEqual(await told(), [[near], [near], [near]])
  const [message] = (await history(alice, to)) as unknown as tl.messageService[]
  assert.deepEqual([message!.action._, message!.out], ['messageActionGeoProximityReached', undefined])
  // Neither coming nearer nor coming back is news.
  await move(bob, back, his, at(100))
  await move(bob, back, his, at(3000))
  await move(bob, back, his, at(200))
  assert.deepEqual(await told(), [[], [], []])
  // She chooses another distance, which is to be told again; it is she who comes near.
  await move(alice, to, hers, at(-900, { proximityNotificationRadius: 1000 }))
  assert.deepEqual(await told(), [[], [], []])
  await move(alice, to, hers, at(-300, { proximityNotificationRadius: 1000 }))
  assert.deepEqual(await told(), Array(3).fill([[bob.id, alice.id, 500]]))
})

test('nobody is told of locations that ended, were deleted, or are in other chats', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const [to, back] = [alice.peerOf(bob), bob.peerOf(alice)]
  const watching = { proximityNotificationRadius: 500 }
  const told = async () => [...(await alerts(alice)), ...(await alerts(bob)), ...(await alerts(carol))]
  const first = await share(alice, to, at(0, watching))
  await alice.call('messages.deleteMessages', { id: [first], revoke: true })
  await share(alice, alice.peerOf(carol), at(0, watching))
  const his = await share(bob, back, at(10))
  assert.deepEqual(await told(), [])
  const second = await share(alice, to, at(5000, watching))
  await move(alice, to, second, { ...at(0), geoPoint: { _: 'inputGeoPointEmpty' }, stopped: true })
  const [stopped] = await history(bob, back)
  assert.equal((stopped!.media as tl.messageMediaGeoLive).period, 1)
  await server.clock.advance(1)
  await move(bob, back, his, at(5000))
  assert.deepEqual(await told(), [])
  await share(alice, to, at(9000, { ...watching, period: 60 }))
  await server.clock.advance(61)
  await move(bob, back, his, at(9000))
  assert.deepEqual(await told(), [])
  // What she forwards to him is where somebody was, not where she is.
  await share(carol, carol.peerOf(alice), at(9000, watching))
  const [got] = await history(alice, alice.peerOf(carol))
  await alice.call('messages.forwardMessages', {
    ...{ fromPeer: alice.peerOf(carol), toPeer: to, id: [got!.id], randomId: [random++] },
  })
  assert.deepEqual(await told(), [])
  const [place] = await history(bob, back)
  assert.equal(place!.media?._, 'messageMediaGeo')
})

test('in groups everybody is told, each of their own watchers; in forums in the topic', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { peer } = await makeGroup(alice, bob, carol)
  await share(alice, peer, at(0, { proximityNotificationRadius: 300 }))
  await share(bob, peer, at(10_000, { proximityNotificationRadius: 1000 }))
  const third = await share(carol, peer, at(5000))
  for (const one of [alice, bob, carol]) assert.deepEqual(await alerts(one), [])
  await move(carol, peer, third, at(9500))
  for (const one of [alice, bob, carol]) assert.deepEqual(await alerts(one), [[carol.id, bob.id, 500]])
  await move(carol, peer, third, at(300))
  for (const one of [alice, bob, carol]) assert.deepEqual(await alerts(one), [[carol.id, alice.id, 300]])

  const forum = await makeForum(alice, bob, carol)
  const topic = await openTopic(alice, forum, 'Where')
  const inTopic: tl.inputReplyToMessage = { _: 'inputReplyToMessage', replyToMsgId: topic }
  for (const one of [alice, bob, carol]) await one.updates()
  await share(alice, forum.peer(alice), at(0, { proximityNotificationRadius: 300 }), inTopic)
  // Elsewhere in the forum nobody asked for it.
  await share(carol, forum.peer(carol), at(0))
  await share(bob, forum.peer(bob), at(50), inTopic)
  for (const one of [alice, carol]) assert.deepEqual(await alerts(one), [[bob.id, alice.id, 50]])
  const [newest] = await history(carol, forum.peer(carol))
  assert.deepEqual(plain(newest!.replyTo), { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: topic })
})

test('who shares a location is told that somebody looks at it, and where', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const [to, back] = [alice.peerOf(bob), bob.peerOf(alice)]
  // Their copies have other ids.
  await bob.say({ _: 'inputPeerSelf' }, 'note')
  const hers = await share(alice, to, at(0))
  const [his] = await history(bob, back)
  assert.notEqual(his!.id, hers)
  await alice.updates()
  await bob.call('messages.readMessageContents', { id: [his!.id] })
  assert.deepEqual(plain(await alice.updatesOf('updateGeoLiveViewed')), [
    { _: 'updateGeoLiveViewed', peer: bob.peerId, msgId: hers },
  ])
  const forum = await makeForum(alice, bob)
  const shared = await share(alice, forum.peer(alice), at(0))
  const mine = await share(bob, forum.peer(bob), at(9000))
  await alice.updates()
  await bob.call('channels.readMessageContents', { channel: forum.of(bob), id: [shared, mine] })
  assert.deepEqual(plain(await alice.updatesOf('updateGeoLiveViewed')), [
    { _: 'updateGeoLiveViewed', peer: { _: 'peerChannel', channelId: forum.id }, msgId: shared },
  ])
  // What is over is not looked for any more, and who blocked somebody is left alone.
  await bob.updates()
  await alice.call('contacts.block', { id: to })
  await bob.call('messages.readMessageContents', { id: [his!.id] })
  await alice.call('contacts.unblock', { id: to })
  await server.clock.advance(3601)
  await bob.call('messages.readMessageContents', { id: [his!.id] })
  assert.deepEqual(await alice.updatesOf('updateGeoLiveViewed'), [])
})

test('the locations of a supergroup are listed to those who may see them', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const town = await makeChannel('group', alice, bob)
  await alice.call('channels.togglePreHistoryHidden', { channel: town.of(alice), enabled: true })
  await share(alice, town.peer(alice), at(0))
  const listed = async (who: Person) => {
    const answer = await who.call('messages.getRecentLocations', { peer: town.peer(who), limit: 10, hash: 0n })
    assert.ok(answer._ === 'messages.channelMessages')
    return answer.messages.map((m) => ((m as tl.message).fromId as tl.peerUser).userId)
  }
  await alice.call('channels.inviteToChannel', { channel: town.of(alice), users: [alice.userOf(carol)] })
  const later = await share(bob, town.peer(bob), at(9000))
  assert.deepEqual(await listed(bob), [bob.id, alice.id])
  // She came later than what was said before.
  assert.deepEqual(await listed(carol), [bob.id])
  await server.clock.advance(60)
  await move(bob, town.peer(bob), later, { ...at(0), geoPoint: { _: 'inputGeoPointEmpty' }, stopped: true })
  assert.deepEqual(await listed(carol), [])
})

test('two who come near at once are told of once', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const watching = { proximityNotificationRadius: 500 }
  const [to, back] = [alice.peerOf(bob), bob.peerOf(alice)]
  const [hers, his] = [await share(alice, to, at(0, watching)), await share(bob, back, at(5000))]
  await Promise.all([move(alice, to, hers, at(2400, watching)), move(bob, back, his, at(2600))])
  assert.deepEqual(await alerts(alice), [[bob.id, alice.id, 200]])
  assert.deepEqual(await alerts(bob), [[bob.id, alice.id, 200]])
})
