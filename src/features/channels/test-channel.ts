import assert from 'node:assert/strict'
import type { Device, Person } from '../../../test/harness/index.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** A channel of a test: how each of its people names it. */
export interface TestChannel {
  readonly id: number
  readonly peerId: tl.peerChannel
  of(who: Person): tl.inputChannel
  peer(who: Person): tl.inputPeerChannel
}

export function nameChannel(id: number): TestChannel {
  const hash = (who: Person) => accessHash(new Context(who.server.app, who.id), 'channel', id)
  return {
    id,
    peerId: { _: 'peerChannel', channelId: id },
    of: (who) => ({ _: 'inputChannel', channelId: id, accessHash: hash(who) }),
    peer: (who) => ({ _: 'inputPeerChannel', channelId: id, accessHash: hash(who) }),
  }
}

/** A supergroup of these people, or a channel; what its making told them has been taken. */
export async function makeChannel(
  kind: 'group' | 'channel',
  creator: Person,
  ...members: Person[]
): Promise<TestChannel> {
  const what = kind === 'group' ? { megagroup: true } : { broadcast: true }
  const answer = (await creator.call('channels.createChannel', { ...what, title: 'Place', about: '' })) as tl.updates
  const channel = nameChannel(answer.chats[0]!.id)
  if (members.length > 0) {
    const users = members.map((member) => creator.userOf(member))
    await creator.call('channels.inviteToChannel', { channel: channel.of(creator), users })
  }
  for (const person of [creator, ...members]) await person.updates()
  return channel
}

/** What a channel's history holds for somebody, the newest first: at most 100. */
export async function historyOf(who: Person, channel: TestChannel): Promise<tl.message[]> {
  const none = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
  const answer = await who.call('messages.getHistory', { peer: channel.peer(who), ...none })
  assert.ok(answer._ === 'messages.channelMessages')
  return answer.messages as tl.message[]
}

/** All that a channel's difference from a pts on tells. */
export async function differenceOf(who: Person, channel: TestChannel, from = 1, limit = 100) {
  const messages: tl.Message[] = []
  const updates: tl.Update[] = []
  let pts = from
  for (;;) {
    const part = await who.call('updates.getChannelDifference', {
      channel: channel.of(who),
      filter: { _: 'channelMessagesFilterEmpty' },
      pts,
      limit,
    })
    if (part._ === 'updates.channelDifferenceEmpty') return { messages, updates, pts: part.pts }
    assert.ok(part._ === 'updates.channelDifference')
    messages.push(...part.newMessages)
    updates.push(...part.otherUpdates)
    pts = part.pts
    if (part.final) return { messages, updates, pts }
  }
}

export type { Device }
