import { STATE } from '../../domain/channel-rows.ts'
import { viewChannels } from '../../domain/channels.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Channels in one answer. */
const AT_ONCE = 100

/** Channels and supergroups that the account has left, for those who take their data out. */
export default method(
  'channels.getLeftChannels',
  async (ctx, { offset }) => {
    if (!ctx.takeout) throw new RpcError('TAKEOUT_REQUIRED')
    const left = ctx.db
      .selectFrom('channel_member')
      .innerJoin('channel', 'channel.id', 'channel_member.channel_id')
      .where('channel_member.user_id', '=', ctx.userId)
      .where('channel_member.state', '=', STATE.left)
      .where('channel.deleted', '=', 0)
    const { count } = await left.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    const rows = await left
      .select('channel_member.channel_id as id')
      .orderBy('channel_member.channel_id')
      .offset(Math.max(0, offset))
      .limit(AT_ONCE)
      .execute()
    const chats = await viewChannels(
      ctx,
      rows.map((r) => r.id),
    )
    if (offset <= 0 && chats.length === Number(count)) return { _: 'messages.chats', chats }
    return { _: 'messages.chatsSlice', count: Number(count), chats }
  },
  { flood: 'read' },
)
