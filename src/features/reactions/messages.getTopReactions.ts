import { pageLimit } from '../../domain/pagination.ts'
import { STANDARD_REACTIONS } from '../../domain/standard-reactions.ts'
import { method } from '../../rpc/method.ts'
import { answerReactions } from './lists.ts'

export default method(
  'messages.getTopReactions',
  async (ctx, req) => {
    const used = await ctx.db
      .selectFrom('reaction_use')
      .select('reaction')
      .where('owner', '=', ctx.userId)
      .orderBy('uses', 'desc')
      .orderBy('reaction')
      .limit(pageLimit(req.limit))
      .execute()
    // Those who have not reacted to much yet are offered what there is.
    const keys = new Set([...used.map((u) => u.reaction), ...STANDARD_REACTIONS.map(([emoji]) => emoji)])
    return answerReactions([...keys].slice(0, pageLimit(req.limit)), req.hash)
  },
  { flood: 'read' },
)
