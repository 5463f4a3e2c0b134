import { pageLimit } from '../../domain/pagination.ts'
import { forumOf } from '../../domain/topics.ts'
import { method } from '../../rpc/method.ts'
import { answerTopics, countTopics, topicsPage } from './topics-page.ts'

export default method(
  'messages.getForumTopics',
  async (ctx, req) => {
    const forum = await forumOf(ctx, req.peer)
    const q = req.q?.trim().toLowerCase() ?? ''
    const rows = await topicsPage(ctx, forum, q, { ...req, limit: pageLimit(req.limit) })
    return answerTopics(ctx, forum, rows, await countTopics(ctx, forum, q))
  },
  { flood: 'read' },
)
