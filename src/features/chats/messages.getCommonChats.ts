import { access } from '../../domain/access.ts'
import { viewChannels } from '../../domain/channels.ts'
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
    const channels = await ctx.db
      .selectFrom('channel_member as mine')
      .innerJoin('channel_member as theirs', (j) => j.onRef('theirs.channel_id', '=', 'mine.channel_id'))
      .innerJoin('channel as c', 'c.id', 'mine.channel_id')
      .select('mine.channel_id')
      .where('c.monoforum', '=', 0)
      .where('mine.user_id', '=', ctx.userId)
      .where('theirs.user_id', '=', user.id)
      .where('mine.state', '=', 0)
      .where('theirs.state', '=', 0)
      .where('c.megagroup', '=', 1)
      .where('c.deleted', '=', 0)
      .$if(req.maxId > 0, (q) => q.where('mine.channel_id', '<', req.maxId))
      .orderBy('mine.channel_id', 'desc')
      .limit(Math.max(1, Math.min(req.limit, MOST)))
      .execute()
    const groups = await viewChats(
      ctx,
      rows.map((r) => r.chat_id),
    )
    const supergroups = await viewChannels(
      ctx,
      channels.map((r) => r.channel_id),
    )
    // One numbering for both in the order of the answer.
    const chats = [...supergroups, ...groups].sort((a, b) => b.id - a.id)
    return { _: 'messages.chats', chats: chats.slice(0, Math.max(1, Math.min(req.limit, MOST))) }
  },
  { flood: 'read' },
)
