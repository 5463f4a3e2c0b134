import { access } from '../../domain/access.ts'
import { viewChats } from '../../domain/chats.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

const MOST = 100

export default method(
  'messages.getCommonChats',
  async (ctx, req) => {
    const user = await access.user(ctx, req.userId)
    if (user.self) throw new RpcError('USER_ID_INVALID')
    const rows = await ctx.db
      .selectFrom('chat_member as mine')
      .innerJoin('chat_member as theirs', (j) => j.onRef('theirs.chat_id', '=', 'mine.chat_id'))
      .innerJoin('chat', 'chat.id', 'mine.chat_id')
      .select('mine.chat_id')
      .where('mine.user_id', '=', ctx.userId)
      .where('theirs.user_id', '=', user.id)
      .where('mine.gone', '=', 0)
      .where('theirs.gone', '=', 0)
      .where('chat.deactivated', '=', 0)
      .$if(req.maxId > 0, (q) => q.where('mine.chat_id', '<', req.maxId))
      .orderBy('mine.chat_id', 'desc')
      .limit(Math.max(1, Math.min(req.limit, MOST)))
      .execute()
    return { _: 'messages.chats', chats: await viewChats(ctx, rows.map((r) => r.chat_id)) }
  },
  { flood: 'read' },
)
