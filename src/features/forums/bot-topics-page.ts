import type { BotForum, BotTopicRow } from '../../domain/bot-forums.ts'
import { botTopic } from '../../domain/bot-forums.ts'
import { viewBotTopics } from '../../domain/bot-topic-states.ts'
import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { pageOf, type TopicPage, titled, withNewest } from './topics-page.ts'

/** A page of the topics that the caller has in the chat with a bot, or a bot in the chat with somebody. */
export async function botTopicsPage(
  ctx: Ctx,
  forum: BotForum,
  q: string,
  page: TopicPage,
): Promise<tl.messages_forumTopics> {
  const listed = () =>
    ctx.db
      .selectFrom('bot_topic')
      .where('owner', '=', ctx.userId)
      .where('peer', '=', forum.peer)
      .where('deleted', '=', 0)
      .$if(q !== '', (query) => query.where(titled(q)))
  const after = page.offsetTopic > 0 ? await botTopic(ctx, forum, page.offsetTopic) : undefined
  const rows = await pageOf(() => listed().selectAll(), after, page)
  const { count } = await listed()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return answerBotTopics(ctx, forum, rows, count)
}

/** Topics of one chat as an answer, with the newest message of each. */
export async function answerBotTopics(
  ctx: Ctx,
  forum: BotForum,
  rows: readonly BotTopicRow[],
  count: number,
): Promise<tl.messages_forumTopics> {
  return withNewest(ctx, ctx.userId, rows, count, await viewBotTopics(ctx, forum, rows))
}
