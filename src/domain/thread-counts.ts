import { sql } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import { channelRow } from './channel-rows.ts'
import { settleComments } from './comments.ts'
import type { MessageRow } from './message-rows.ts'
import { bareId } from './peers.ts'
import { beforeTopics, inThreadOf, type Place } from './threads.ts'
import { everForum, GENERAL, topicRows } from './topics.ts'

const newest = query<{ owner: number; thread: number }>()((db, p, d) =>
  db
    .selectFrom('message')
    .select(['id', 'date'])
    .where('owner', '=', p.owner)
    .where(inThreadOf(d, p.thread))
    .orderBy('id', 'desc')
    .limit(1),
)
const unread = query<{ owner: number; thread: number; after: number; user: number }>()((db, p, d) =>
  db
    .selectFrom('message')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', p.owner)
    .where(inThreadOf(d, p.thread))
    .where('id', '>', p.after)
    .where('sender', '<>', p.user),
)
const countDown = query<{ owner: number; id: number; by: number }>()((db, p, d) =>
  db
    .updateTable('message')
    .set({ replies: d.greatest<number>(sql`coalesce(replies, 0) - ${p.by}`, sql.lit(0)) })
    .where('owner', '=', p.owner)
    .where('id', '=', p.id),
)
const fewer = query<{ channel: number; id: number; by: number }>()((db, p) =>
  db
    .updateTable('forum_topic')
    .set((eb) => ({ messages: eb('messages', '-', p.by) }))
    .where('channel_id', '=', p.channel)
    .where('id', '=', p.id)
    .returning('id'),
)
const setTop = query<{ channel: number; id: number; top: number; date: number }>()((db, p) =>
  db
    .updateTable('forum_topic')
    .set({ top_message: p.top, top_date: p.date })
    .where('channel_id', '=', p.channel)
    .where('id', '=', p.id),
)

/** The newest message of a thread or topic; undefined where there is none. */
export async function newestIn(
  ctx: Ctx,
  channel: Place,
  thread: number,
): Promise<{ id: number; date: number } | undefined> {
  const [own] = await ctx.run(newest, { owner: channel.peer, thread })
  if (thread !== GENERAL || channel.row.forum_since === 0) return own
  const before = await ctx.db
    .selectFrom('message')
    .select(['id', 'date'])
    .where('owner', '=', channel.peer)
    .where('peer', '=', channel.peer)
    .where(beforeTopics(channel))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return own && (!before || own.id > before.id) ? own : before
}

/** What others said in a thread or topic after an id. */
export async function unreadInThread(ctx: Ctx, channel: Place, thread: number, after: number): Promise<number> {
  const [own] = await ctx.run(unread, { owner: channel.peer, thread, after, user: ctx.viewer })
  if (thread !== GENERAL || after >= channel.row.forum_since) return own!.count
  const before = await ctx.db
    .selectFrom('message')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', channel.peer)
    .where('peer', '=', channel.peer)
    .where('id', '>', after)
    .where('sender', '<>', ctx.viewer)
    .where(beforeTopics(channel))
    .executeTakeFirstOrThrow()
  return own!.count + before.count
}

/** Brings threads, topics and comments up to messages that were deleted out of a channel. */
export async function settleThreads(tx: Tx, owner: number, gone: readonly MessageRow[]): Promise<void> {
  await settleComments(tx, owner, gone)
  const row = await channelRow(tx, bareId(owner))
  if (!row) return
  const byThread = Map.groupBy(gone, (one) => one.thread ?? GENERAL)
  const topics = everForum(row) ? await topicRows(tx, row.id, [...byThread.keys(), GENERAL]) : new Map()
  for (const [thread, own] of byThread) {
    if (everForum(row) && (await tx.run(fewer, { channel: row.id, id: thread, by: own.length })).length > 0) continue
    const answers = own.filter((one) => one.thread !== null && one.thread !== one.id)
    if (answers.length > 0) await tx.run(countDown, { owner, id: thread, by: answers.length })
  }
  const ids = new Set(gone.map((one) => one.id))
  for (const topic of topics.values()) {
    if (!ids.has(topic.top_message)) continue
    const top = await newestIn(tx, { id: row.id, peer: owner, row }, topic.id)
    await tx.run(setTop, { channel: row.id, id: topic.id, top: top?.id ?? 0, date: top?.date ?? topic.top_date })
  }
}
