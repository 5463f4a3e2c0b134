import { complete } from '../../domain/complete.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { groupFigures, memberTrend, topAdmins, topInviters, topPosters } from './figures.ts'
import { graphLater, graphNow } from './graphs.ts'
import { statsOf } from './rights.ts'

export default method(
  'stats.getMegagroupStats',
  async (ctx, req) => {
    const around = await statsOf(ctx, req.channel, (channel) => {
      if (channel.row.megagroup === 0) throw new RpcError('MEGAGROUP_REQUIRED')
    })
    const dark = req.dark === true
    return complete<tl.stats_megagroupStats>(ctx, {
      _: 'stats.megagroupStats',
      period: { _: 'statsDateRangeDays', minDate: around.from, maxDate: ctx.now },
      members: await memberTrend(around),
      ...(await groupFigures(around)),
      growthGraph: await graphNow(around, 'growth', dark),
      membersGraph: await graphNow(around, 'followers', dark),
      newMembersBySourceGraph: graphLater(around, 'joinsBySource', dark),
      languagesGraph: graphLater(around, 'languages', dark),
      messagesGraph: await graphNow(around, 'messages', dark),
      actionsGraph: graphLater(around, 'actions', dark),
      topHoursGraph: graphLater(around, 'topHours', dark),
      weekdaysGraph: graphLater(around, 'weekdays', dark),
      topPosters: await topPosters(around),
      topAdmins: await topAdmins(around),
      topInviters: await topInviters(around),
      users: [],
    })
  },
  { flood: 'read' },
)
