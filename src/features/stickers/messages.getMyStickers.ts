import { method } from '../../rpc/method.ts'
import { viewPage } from './lists.ts'

/** Sets that one account has made and that are listed. */
const MOST = 10_000

export default method(
  'messages.getMyStickers',
  async (ctx, req) => {
    const rows = await ctx.db
      .selectFrom('sticker_set')
      .selectAll()
      .where((eb) => eb.or([eb('owner', '=', ctx.userId), eb('bot', '=', ctx.userId)]))
      .orderBy('date', 'desc')
      .orderBy('id', 'desc')
      .limit(MOST)
      .execute()
    return { _: 'messages.myStickers', ...(await viewPage(ctx, rows, req)) }
  },
  { flood: 'read' },
)
