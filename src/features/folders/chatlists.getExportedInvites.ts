import { complete } from '../../domain/complete.ts'
import { method } from '../../rpc/method.ts'
import { viewInvite } from './chatlists.ts'
import { ownFilter } from './filters.ts'

/** https://core.telegram.org/method/chatlists.getExportedInvites */
export default method(
  'chatlists.getExportedInvites',
  async (ctx, req) => {
    const { id } = await ownFilter(ctx, req.chatlist.filterId)
    const rows = await ctx.db
      .selectFrom('chatlist_invite')
      .selectAll()
      .where('owner', '=', ctx.userId)
      .where('filter_id', '=', id)
      .orderBy('date', 'desc')
      .orderBy('slug')
      .execute()
    const invites = rows.map(viewInvite)
    return complete(ctx, { _: 'chatlists.exportedInvites' as const, invites, chats: [], users: [] })
  },
  { flood: 'read' },
)
