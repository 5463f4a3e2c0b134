import type { ChannelRef } from '../../domain/access.ts'
import { logEvent } from '../../domain/channel-members.ts'
import { viewBareTopic } from '../../domain/topic-view.ts'
import { setTopic, type TopicRow } from '../../domain/topics.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'

/** `topics_pinned_limit` of the client configuration. */
export const PINNED = 5

/** A forum's pinned topics from the top, none of which changes to the end of the transaction. */
export async function pinnedTopics(tx: Tx, forum: ChannelRef): Promise<TopicRow[]> {
  const rows = await tx.trx
    .updateTable('forum_topic')
    .set((eb) => ({ pinned: eb.ref('pinned') }))
    .where('channel_id', '=', forum.id)
    .where('pinned', '>', 0)
    .where('deleted', '=', 0)
    .returningAll()
    .execute()
  return rows.sort((a, b) => b.pinned - a.pinned)
}

/** Puts a topic on top of the pinned ones, or takes it from there, and notes it. PINNED_TOO_MUCH. */
export async function pinTopic(tx: Tx, forum: ChannelRef, topic: TopicRow, pinned: boolean): Promise<void> {
  const others = await pinnedTopics(tx, forum)
  if (pinned && others.length >= PINNED) throw new RpcError('PINNED_TOO_MUCH')
  const after = await setTopic(tx, forum, topic.id, { pinned: pinned ? (others[0]?.pinned ?? 0) + 1 : 0 })
  const view = viewBareTopic(forum, after)
  const told = pinned ? { newTopic: view } : { prevTopic: viewBareTopic(forum, topic) }
  await logEvent(tx, forum.id, 'forums', { _: 'channelAdminLogEventActionPinTopic', ...told }, topic.title)
}

/**
 * Pinned topics in the order that a client wants: what is pinned and not named keeps its place below, unless the client
 * means all there are. PINNED_TOO_MUCH.
 */
export function orderOf(named: readonly number[], before: readonly number[], force: boolean): number[] {
  const wanted = [...new Set(named)]
  const order = [...wanted, ...(force ? [] : before.filter((id) => !wanted.includes(id)))]
  if (order.length > PINNED) throw new RpcError('PINNED_TOO_MUCH')
  return order
}
