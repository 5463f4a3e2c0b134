import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { NO_DATA } from './chart.ts'
import { memberTrend, notified, perPost, recentPosts } from './figures.ts'
import { graphLater, graphNow } from './graphs.ts'
import { statsOf } from './rights.ts'

const NOTHING: tl.statsAbsValueAndPrev = { _: 'statsAbsValueAndPrev', current: 0, previous: 0 }

export default method(
  'stats.getBroadcastStats',
  async (ctx, req) => {
    const around = await statsOf(ctx, req.channel, (channel) => {
      if (channel.row.megagroup === 1) throw new RpcError('BROADCAST_REQUIRED')
    })
    const dark = req.dark === true
    return {
      _: 'stats.broadcastStats',
      period: { _: 'statsDateRangeDays', minDate: around.from, maxDate: ctx.now },
      followers: await memberTrend(around),
      ...(await perPost(around)),
      // @TODO stories: end with their own folder.
      viewsPerStory: NOTHING,
      sharesPerStory: NOTHING,
      reactionsPerStory: NOTHING,
      enabledNotifications: await notified(around),
      growthGraph: await graphNow(around, 'growth', dark),
      followersGraph: await graphNow(around, 'followers', dark),
      muteGraph: graphLater(around, 'mute', dark),
      topHoursGraph: graphLater(around, 'topHours', dark),
      interactionsGraph: await graphNow(around, 'interactions', dark),
      // @TODO how often instant views are opened is not counted: ends when clients say so.
      ivInteractionsGraph: NO_DATA,
      viewsBySourceGraph: graphLater(around, 'viewsBySource', dark),
      newFollowersBySourceGraph: graphLater(around, 'joinsBySource', dark),
      languagesGraph: graphLater(around, 'languages', dark),
      reactionsByEmotionGraph: graphLater(around, 'reactions', dark),
      storyInteractionsGraph: NO_DATA,
      storyReactionsByEmotionGraph: NO_DATA,
      recentPostsInteractions: await recentPosts(around),
    }
  },
  { flood: 'read' },
)
