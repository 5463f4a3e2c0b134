import type { MessageRow } from '../../domain/message-rows.ts'
import type { Page, PageSource } from '../../domain/pagination.ts'
import { bareId, kindOf } from '../../domain/peers.ts'
import type { Ctx } from '../../rpc/context.ts'

/** The caller's mentions in one dialog that they have not seen. https://core.telegram.org/api/mentions */
export function unseenMentions(ctx: Ctx, peer: number) {
  return ctx.db
    .selectFrom('message')
    .where('owner', '=', kindOf(peer) === 'channel' ? peer : ctx.userId)
    .where('peer', '=', peer)
    .where('mentioned', '=', 1)
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
