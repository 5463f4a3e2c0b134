import { randomBytes } from 'node:crypto'
import type { Device, Person } from '../../../test/harness/index.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** A forum of a test: how each of its people names it. */
export interface TestForum {
  readonly id: number
  of(who: Person): tl.inputChannel
  peer(who: Person): tl.inputPeerChannel
}

export const randomId = () => randomBytes(8).readBigInt64LE()

/** A forum of these people; what its making told them has been taken. */
export async function makeForum(creator: Person, ...members: Person[]): Promise<TestForum> {
  const made = (await creator.call('channels.createChannel', {
    ...{ megagroup: true, forum: true, title: 'Forum', about: '' },
  })) as tl.updates
  const id = made.chats[0]!.id
  const hash = (who: Person) => accessHash(new Context(who.server.app, who.id), 'channel', id)
  const forum: TestForum = {
    id,
    of: (who) => ({ _: 'inputChannel', channelId: id, accessHash: hash(who) }),
    peer: (who) => ({ _: 'inputPeerChannel', channelId: id, accessHash: hash(who) }),
  }
  if (members.length > 0) {
    const users = members.map((member) => creator.userOf(member))
    await creator.call('channels.inviteToChannel', { channel: forum.of(creator), users })
  }
  for (const person of [creator, ...members]) await person.updates()
  return forum
}

/** Opens a topic. Gives its id. */
export async function openTopic(who: Person, forum: TestForum, title: string): Promise<number> {
  const answer = (await who.call('messages.createForumTopic', {
    peer: forum.peer(who),
    title,
    randomId: randomId(),
  })) as tl.updates
  return (answer.updates.find((u) => u._ === 'updateMessageID') as tl.updateMessageID).id
}

/** Says something in a topic, in answer to a message of it where one is named. Gives the message's id. */
export async function sayIn(
  who: Person,
  forum: TestForum,
  topic: number,
  message: string,
  replyToMsgId = topic,
): Promise<number> {
  const topMsgId = replyToMsgId === topic ? undefined : topic
  const answer = (await who.call('messages.sendMessage', {
    peer: forum.peer(who),
    message,
    replyTo: { _: 'inputReplyToMessage', replyToMsgId, topMsgId },
    randomId: randomId(),
  })) as tl.updates
  return (answer.updates.find((u) => u._ === 'updateMessageID') as tl.updateMessageID).id
}

/** A forum's topics as somebody sees them. */
export async function topicsOf(who: Person | Device, peer: tl.InputPeer): Promise<tl.forumTopic[]> {
  const first = { offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 100 }
  return (await who.call('messages.getForumTopics', { peer, ...first })).topics as tl.forumTopic[]
}

/** One topic as somebody sees it. */
export async function topicOf(who: Person | Device, peer: tl.InputPeer, id: number): Promise<tl.forumTopic> {
  return (await who.call('messages.getForumTopicsByID', { peer, topics: [id] })).topics[0] as tl.forumTopic
}
