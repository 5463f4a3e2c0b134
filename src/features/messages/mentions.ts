import type { MessageRow } from '../../domain/message-rows.ts'
import type { Page, PageSource } from '../../domain/pagination.ts'
import type { Ctx } from '../../rpc/context.ts'

/** The caller's mentions in one dialog that they have not seen. https://core.telegram.org/api/mentions */
export function unseenMentions(ctx: Ctx, peer: number) {
  return ctx.db
    .selectFrom('message')
    .where('owner', '=', ctx.userId)
    .where('peer', '=', peer)
    .where('mentioned', '=', 1)
    .where('media_unread', '=', 1)
}

export function mentionSource(ctx: Ctx, peer: number, page: Page): PageSource<MessageRow> {
  const all = () => unseenMentions(ctx, peer).selectAll()
  return {
    older: (skip, limit) =>
      all()
        .$if(page.offsetId > 0, (q) => q.where('id', '<', page.offsetId))
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(skip)
        .execute(),
    newer: (skip, limit) => all().where('id', '>=', page.offsetId).orderBy('id').limit(limit).offset(skip).execute(),
  }
}
