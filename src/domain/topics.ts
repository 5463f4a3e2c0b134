import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { type ErrorName, RpcError } from '../rpc/errors.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { access, type ChannelRef, type PeerRef } from './access.ts'
import { type BotForum, botForum, botTopic } from './bot-forums.ts'
import { hasRight, isIn } from './channel-rights.ts'
import type { ChannelRow } from './channel-rows.ts'

export type TopicRow = Selectable<Tables['forum_topic']>

/** The topic that every forum has: what is said in no other. https://core.telegram.org/api/forum#forum-topics */
export const GENERAL = 1

/** What a topic's icon can be coloured with; the first one where a client chooses none. */
export const ICON_COLORS = [0x6fb9f0, 0xffd67e, 0xcb86db, 0x8eee98, 0xff93b2, 0xfb6f5f] as const

const byId = query<{ channel: number; id: number }>()((db, p) =>
  db
    .selectFrom('forum_topic')
    .selectAll()
    .where('channel_id', '=', p.channel)
    .where('id', '=', p.id)
    .where('deleted', '=', 0),
)
const byIds = query<{ channel: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('forum_topic')
    .selectAll()
    .where('channel_id', '=', p.channel)
    .where('id', 'in', d.each(p.ids) as never)
    .where('deleted', '=', 0),
)
/** Locks the topic, too: it is not closed or deleted while somebody writes into it. */
const raise = query<{ channel: number; id: number; top: number; date: number }>()((db, p) =>
  db
    .updateTable('forum_topic')
    .set((eb) => ({ top_message: p.top, top_date: p.date, messages: eb('messages', '+', 1) }))
    .where('channel_id', '=', p.channel)
    .where('id', '=', p.id)
    .where('deleted', '=', 0)
    .returning(['closed', 'creator']),
)

export async function topicRow(ctx: Ctx, channelId: number, id: number): Promise<TopicRow | undefined> {
  const [row] = await ctx.run(byId, { channel: channelId, id })
  return row
}

/** Topics by their ids; those that are not there are missing. */
export async function topicRows(ctx: Ctx, channelId: number, ids: readonly number[]): Promise<Map<number, TopicRow>> {
  if (ids.length === 0) return new Map()
  return new Map((await ctx.run(byIds, { channel: channelId, ids })).map((row) => [row.id, row]))
}

/** Whether a supergroup has, or has had, topics. */
export const everForum = (row: Pick<ChannelRow, 'forum' | 'forum_since'>): boolean =>
  row.forum === 1 || row.forum_since > 0

/** A forum, or a bot's chat with topics, that the caller names: CHANNEL_INVALID, CHANNEL_FORUM_MISSING. */
export async function forumOf(ctx: Ctx, input: tl.InputPeer): Promise<ChannelRef | BotForum> {
  const peer = await access.peer(ctx, input)
  if (peer.kind === 'user') {
    const forum = await botForum(ctx, peer)
    if (!forum) throw new RpcError(peer.row.bot === 1 ? 'CHANNEL_FORUM_MISSING' : 'CHANNEL_INVALID')
    return forum
  }
  if (peer.kind !== 'channel') throw new RpcError('CHANNEL_INVALID')
  mustBeForum(peer)
  return peer
}

/** CHANNEL_FORUM_MISSING where a channel is no forum. */
export function mustBeForum(channel: ChannelRef): void {
  if (channel.row.forum === 0) throw new RpcError('CHANNEL_FORUM_MISSING')
}

/** A topic of a forum by its id: TOPIC_ID_INVALID, or what says that it is gone. */
export async function mustHaveTopic(
  ctx: Ctx,
  channel: ChannelRef,
  id: number,
  missing: ErrorName = 'TOPIC_ID_INVALID',
): Promise<TopicRow> {
  const row = await topicRow(ctx, channel.id, id)
  if (!row) throw new RpcError(missing)
  return row
}

/** A topic, also one that was deleted. */
export async function anyTopic(ctx: Ctx, channel: ChannelRef, id: number): Promise<TopicRow | undefined> {
  return ctx.db
    .selectFrom('forum_topic')
    .selectAll()
    .where('channel_id', '=', channel.id)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** A topic as it stands, kept from changing to the end of the transaction: TOPIC_ID_INVALID. */
export async function lockTopic(tx: Tx, channel: ChannelRef, id: number): Promise<TopicRow> {
  const row = await tx.trx
    .updateTable('forum_topic')
    .set((eb) => ({ closed: eb.ref('closed') }))
    .where('channel_id', '=', channel.id)
    .where('id', '=', id)
    .where('deleted', '=', 0)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new RpcError('TOPIC_ID_INVALID')
  return row
}

/** Changes a topic that has been locked. */
export async function setTopic(
  tx: Tx,
  channel: ChannelRef,
  id: number,
  set: Partial<Omit<TopicRow, 'channel_id' | 'id' | 'found_by'>>,
): Promise<TopicRow> {
  return tx.trx
    .updateTable('forum_topic')
    .set({ ...set, ...(set.title === undefined ? undefined : { found_by: set.title.toLowerCase() }) })
    .where('channel_id', '=', channel.id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Whether the viewer may change a topic: administrators with that right, and whoever opened it. */
export function mayEditTopic(ctx: Ctx, channel: ChannelRef, topic: Pick<TopicRow, 'creator' | 'id'>): boolean {
  if (hasRight(channel, 'manageTopics')) return true
  return topic.id !== GENERAL && topic.creator === ctx.viewer && isIn(channel.member)
}

/** Refuses to speak in a topic that is closed: TOPIC_CLOSED, but for those who could open it again. */
export function maySayInTopic(ctx: Ctx, channel: ChannelRef, topic: Pick<TopicRow, 'closed' | 'creator' | 'id'>): void {
  if (topic.closed === 1 && !mayEditTopic(ctx, channel, topic)) throw new RpcError('TOPIC_CLOSED')
}

/** Whether the viewer may not speak in the topic of that number any more; nothing but forums has topics. */
export async function isShut(ctx: Ctx, peer: PeerRef, id = GENERAL): Promise<boolean> {
  if (peer.kind === 'user' && id !== GENERAL) {
    const forum = await botForum(ctx, peer)
    return forum !== undefined && !(await botTopic(ctx, forum, id))
  }
  if (peer.kind !== 'channel' || peer.row.forum === 0) return false
  const topic = await topicRow(ctx, peer.id, id)
  return !topic || (topic.closed === 1 && !mayEditTopic(ctx, peer, topic))
}

/**
 * Puts the newest message of a topic on top of it.
 * @param checked what the server itself announces is said also where nobody else may speak
 * @throws TOPIC_DELETED, TOPIC_CLOSED
 */
export async function raiseTopic(
  tx: Tx,
  channel: ChannelRef,
  id: number,
  top: { id: number; date: number },
  checked: boolean,
): Promise<boolean> {
  const [row] = await tx.run(raise, { channel: channel.id, id, top: top.id, date: top.date })
  if (!row && checked) throw new RpcError('TOPIC_DELETED')
  if (row && checked) maySayInTopic(tx, channel, { ...row, id })
  return row !== undefined
}

/** How many messages a topic has: the general one those that are in no other. */
export async function countInTopic(ctx: Ctx, channel: ChannelRef, id: number): Promise<number> {
  const others = ctx.db.selectFrom('forum_topic').where('channel_id', '=', channel.id)
  if (id !== GENERAL) {
    const row = await others.select('messages').where('id', '=', id).executeTakeFirst()
    return row?.messages ?? 0
  }
  const { sum } = await others
    .select((eb) => eb.fn.sum<number | null>('messages').as('sum'))
    .where('id', '<>', GENERAL)
    .executeTakeFirstOrThrow()
  return Math.max(0, channel.row.messages - Number(sum ?? 0))
}

/** Opens a topic at the message that says so; once for each message. */
export async function insertTopic(
  tx: Tx,
  channelId: number,
  topic: Pick<TopicRow, 'id' | 'creator' | 'from_id' | 'date' | 'title' | 'icon_color'> & Partial<TopicRow>,
): Promise<void> {
  await tx.trx
    .insertInto('forum_topic')
    .values({
      channel_id: channelId,
      found_by: topic.title.toLowerCase(),
      top_message: topic.id,
      top_date: topic.date,
      ...topic,
    })
    .onConflict((c) => c.columns(['channel_id', 'id']).doNothing())
    .execute()
}

/** Gives a forum its general topic, with what has been said so far. */
export async function openGeneral(
  tx: Tx,
  channel: Pick<ChannelRow, 'id' | 'creator' | 'date'>,
  top: { id: number; date: number },
): Promise<void> {
  const { id, creator, date } = channel
  await insertTopic(tx, id, {
    ...{ id: GENERAL, creator, from_id: creator, date, title: 'General', icon_color: ICON_COLORS[0] },
    ...{ top_message: top.id, top_date: top.date },
  })
  await tx.run(raise, { channel: id, id: GENERAL, top: top.id, date: top.date })
}
