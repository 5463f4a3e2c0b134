import { viewChannels } from '../../domain/channels.ts'
import { ROLE } from '../../domain/chat-rows.ts'
import { viewChats } from '../../domain/chats.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.getGroupsForDiscussion',
  async (ctx) => {
    const groups = await ctx.db
      .selectFrom('channel as c')
      .innerJoin('channel_member as m', 'm.channel_id', 'c.id')
      .select('c.id')
      .where('m.user_id', '=', ctx.userId)
      .where('m.state', '=', 0)
      .where('m.role', '=', ROLE.creator)
      .where('c.megagroup', '=', 1)
      .where('c.forum', '=', 0)
      .where('c.linked', 'is', null)
      .where('c.deleted', '=', 0)
      .orderBy('c.id')
      .execute()
    // Basic groups become supergroups before they can be linked.
    const basic = await ctx.db
      .selectFrom('chat')
      .select('id')
      .where('creator', '=', ctx.userId)
      .where('deactivated', '=', 0)
      .orderBy('id')
      .execute()
    const supergroups = await viewChannels(
      ctx,
      groups.map((row) => row.id),
    )
    const others = await viewChats(
      ctx,
      basic.map((row) => row.id),
    )
    return { _: 'messages.chats', chats: [...supergroups, ...others] }
  },
  { flood: 'read' },
)
