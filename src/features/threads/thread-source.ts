import { firstVisible } from '../../domain/access.ts'
import type { BotTopicRow } from '../../domain/bot-forums.ts'
import { messagePages } from '../../domain/message-pages.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import type { Page, PageSource } from '../../domain/pagination.ts'
import { beforeTopics, inThreadOf } from '../../domain/threads.ts'
import { GENERAL } from '../../domain/topics.ts'
import type { Ctx } from '../../rpc/context.ts'
import type { Thread } from './find-thread.ts'

type Read = (skip: number, limit: number) => Promise<MessageRow[]>

/** A thread's messages, as pages are read of them, without the one it begins with. */
export function threadSource(ctx: Ctx, thread: Thread, page: Page): PageSource<MessageRow> {
  const { group, root } = thread
  const own = source(ctx, thread, page, false)
  if (root !== GENERAL || group.row.forum_since === 0) return own
  // A forum's general topic is also what was said when it was none: two lists to be read as one.
  const before = source(ctx, thread, page, true)
  return {
    older: joined(own.older, before.older, (a, b) => b.id - a.id),
    newer: joined(own.newer, before.newer, (a, b) => a.id - b.id),
  }
}

/** The same of a topic in a bot's chat, as its owner has it. */
export function botTopicSource(ctx: Ctx, { owner, id }: BotTopicRow, page: Page): PageSource<MessageRow> {
  const said = () => ctx.db.selectFrom('message').selectAll().where('owner', '=', owner).where('id', '>', id)
  return messagePages(() => said().where(inThreadOf(ctx.app.store.d, id)), page)
}

function joined(one: Read, other: Read, order: (a: MessageRow, b: MessageRow) => number): Read {
  return async (skip, limit) => {
    const rows = [...(await one(0, skip + limit)), ...(await other(0, skip + limit))]
    return rows.sort(order).slice(skip, skip + limit)
  }
}

function source(ctx: Ctx, thread: Thread, page: Page, before: boolean): PageSource<MessageRow> {
  const { group, root } = thread
  const first = Math.max(firstVisible(group), root === GENERAL ? 1 : root + 1)
  const all = () => {
    const rows = ctx.db.selectFrom('message').selectAll().where('owner', '=', group.peer).where('id', '>=', first)
    return before
      ? rows.where('peer', '=', group.peer).where(beforeTopics(group))
      : rows.where(inThreadOf(ctx.app.store.d, root))
  }
  return messagePages(all, page)
}
