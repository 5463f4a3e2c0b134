import { randomBytes } from 'node:crypto'
import type { Person } from '../../../test/harness/index.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** A channel or group of a test: how each of its people names it. */
export interface Place {
  readonly id: number
  of(who: Person): tl.inputChannel
  peer(who: Person): tl.inputPeerChannel
}

async function make(what: { megagroup?: true; broadcast?: true }, creator: Person, members: Person[]): Promise<Place> {
  const made = (await creator.call('channels.createChannel', { ...what, title: 'Place', about: '' })) as tl.updates
  const id = made.chats[0]!.id
  const hash = (who: Person) => accessHash(new Context(who.server.app, who.id), 'channel', id)
  const place: Place = {
    id,
    of: (who) => ({ _: 'inputChannel', channelId: id, accessHash: hash(who) }),
    peer: (who) => ({ _: 'inputPeerChannel', channelId: id, accessHash: hash(who) }),
  }
  const users = members.map((member) => creator.userOf(member))
  if (users.length > 0) await creator.call('channels.inviteToChannel', { channel: place.of(creator), users })
  for (const person of [creator, ...members]) await person.updates()
  return place
}

export const makeGroup = (creator: Person, ...members: Person[]) => make({ megagroup: true }, creator, members)

/** A channel of these people, and the group where it is discussed, in which only its creator is. */
export async function makeDiscussion(creator: Person, ...members: Person[]): Promise<{ channel: Place; group: Place }> {
  const channel = await make({ broadcast: true }, creator, members)
  const group = await make({ megagroup: true }, creator, [])
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
export async function messageOf(who: Person, place: Place, id: number): Promise<tl.message> {
  const found = await who.call('channels.getMessages', { channel: place.of(who), id: [{ _: 'inputMessageID', id }] })
  return (found as tl.messages_channelMessages).messages[0] as tl.message
}
