import { type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { ChannelRef } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { complete } from '../../domain/complete.ts'
import { messageRows } from '../../domain/message-rows.ts'
import { viewTopics } from '../../domain/topic-view.ts'
import { type TopicRow, topicRow } from '../../domain/topics.ts'
import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { boxState } from '../../updates/log.ts'

/** Which part of a forum's topics a client asks for: what comes after the one it names. */
export interface TopicPage {
  offsetDate: number
  offsetId: number
  offsetTopic: number
  limit: number
}

/** The condition that a topic's title has these letters (in lower case) in it. */
export function titled(q: string) {
  return sql<SqlBool>`found_by like ${`%${q.replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`
}

/** A forum's topics, or those whose title has these letters (in lower case) in it. */
function listed(ctx: Ctx, forum: ChannelRef, q: string) {
  return ctx.db
    .selectFrom('forum_topic')
    .where('channel_id', '=', forum.id)
    .where('deleted', '=', 0)
    .$if(q !== '', (query) => query.where(titled(q)))
}

export async function countTopics(ctx: Ctx, forum: ChannelRef, q: string): Promise<number> {
  const { count } = await listed(ctx, forum, q)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/** A page of a forum's topics, as pageOf says. */
export async function topicsPage(ctx: Ctx, forum: ChannelRef, q: string, page: TopicPage): Promise<TopicRow[]> {
  const after = page.offsetTopic > 0 ? await topicRow(ctx, forum.id, page.offsetTopic) : undefined
  return pageOf(() => listed(ctx, forum, q).selectAll(), after, page)
}

/**
 * A page of topics: the pinned ones in their order, then those with the newest messages.
 * @param after the topic that the client names
 */
export async function pageOf<Row>(
  listed: () => SelectQueryBuilder<any, any, Row>,
  after: { pinned: number; top_date: number; top_message: number } | undefined,
  page: TopicPage,
): Promise<Row[]> {
  const { offsetDate, offsetId, offsetTopic, limit } = page
  const first = offsetTopic <= 0 && offsetDate <= 0 && offsetId <= 0
  const rows: Row[] = []
  if (first || (after && after.pinned > 0)) {
    rows.push(
      ...(await listed()
        .where('pinned', '>', 0)
        .$if(after !== undefined, (query) => query.where('pinned', '<', after!.pinned))
        .orderBy('pinned', 'desc')
        .limit(limit)
        .execute()),
    )
  }
  if (rows.length >= limit) return rows
  const from = first || (after && after.pinned > 0) ? undefined : { after, offsetDate, offsetId, offsetTopic }
  const date = from && (from.offsetDate > 0 ? from.offsetDate : (from.after?.top_date ?? 0))
  const top = from && (from.offsetId > 0 ? from.offsetId : (from.after?.top_message ?? 0))
  const rest = await listed()
    .where('pinned', '=', 0)
    .$if(date !== undefined, (query) =>
      query.where(sql<SqlBool>`(top_date, top_message, id) < (${date!}, ${top!}, ${offsetTopic})`),
    )
    .orderBy('top_date', 'desc')
    .orderBy('top_message', 'desc')
    .orderBy('id', 'desc')
    .limit(limit - rows.length)
    .execute()
  return [...rows, ...rest]
}

/** Topics as an answer, with the newest message of each. https://core.telegram.org/constructor/messages.forumTopics */
export async function answerTopics(
  ctx: Ctx,
  forum: ChannelRef,
  rows: readonly TopicRow[],
  count: number,
): Promise<tl.messages_forumTopics> {
  return withNewest(ctx, forum.peer, rows, count, await viewTopics(ctx, forum, rows))
}

/** The same of topics whose messages are in any box. */
export async function withNewest(
  ctx: Ctx,
  box: number,
  rows: readonly { top_message: number }[],
  count: number,
  topics: tl.ForumTopic[],
): Promise<tl.messages_forumTopics> {
  const tops = await messageRows(ctx, box, [...new Set(rows.map((row) => row.top_message))])
  const { pts } = await boxState(ctx, box)
  return complete<tl.messages_forumTopics>(ctx, {
    _: 'messages.forumTopics',
    count,
    topics,
    messages: await viewMessages(ctx, tops),
    chats: [],
    users: [],
    pts,
  })
}
