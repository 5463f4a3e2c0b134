import type { ChannelRef } from '../../domain/access.ts'
import { type BotForum, botTopics } from '../../domain/bot-forums.ts'
import { forumOf, topicRows } from '../../domain/topics.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { answerBotTopics } from './bot-topics-page.ts'
import { answerTopics } from './topics-page.ts'

/** Topics in one call. */
const MOST = 100

export default method(
  'messages.getForumTopicsByID',
  async (ctx, req) => {
    if (req.topics.length === 0) throw new RpcError('TOPICS_EMPTY')
    if (req.topics.length > MOST) throw new RpcError('LIMIT_INVALID')
    const forum = await forumOf(ctx, req.peer)
    const ids = [...new Set(req.topics)]
    const answer = await named(ctx, forum, ids)
    const views = new Map(answer.topics.map((topic) => [topic.id, topic]))
    answer.topics = ids.map((id): tl.ForumTopic => views.get(id) ?? { _: 'forumTopicDeleted', id })
    return answer
  },
  { flood: 'read' },
)

async function named(ctx: Ctx, forum: ChannelRef | BotForum, ids: readonly number[]): Promise<tl.messages_forumTopics> {
  if (forum.kind === 'bot') {
    const rows = await botTopics(ctx, ctx.userId, ids)
    const there = ids.flatMap((id) => rows.get(id) ?? []).filter((row) => row.peer === forum.peer)
    return answerBotTopics(ctx, forum, there, ids.length)
  }
  const rows = await topicRows(ctx, forum.id, ids)
  const there = ids.flatMap((id) => rows.get(id) ?? [])
  return answerTopics(ctx, forum, there, ids.length)
}
