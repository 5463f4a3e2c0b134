import type { Ctx } from '../rpc/context.ts'
import { messagePages } from './message-pages.ts'
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
  return messagePages(() => inTopic(ctx, owner, topic).selectAll(), page)
}
