import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import type { MessageRef } from './access.ts'

/** What one view or listen counts at most: what a client says of itself may be anything. */
const LONGEST_MS = 3_600_000
const LONGEST_S = 86_400

const addRead = query<{ owner: number; id: number; shown: number; active: number; seen: number }>()((db, p) =>
  db
    .insertInto('read_metric')
    .values({ owner: p.owner, message_id: p.id, views: 1, shown_ms: p.shown, active_ms: p.active, seen: p.seen })
    .onConflict((c) =>
      c.columns(['owner', 'message_id']).doUpdateSet((eb) => ({
        views: eb('read_metric.views', '+', 1),
        shown_ms: eb('read_metric.shown_ms', '+', p.shown),
        active_ms: eb('read_metric.active_ms', '+', p.active),
        seen: eb('read_metric.seen', '+', p.seen),
      })),
    ),
)
const addListen = query<{ id: number; seconds: number }>()((db, p) =>
  db
    .insertInto('music_listen')
    .values({ document_id: p.id, listens: 1, seconds: p.seconds })
    .onConflict((c) =>
      c.column('document_id').doUpdateSet((eb) => ({
        listens: eb('music_listen.listens', '+', 1),
        seconds: eb('music_listen.seconds', '+', p.seconds),
      })),
    ),
)

const within = (value: number, most: number): number => Math.min(Math.max(Math.trunc(value), 0), most)

/** Counts how a channel's posts were read. https://core.telegram.org/method/messages.reportReadMetrics */
export async function countReading(
  tx: Tx,
  posts: readonly MessageRef[],
  metrics: readonly tl.InputMessageReadMetric[],
): Promise<void> {
  const there = new Map(posts.map((post) => [post.id, post]))
  const views = new Set<string>()
  // In one order for everybody, so that two who report the same posts do not wait for each other.
  for (const metric of metrics.toSorted((a, b) => a.msgId - b.msgId)) {
    const post = there.get(metric.msgId)
    const view = `${metric.msgId} ${metric.viewId}`
    if (!post || views.has(view)) continue
    views.add(view)
    const shown = within(metric.timeInViewMs, LONGEST_MS)
    const active = Math.min(within(metric.activeTimeInViewMs, LONGEST_MS), shown)
    const seen = within(metric.seenRangeRatioPermille, 1000)
    await tx.run(addRead, { owner: post.owner, id: post.id, shown, active, seen })
  }
}

/** Counts that a piece of music was listened to, so many seconds of it. */
export async function countListening(tx: Tx, document: number, seconds: number): Promise<void> {
  await tx.run(addListen, { id: document, seconds: within(seconds, LONGEST_S) })
}

/** What was read longest and listened to most, for the operator. */
export async function mostUsed(ctx: Ctx, limit: number) {
  const posts = await ctx.db.selectFrom('read_metric').selectAll().orderBy('shown_ms', 'desc').limit(limit).execute()
  const music = await ctx.db.selectFrom('music_listen').selectAll().orderBy('seconds', 'desc').limit(limit).execute()
  return { posts, music }
}
