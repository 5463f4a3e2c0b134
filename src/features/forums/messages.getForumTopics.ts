import { pageLimit } from '../../domain/pagination.ts'
import { forumOf } from '../../domain/topics.ts'
import { method } from '../../rpc/method.ts'
import { botTopicsPage } from './bot-topics-page.ts'
import { answerTopics, countTopics, topicsPage } from './topics-page.ts'

export default method(
  'messages.getForumTopics',
  async (ctx, req) => {
    const forum = await forumOf(ctx, req.peer)
    const limit = pageLimit(req.limit)
    const q = req.q?.trim().toLowerCase() ?? ''
    if (forum.kind === 'bot') return botTopicsPage(ctx, forum, q, { ...req, limit })
    const rows = await topicsPage(ctx, forum, q, { ...req, limit })
    return answerTopics(ctx, forum, rows, await countTopics(ctx, forum, q))
  },
  { flood: 'read' },
)
