import type { Ctx } from '../rpc/context.ts'
import type { MessageRow } from './message-rows.ts'
import type { Page, PageSource } from './pagination.ts'

/**
 * Messages of one topic: what was saved from one chat in the owner's saved messages, the direct messages with one person
 * in a channel's monoforum (whose marked id is the owner then).
 */
export function inTopic(ctx: Ctx, owner: number, topic: number) {
  return ctx.db.selectFrom('message').where('owner', '=', owner).where('saved_peer', '=', topic)
}

/** The same, as pages are read of it. */
export function topicSource(ctx: Ctx, owner: number, topic: number, page: Page): PageSource<MessageRow> {
  const all = () => inTopic(ctx, owner, topic).selectAll()
  const { offsetId, offsetDate = 0 } = page
  const byDate = offsetId <= 0 && offsetDate > 0
  return {
    older: (skip, limit) =>
      all()
        .$if(offsetId > 0, (q) => q.where('id', '<', offsetId))
        .$if(byDate, (q) => q.where('date', '<', offsetDate))
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(skip)
        .execute(),
    newer: (skip, limit) =>
      all()
        .$if(!byDate, (q) => q.where('id', '>=', offsetId))
        .$if(byDate, (q) => q.where('date', '>=', offsetDate))
        .orderBy('id')
        .limit(limit)
        .offset(skip)
        .execute(),
  }
}
