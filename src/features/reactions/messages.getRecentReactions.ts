import { pageLimit } from '../../domain/pagination.ts'
import { method } from '../../rpc/method.ts'
import { answerReactions } from './lists.ts'

export default method(
  'messages.getRecentReactions',
  async (ctx, req) => {
    const recent = await ctx.db
      .selectFrom('reaction_use')
      .select('reaction')
      .where('owner', '=', ctx.userId)
      .where('recent_ms', '>', 0)
      .orderBy('recent_ms', 'desc')
      .orderBy('reaction')
      .limit(pageLimit(req.limit))
      .execute()
    return answerReactions(
      recent.map((r) => r.reaction),
      req.hash,
    )
  },
  { flood: 'read' },
)
