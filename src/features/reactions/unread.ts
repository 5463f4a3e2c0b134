import { sql } from 'kysely'
import { boxOf, type PeerRef } from '../../domain/access.ts'
import { messagePages } from '../../domain/message-pages.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import type { Page, PageSource } from '../../domain/pagination.ts'
import { UNSEEN } from '../../domain/reactions.ts'
import { ofThread } from '../../domain/threads.ts'
import type { Ctx } from '../../rpc/context.ts'

/** The caller's own messages in a dialog with reactions they have not seen. */
export function withUnread(ctx: Ctx, at: PeerRef, topMsgId: number | undefined, savedPeer?: number) {
  const box = boxOf(ctx, at)
  const thread = ofThread(at, topMsgId)
  return ctx.db
    .selectFrom('message')
    .where('owner', '=', box)
    .where(ctx.app.store.d.rarely(sql`peer = ${at.peer}`))
    .where('unseen', '>', 0)
    .where(sql<boolean>`(unseen & ${sql.lit(UNSEEN.reactions)}) <> 0`)
    .$if(box < 0, (q) => q.where('sender', '=', ctx.userId))
    .$if(savedPeer !== undefined, (q) => q.where('saved_peer', '=', savedPeer!))
    .$if(thread !== undefined, (q) => q.where(thread!))
}

export function unreadSource(
  ctx: Ctx,
  at: PeerRef,
  page: Page & { topMsgId?: number | undefined },
  savedPeer?: number,
): PageSource<MessageRow> {
  return messagePages(() => withUnread(ctx, at, page.topMsgId, savedPeer).selectAll(), page)
}

export async function countUnread(
  ctx: Ctx,
  at: PeerRef,
  topMsgId: number | undefined,
  savedPeer?: number,
): Promise<number> {
  const { count } = await withUnread(ctx, at, topMsgId, savedPeer)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}
