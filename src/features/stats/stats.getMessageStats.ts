import { access } from '../../domain/access.ts'
import { method } from '../../rpc/method.ts'
import { graphNow } from './graphs.ts'
import { statsOf } from './rights.ts'

export default method(
  'stats.getMessageStats',
  async (ctx, req) => {
    const around = await statsOf(ctx, req.channel)
    const { id } = await access.message(ctx, around.channel, req.msgId)
    const dark = req.dark === true
    return {
      _: 'stats.messageStats',
      viewsGraph: await graphNow(around, 'postViews', dark, id),
      reactionsByEmotionGraph: await graphNow(around, 'postReactions', dark, id),
    }
  },
  { flood: 'read' },
)
