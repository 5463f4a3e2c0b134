import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { uploadDocument } from '../../../test/harness/files.ts'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

test('how posts are read and music is listened to is counted for the operator', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const make = async (more: object) =>
    ((await alice.call('channels.createChannel', { ...more, title: 'News', about: '' })) as tl.updates).chats[0]!.id
  const id = await make({ broadcast: true })
  const peer = (who: Person, channelId = id): tl.inputPeerChannel => {
    const hash = accessHash(new Context(server.app, who.id), 'channel', channelId)
    return { _: 'inputPeerChannel', channelId, accessHash: hash }
  }
  const channel: tl.inputChannel = { ...peer(alice), _: 'inputChannel' }
  await alice.call('channels.inviteToChannel', { channel, users: [alice.userOf(bob)] })
  const post = await alice.say(peer(alice), 'long post')
  const metric = (more: Partial<tl.inputMessageReadMetric>): tl.inputMessageReadMetric => ({
    _: 'inputMessageReadMetric',
    msgId: post,
    viewId: 1n,
    timeInViewMs: 4000,
    activeTimeInViewMs: 3000,
    heightToViewportRatioPermille: 500,
    seenRangeRatioPermille: 1000,
    ...more,
  })
  // What a view is reported with twice, or of a post that is not there, does not count; nor does the impossible.
  const metrics = [metric({}), metric({}), metric({ msgId: 999 }), metric({ viewId: 2n, timeInViewMs: -5 })]
  await bob.call('messages.reportReadMetrics', { peer: peer(bob), metrics })
  await alice.call('messages.reportReadMetrics', {
    peer: peer(alice),
    metrics: [metric({ seenRangeRatioPermille: 0 })],
  })
  await bob.fails('PEER_ID_INVALID', 'messages.reportReadMetrics', { peer: bob.peerOf(alice), metrics: [] })
  const group = await make({ megagroup: true })
  await alice.fails('PEER_ID_INVALID', 'messages.reportReadMetrics', { peer: peer(alice, group), metrics: [] })
  const many = Array.from({ length: 101 }, () => metric({}))
  await bob.fails('LIMIT_INVALID', 'messages.reportReadMetrics', { peer: peer(bob), metrics: many })

  const song = await uploadDocument(alice, randomBytes(64), {
    mimeType: 'audio/mpeg',
    attributes: [{ _: 'documentAttributeAudio', duration: 100 }],
  })
  const voice = await uploadDocument(alice, randomBytes(64), { mimeType: 'text/plain' })
  const input = (document: tl.document): tl.InputDocument => ({ ...document, _: 'inputDocument' })
  await alice.call('messages.reportMusicListen', { id: input(song), listenedDuration: 60 })
  await alice.call('messages.reportMusicListen', { id: input(song), listenedDuration: 2_000_000 })
  await alice.fails('DOCUMENT_INVALID', 'messages.reportMusicListen', { id: input(voice), listenedDuration: 60 })
  const wrong = { ...input(song), accessHash: 1n } as tl.inputDocument
  await alice.fails('DOCUMENT_INVALID', 'messages.reportMusicListen', { id: wrong, listenedDuration: 60 })

  const lines = await runCommand(server.app, 'usage', [])
  assert.deepEqual(lines, [
    'channel\tpost\tviews\tseconds\tactive\tseen',
    `${id}\t${post}\t3\t8.0\t6.0\t67 %`,
    'music\tlistens\tseconds',
    `${song.id}\t2\t86460`,
  ])
})
