import { sql } from 'kysely'
import { boxOf, type PeerRef } from '../../domain/access.ts'
import { messagePages } from '../../domain/message-pages.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import type { Page, PageSource } from '../../domain/pagination.ts'
import { UNSEEN } from '../../domain/reactions.ts'
import { ofThread } from '../../domain/threads.ts'
import type { Ctx } from '../../rpc/context.ts'

/** Messages with the caller's own polls in which somebody voted since they last looked. */
export function withUnreadVotes(ctx: Ctx, at: PeerRef, topMsgId: number | undefined) {
  const box = boxOf(ctx, at)
  const thread = ofThread(at, topMsgId)
  return ctx.db
    .selectFrom('message')
    .where('owner', '=', box)
    .where(ctx.app.store.d.rarely(sql`peer = ${at.peer}`))
    .where('unseen', '>', 0)
    .where(sql<boolean>`(unseen & ${sql.lit(UNSEEN.votes)}) <> 0`)
    .$if(box < 0, (q) => q.where('sender', '=', ctx.userId))
    .$if(thread !== undefined, (q) => q.where(thread!))
}

export function unreadSource(
  ctx: Ctx,
  at: PeerRef,
  page: Page & { topMsgId?: number | undefined },
): PageSource<MessageRow> {
  return messagePages(() => withUnreadVotes(ctx, at, page.topMsgId).selectAll(), page)
}

export async function countUnreadVotes(ctx: Ctx, at: PeerRef, topMsgId: number | undefined): Promise<number> {
  const { count } = await withUnreadVotes(ctx, at, topMsgId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}
