import { access } from '../../domain/access.ts'
import { viewChannels } from '../../domain/channels.ts'
import { RECOMMENDED, RECOMMENDED_PREMIUM } from '../../domain/recommended.ts'
import { userRow } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.getChannelRecommendations',
  async (ctx, req) => {
    const channel = req.channel && (await access.channel(ctx, req.channel))
    if (channel?.row.megagroup === 1) throw new RpcError('CHANNEL_INVALID')
    // Public channels that people of this one (or of those the caller is in) are in, too, the most of them first.
    const rows = await ctx.db
      .selectFrom('channel_member as mine')
      .innerJoin('channel_member as theirs', (j) =>
        j.onRef('theirs.user_id', '=', 'mine.user_id').onRef('theirs.channel_id', '<>', 'mine.channel_id'),
      )
      .innerJoin('channel as c', 'c.id', 'theirs.channel_id')
      .select((eb) => ['c.id', eb.fn.countAll<number>().as('common')])
      .where('mine.state', '=', 0)
      .where('theirs.state', '=', 0)
      .where('c.megagroup', '=', 0)
      .where('c.deleted', '=', 0)
      .where((eb) =>
        channel
          ? eb('mine.channel_id', '=', channel.id)
          : eb(
              'mine.channel_id',
              'in',
              eb
                .selectFrom('channel_member as own')
                .select('own.channel_id')
                .where('own.user_id', '=', ctx.userId)
                .where('own.state', '=', 0),
            ),
      )
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('channel_member as in')
              .select('in.user_id')
              .whereRef('in.channel_id', '=', 'c.id')
              .where('in.user_id', '=', ctx.userId)
              .where('in.state', '=', 0),
          ),
        ),
      )
      .groupBy('c.id')
      .orderBy('common', 'desc')
      .orderBy('c.id')
      .limit(RECOMMENDED_PREMIUM * 2)
      .execute()
    const found = await viewChannels(
      ctx,
      rows.map((row) => row.id),
    )
    const open = found.filter((chat) => chat._ === 'channel').slice(0, RECOMMENDED_PREMIUM)
    const { premium } = (await userRow(ctx, ctx.userId))!
    const chats = premium === 1 ? open : open.slice(0, RECOMMENDED)
    // Clients show how many more Premium would.
    return chats.length < open.length
      ? { _: 'messages.chatsSlice', count: open.length, chats }
      : { _: 'messages.chats', chats }
  },
  { flood: 'read' },
)
