import { access } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { complete } from '../../domain/complete.ts'
import { messageRow } from '../../domain/message-rows.ts'
import { pageLimit } from '../../domain/pagination.ts'
import type { Ctx } from '../../rpc/context.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { statsOf } from './rights.ts'

/** Where a page ended: the date, the channel and the message of its last forward. */
const OFFSET = /^(\d{1,12})_(-\d{1,17})_(\d{1,12})$/

export default method(
  'stats.getMessagePublicForwards',
  async (ctx, req) => {
    const { channel } = await statsOf(ctx, req.channel)
    const { id } = await access.message(ctx, channel, req.msgId)
    const limit = pageLimit(req.limit)
    const places = forwardsOf(ctx, channel.id, id)
    const { count } = await places.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    let page = places
      .select(['f.date', 'f.peer', 'f.forward_id'])
      .orderBy('f.date', 'desc')
      .orderBy('f.peer', 'desc')
      .orderBy('f.forward_id', 'desc')
      .limit(limit + 1)
    const at = OFFSET.exec(req.offset)
    if (at) {
      const [date, peer, forward] = [Number(at[1]), Number(at[2]), Number(at[3])]
      page = page.where((eb) =>
        eb.or([
          eb('f.date', '<', date),
          eb.and([eb('f.date', '=', date), eb('f.peer', '<', peer)]),
          eb.and([eb('f.date', '=', date), eb('f.peer', '=', peer), eb('f.forward_id', '<', forward)]),
        ]),
      )
    }
    const found = await page.execute()
    const shown = found.slice(0, limit)
    const rows = (await Promise.all(shown.map((one) => messageRow(ctx, one.peer, one.forward_id)))).filter(
      (row) => row !== undefined,
    )
    const messages = await viewMessages(ctx, rows)
    const last = found.length > limit ? shown.at(-1) : undefined
    return complete<tl.stats_publicForwards>(ctx, {
      _: 'stats.publicForwards',
      count: Number(count),
      forwards: messages.map((message) => ({ _: 'publicForwardMessage', message })),
      nextOffset: last && `${last.date}_${last.peer}_${last.forward_id}`,
      chats: [],
      users: [],
    })
  },
  { flood: 'read' },
)

/** A post's forwards that are still there, in channels and supergroups that anybody can find. */
function forwardsOf(ctx: Ctx, channelId: number, message: number) {
  return ctx.db
    .selectFrom('forward_place as f')
    .where('f.channel_id', '=', channelId)
    .where('f.message_id', '=', message)
    .where((eb) =>
      eb.and([
        eb.exists(
          eb.selectFrom('username as u').select('u.name').whereRef('u.owner', '=', 'f.peer').where('u.active', '=', 1),
        ),
        eb.exists(
          eb
            .selectFrom('message as m')
            .select('m.id')
            .whereRef('m.owner', '=', 'f.peer')
            .whereRef('m.id', '=', 'f.forward_id'),
        ),
      ]),
    )
}
