import { sql } from 'kysely'
import type { MessageRow } from '../../domain/message-rows.ts'
import type { Page, PageSource } from '../../domain/pagination.ts'
import { UNSEEN } from '../../domain/reactions.ts'
import type { Ctx } from '../../rpc/context.ts'

/** The caller's own messages in a dialog with reactions they have not seen. */
export function withUnread(ctx: Ctx, box: number, peer: number, thread: number | undefined) {
  return ctx.db
    .selectFrom('message')
    .where('owner', '=', box)
    .where('peer', '=', peer)
    .where('unseen', '>', 0)
    .where(sql<boolean>`(unseen & ${sql.lit(UNSEEN.reactions)}) <> 0`)
    .$if(box < 0, (q) => q.where('sender', '=', ctx.userId))
    .$if(thread !== undefined, (q) => q.where('thread', '=', thread!))
}

export function unreadSource(
  ctx: Ctx,
  box: number,
  peer: number,
  page: Page & { topMsgId?: number | undefined },
): PageSource<MessageRow> {
  const all = () => withUnread(ctx, box, peer, page.topMsgId).selectAll()
  return {
    older: (skip, limit) =>
      all()
        .$if(page.offsetId > 0, (q) => q.where('id', '<', page.offsetId))
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(skip)
        .execute(),
    newer: (limit) => all().where('id', '>=', page.offsetId).orderBy('id').limit(limit).execute(),
  }
}
