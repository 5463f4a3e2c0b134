import { randomBytes } from 'node:crypto'
import type { Person } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, type TestChannel } from '../channels/test-channel.ts'

export const makeGroup = (creator: Person, ...members: Person[]) => makeChannel('group', creator, ...members)

/** A channel of these people, and the group where it is discussed, in which only its creator is. */
export async function makeDiscussion(
  creator: Person,
  ...members: Person[]
): Promise<{ channel: TestChannel; group: TestChannel }> {
  const channel = await makeChannel('channel', creator, ...members)
  const group = await makeChannel('group', creator)
  await creator.call('channels.setDiscussionGroup', { broadcast: channel.of(creator), group: group.of(creator) })
  for (const person of [creator, ...members]) await person.updates()
  return { channel, group }
}

/** Answers a message. Gives the answer's id. */
export async function answer(who: Person, peer: tl.InputPeer, replyToMsgId: number, message: string): Promise<number> {
  const sent = (await who.call('messages.sendMessage', {
    ...{ peer, message, replyTo: { _: 'inputReplyToMessage', replyToMsgId } },
    randomId: randomBytes(8).readBigInt64LE(),
  })) as tl.updates
  return (sent.updates.find((u) => u._ === 'updateMessageID') as tl.updateMessageID).id
}

/** The first page of a thread's messages, the newest first. */
export async function repliesOf(who: Person, peer: tl.InputPeer, msgId: number, limit = 100) {
  const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit, maxId: 0, minId: 0, hash: 0n }
  return (await who.call('messages.getReplies', { peer, msgId, ...page })) as tl.messages_channelMessages
}

/** One message of a channel as somebody sees it. */
export async function messageOf(who: Person, place: TestChannel, id: number): Promise<tl.message> {
  const found = await who.call('channels.getMessages', { channel: place.of(who), id: [{ _: 'inputMessageID', id }] })
  return (found as tl.messages_channelMessages).messages[0] as tl.message
}
