import { access } from '../../domain/access.ts'
import { EVENTS_KEPT } from '../../domain/channel-events.ts'
import { isAdmin } from '../../domain/channel-rights.ts'
import { complete } from '../../domain/complete.ts'
import { addressFiles } from '../../domain/files.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

export default method(
  'channels.getAdminLog',
  async (ctx, req) => {
    const channel = await access.channel(ctx, req.channel)
    if (!isAdmin(channel.member)) throw new RpcError('CHAT_ADMIN_REQUIRED')
    const filter = req.eventsFilter
    const kinds = filter && Object.keys(filter).filter((key) => key !== '_' && filter[key as 'join'])
    const admins = req.admins && (await access.users(ctx, req.admins)).map((user) => user.id)
    const words = req.q
      .trim()
      .toLowerCase()
      .replaceAll(/[\\%_]/g, '')
    const rows = await ctx.db
      .selectFrom('channel_event')
      .selectAll()
      .where('channel_id', '=', channel.id)
      .where('date', '>', ctx.now - EVENTS_KEPT)
      .$if(kinds !== undefined && kinds.length > 0, (q) => q.where('kind', 'in', kinds!))
      .$if(admins !== undefined && admins.length > 0, (q) => q.where('user_id', 'in', admins!))
      .$if(words !== '', (q) => q.where('text', 'like', `%${words}%`))
      .$if(req.maxId > 0n, (q) => q.where('id', '<', Number(req.maxId)))
      .$if(req.minId > 0n, (q) => q.where('id', '>', Number(req.minId)))
      .orderBy('id', 'desc')
      .limit(pageLimit(req.limit))
      .execute()
    const events = rows.map((row): tl.ChannelAdminLogEvent => {
      const action = addressFiles(ctx, readObject(row.action) as tl.ChannelAdminLogEventAction)
      return { _: 'channelAdminLogEvent', id: BigInt(row.id), date: row.date, userId: row.user_id, action }
    })
    return complete<tl.channels_adminLogResults>(ctx, { _: 'channels.adminLogResults', events, chats: [], users: [] })
  },
  { flood: 'read' },
)
