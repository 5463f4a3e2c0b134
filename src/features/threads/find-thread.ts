import { access, type ChannelRef, firstVisible, ownChannel, seesIn } from '../../domain/access.ts'
import { type BotTopicRow, botForum, botTopic } from '../../domain/bot-forums.ts'
import { isKicked } from '../../domain/channel-rights.ts'
import { discussionOf, postOf } from '../../domain/comments.ts'
import { messageRow } from '../../domain/message-rows.ts'
import { bareId } from '../../domain/peers.ts'
import { threadBegunBy } from '../../domain/threads.ts'
import { countInTopic, GENERAL, topicRow } from '../../domain/topics.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** A thread of a supergroup that its viewer may read. */
export interface Thread {
  readonly group: ChannelRef
  /** The message it begins with; 1 for what is in no topic of a forum. */
  readonly root: number
  /** How many messages there are in it, without the one it begins with. */
  readonly count: number
  /** The channel (marked id) whose post's comments these are. */
  readonly channel?: number | undefined
}

/** The topic of a bot's chat that a client names like a thread, if it names one. TOPIC_ID_INVALID. */
export async function findBotTopic(ctx: Ctx, input: tl.InputPeer, id: number): Promise<BotTopicRow | undefined> {
  const forum = input._ === 'inputPeerUser' ? await botForum(ctx, await access.peer(ctx, input)) : undefined
  if (!forum) return undefined
  const row = await botTopic(ctx, forum, id)
  if (!row) throw new RpcError('TOPIC_ID_INVALID')
  return row
}

/**
 * The thread that a message begins or is in, the topic of that number, or the comments of a channel's post.
 * PEER_ID_INVALID, MSG_ID_INVALID, TOPIC_ID_INVALID. https://core.telegram.org/api/threads
 */
export async function findThread(ctx: Ctx, input: tl.InputPeer, msgId: number): Promise<Thread> {
  const peer = await access.peer(ctx, input)
  if (peer.kind !== 'channel') throw new RpcError('PEER_ID_INVALID')
  if (peer.row.megagroup === 0) return commentsOf(ctx, peer, msgId)
  if (peer.row.forum === 1) return topic(ctx, peer, msgId)
  const row = await messageRow(ctx, peer.peer, msgId)
  if (!row || !seesIn(peer, row)) throw new RpcError('MSG_ID_INVALID')
  const root = threadBegunBy(row)
  const begin = root === row.id ? row : await messageRow(ctx, peer.peer, root)
  const post = peer.row.linked === null ? undefined : await postOf(ctx, peer.peer, root)
  return { group: peer, root, count: begin?.replies ?? 0, channel: post?.owner }
}

async function commentsOf(ctx: Ctx, channel: ChannelRef, post: number): Promise<Thread> {
  const found = post >= firstVisible(channel) ? await discussionOf(ctx, channel.peer, post) : undefined
  if (!found) throw new RpcError('MSG_ID_INVALID')
  const group = await ownChannel(ctx, bareId(found.group_peer))
  if (isKicked(ctx, group.member)) throw new RpcError('CHANNEL_PRIVATE')
  const root = await messageRow(ctx, group.peer, found.root)
  return { group, root: found.root, count: root?.replies ?? 0, channel: channel.peer }
}

async function topic(ctx: Ctx, forum: ChannelRef, id: number): Promise<Thread> {
  const row = await topicRow(ctx, forum.id, id)
  if (!row) throw new RpcError('TOPIC_ID_INVALID')
  const count = await countInTopic(ctx, forum, id)
  return { group: forum, root: id, count: id === GENERAL ? count : Math.max(0, count - 1) }
}
