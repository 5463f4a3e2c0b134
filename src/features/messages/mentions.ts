import { sql } from 'kysely'
import type { PeerRef } from '../../domain/access.ts'
import { messagePages } from '../../domain/message-pages.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import type { Page, PageSource } from '../../domain/pagination.ts'
import { bareId, kindOf } from '../../domain/peers.ts'
import { ofThread } from '../../domain/threads.ts'
import type { Ctx } from '../../rpc/context.ts'

/** The caller's mentions in one dialog that they have not seen. https://core.telegram.org/api/mentions */
export function unseenMentions(ctx: Ctx, at: PeerRef, topMsgId?: number) {
  const { peer } = at
  const thread = ofThread(at, topMsgId)
  return ctx.db
    .selectFrom('message')
    .where('owner', '=', kindOf(peer) === 'channel' ? peer : ctx.userId)
    .where(kindOf(peer) === 'channel' ? sql<boolean>`peer = ${peer}` : ctx.app.store.d.rarely(sql`peer = ${peer}`))
    .where('mentioned', '=', 1)
    .$if(thread !== undefined, (q) => q.where(thread!))
    .$if(kindOf(peer) === 'channel', (q) =>
      q.where('id', 'in', (eb) =>
        eb
          .selectFrom('channel_mention as c')
          .select('c.message_id')
          .where('c.channel_id', '=', bareId(peer))
          .where('c.user_id', '=', ctx.userId)
          .where('c.seen', '=', 0),
      ),
    )
    .$if(kindOf(peer) !== 'channel', (q) => q.where('media_unread', '=', 1))
}

export function mentionSource(
  ctx: Ctx,
  at: PeerRef,
  page: Page & { topMsgId?: number | undefined },
): PageSource<MessageRow> {
  return messagePages(() => unseenMentions(ctx, at, page.topMsgId).selectAll(), page)
}

export async function countMentions(ctx: Ctx, at: PeerRef, topMsgId?: number): Promise<number> {
  const { count } = await unseenMentions(ctx, at, topMsgId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}
