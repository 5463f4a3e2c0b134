import { type SqlBool, sql } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { type Dialect, query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import type { ChannelRef, PeerRef } from './access.ts'
import type { MessageRow } from './message-rows.ts'
import type { NewMessage } from './send.ts'
import { everForum, GENERAL, raiseTopic, topicRow } from './topics.ts'

/** A channel, whoever looks at it. */
export type Place = Pick<ChannelRef, 'id' | 'peer' | 'row'>

/** Where threads are counted and found. https://core.telegram.org/api/threads */

const countUp = query<{ owner: number; id: number }>()((db, p) =>
  db
    .updateTable('message')
    .set((eb) => ({ replies: eb(eb.fn.coalesce('replies', eb.lit(0)), '+', 1) }))
    .where('owner', '=', p.owner)
    .where('id', '=', p.id),
)

/** The topic that a new message of a forum belongs to. */
export async function topicFor(tx: Tx, forum: ChannelRef, { reply }: NewMessage): Promise<number> {
  if (reply?.thread !== undefined) return reply.thread
  const to = reply?.to?.owner === forum.peer ? reply.to : undefined
  return to ? topicAt(tx, forum, to) : GENERAL
}

/** The thread that a new message belongs to where there are no topics; null where it answers nothing of that group. */
export function threadFor(channel: ChannelRef, { reply, action }: NewMessage): number | null {
  const { megagroup, monoforum } = channel.row
  if (!reply?.to || action || megagroup === 0 || monoforum === 1 || reply.to.owner !== channel.peer) return null
  return threadBegunBy(reply.to)
}

/** The topic that a message of a forum is in. */
export async function topicAt(ctx: Ctx, channel: ChannelRef, row: Pick<MessageRow, 'thread'>): Promise<number> {
  if (row.thread === null || row.thread === GENERAL) return GENERAL
  return (await topicRow(ctx, channel.id, row.thread)) ? row.thread : GENERAL
}

/** Whether a message is the one that a topic begins with. */
export const opensTopic = (content: NewMessage): boolean => content.action?._ === 'messageActionTopicCreate'

/** The thread of whoever answers this outside of forums: the message's own, or the one that it begins. */
export function threadBegunBy(to: Pick<MessageRow, 'id' | 'thread'>): number {
  return to.thread !== null && to.thread !== GENERAL ? to.thread : to.id
}

/**
 * Counts a message that has just been written in its thread, or puts it on top of its topic.
 * @throws TOPIC_DELETED, TOPIC_CLOSED
 */
export async function countInThread(tx: Tx, channel: ChannelRef, row: MessageRow): Promise<void> {
  if (row.thread === row.id) return
  const { forum } = channel.row
  // A topic stays one while the group has none to show.
  if (everForum(channel.row) && (await raiseTopic(tx, channel, row.thread!, row, forum === 1 && row.action === null))) {
    return
  }
  if (forum === 0) await tx.run(countUp, { owner: row.owner, id: row.thread! })
}

/** The topic that a message is in, as its header tells it; undefined in the general one, and outside of forums. */
export function topicOf(row: MessageRow): number | undefined {
  if (row.thread === null || row.thread === GENERAL) return undefined
  if (row.thread === row.id) return row.thread
  const header = row.reply ? (readObject(row.reply) as tl.MessageReplyHeader) : undefined
  return header?._ === 'messageReplyHeader' && header.forumTopic ? row.thread : undefined
}

/** The condition that a message of one box is in a thread, for queries that find it by nothing else. */
export function inThreadOf(d: Dialect, thread: unknown) {
  return d.rarely(sql<SqlBool>`message.thread = ${thread}`)
}

/**
 * The condition that a message is in a thread, for queries that find few messages by other means. What is in no topic
 * of a forum is general, also what was said before it was one.
 */
export function inThread(channel: Place, thread: number) {
  if (thread !== GENERAL || !everForum(channel.row)) return sql<SqlBool>`message.thread = ${thread}`
  return sql<SqlBool>`(message.thread = 1 or (${beforeTopics(channel)}))`
}

/**
 * The condition that a message was said in the thread or topic that a client names, for queries of one dialog;
 * undefined where it names none.
 */
export function ofThread(at: PeerRef, topMsgId: number | undefined) {
  if (!topMsgId || at.kind === 'chat') return undefined
  if (topMsgId === GENERAL && at.kind === 'channel') return inThread(at, topMsgId)
  return sql<SqlBool>`message.thread = ${topMsgId} and message.id <> ${topMsgId}`
}

/**
 * The condition that message `x` of channel `c` is in no topic that an account has read up to there: what is unread of
 * a forum is what is unread of its topics. Of other channels nothing is looked for.
 * @param owner the account: a reference or a parameter
 */
export function notReadInTopic(owner: unknown) {
  return sql<SqlBool>`(c.forum = 0 or not exists (
    select 1 from thread_state s where s.owner = ${owner} and s.peer = x.owner and s.read_inbox >= x.id and (
      s.thread = coalesce(x.thread, 1) or (s.thread = 1 and x.id <= c.forum_since and not exists (
        select 1 from forum_topic t where t.channel_id = c.id and t.id = x.thread)))))`
}

/** What was said in a forum while it was none, and does not belong to a topic. */
export function beforeTopics(channel: Place) {
  const topics = sql`select id from forum_topic where channel_id = ${channel.id}`
  return sql<SqlBool>`message.id <= ${channel.row.forum_since} and (message.thread is null or (message.thread <> 1 and message.thread not in (${topics})))`
}
