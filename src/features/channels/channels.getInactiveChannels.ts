import { viewChannels } from '../../domain/channels.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Nothing was said for so long, seconds. */
const IDLE = 60 * 86_400
const MOST = 100

export default method(
  'channels.getInactiveChannels',
  async (ctx) => {
    const rows = await ctx.db
      .selectFrom('channel as c')
      .innerJoin('channel_member as m', 'm.channel_id', 'c.id')
      .select(['c.id', 'c.top_date'])
      .where('m.user_id', '=', ctx.userId)
      .where('m.state', '=', 0)
      .where('c.deleted', '=', 0)
      .where('c.monoforum', '=', 0)
      .where('c.top_date', '<', ctx.now - IDLE)
      .orderBy('c.top_date')
      .orderBy('c.id')
      .limit(MOST)
      .execute()
    const ids = rows.map((row) => row.id)
    const answer: tl.messages_inactiveChats = {
      _: 'messages.inactiveChats',
      dates: rows.map((row) => row.top_date),
      chats: await viewChannels(ctx, ids),
      users: [],
    }
    return answer
  },
  { flood: 'read' },
)
