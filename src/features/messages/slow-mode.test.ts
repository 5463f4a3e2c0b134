import assert from 'node:assert/strict'
import { picture, upload } from '../../../test/harness/files.ts'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel, type TestChannel } from '../channels/test-channel.ts'

let n = 1n
const say = (peer: tl.InputPeer, message: string) => ({ peer, message, randomId: ++n })

/** A group with a slow mode of half a minute. */
async function slowGroup(creator: Person, ...members: Person[]): Promise<TestChannel> {
  const group = await makeChannel('group', creator, ...members)
  await creator.call('channels.toggleSlowMode', { channel: group.of(creator), seconds: 30 })
  for (const member of members) await member.updates()
  return group
}

const photo = async (who: Person): Promise<tl.inputSingleMedia> => {
  const file = await upload(who, await picture(8, 8))
  return { _: 'inputSingleMedia', media: { _: 'inputMediaUploadedPhoto', file }, randomId: ++n, message: '' }
}

test('slow mode takes an album for one message, and several forwarded ones for too many', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await slowGroup(alice, bob)
  const peer = group.peer(bob)
  await bob.call('messages.sendMultiMedia', { peer, multiMedia: [await photo(bob), await photo(bob)] })
  assert.equal((await alice.updatesOf('updateNewChannelMessage')).length, 2)
  await bob.fails('SLOWMODE_WAIT_30', 'messages.sendMessage', say(peer, 'two'))
  const album = (await historyOf(bob, group)).slice(0, 2).map((m) => m.id)
  const words = [await bob.say(alice, 'a'), await bob.say(alice, 'b')]
  server.clock.advance(31)
  const forward = (fromPeer: tl.InputPeer, id: number[]) => ({ fromPeer, toPeer: peer, id, randomId: [++n, ++n] })
  const refused = forward(bob.peerOf(alice), words)
  await bob.fails('SLOWMODE_MULTI_MSGS_DISABLED', 'messages.forwardMessages', refused)
  await bob.call('messages.forwardMessages', forward(peer, album))
  assert.equal((await alice.updatesOf('updateNewChannelMessage')).length, 2)
})

test('what is scheduled in slow mode goes when it is due, and what is edited does not wait', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await slowGroup(alice, bob)
  const peer = group.peer(bob)
  const at = Math.floor(server.clock.now() / 1000) + 60
  await bob.say(peer, 'now')
  await bob.call('messages.sendMessage', { ...say(peer, 'later'), scheduleDate: at })
  await bob.call('messages.sendMessage', { ...say(peer, 'and this'), scheduleDate: at })
  server.clock.advance(50)
  const id = await bob.say(peer, 'meanwhile')
  await bob.call('messages.editMessage', { peer, id, media: (await photo(bob)).media, message: 'seen' })
  await alice.updates()
  server.clock.advance(11)
  await server.app.jobs.run()
  const told = await alice.updatesOf('updateNewChannelMessage')
  assert.deepEqual(
    told.map((u) => (u.message as tl.message).message),
    ['later', 'and this'],
  )
  await bob.fails('SLOWMODE_WAIT_30', 'messages.sendMessage', say(peer, 'more'))
})
