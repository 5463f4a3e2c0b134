import type { MessageRow } from '../../domain/message-rows.ts'
import type { Page, PageSource } from '../../domain/pagination.ts'
import type { Ctx } from '../../rpc/context.ts'

/** The caller's saved messages from one chat. */
export function savedFrom(ctx: Ctx, peer: number) {
  return ctx.db.selectFrom('message').where('owner', '=', ctx.userId).where('saved_peer', '=', peer)
}

export function savedSource(ctx: Ctx, peer: number, page: Page): PageSource<MessageRow> {
  const all = () => savedFrom(ctx, peer).selectAll()
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
    newer: (limit) =>
      all()
        .$if(!byDate, (q) => q.where('id', '>=', offsetId))
        .$if(byDate, (q) => q.where('date', '>=', offsetDate))
        .orderBy('id')
        .limit(limit)
        .execute(),
  }
}
