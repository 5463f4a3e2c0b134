import type { ChannelRef } from '../../domain/access.ts'
import { boostsBy } from '../../domain/boost-slots.ts'
import { boostLevel, boostsOfLevel } from '../../domain/boosts.ts'
import { isAdmin } from '../../domain/channel-rights.ts'
import { activeUsernames } from '../../domain/usernames.ts'
import type { Ctx } from '../../rpc/context.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { boosted } from './boosted.ts'

export default method(
  'premium.getBoostsStatus',
  async (ctx, req) => {
    const channel = await boosted(ctx, req.peer)
    const { row } = channel
    const level = boostLevel(ctx, row)
    const mine = (await boostsBy(ctx, ctx.userId)).filter((boost) => boost.peer === channel.peer)
    const answer: tl.premium_boostsStatus = {
      _: 'premium.boostsStatus',
      level,
      currentLevelBoosts: boostsOfLevel(ctx, level)!,
      boosts: row.boosts,
      nextLevelBoosts: boostsOfLevel(ctx, level + 1),
      boostUrl: await boostLink(ctx, channel),
    }
    if (mine.length > 0) {
      answer.myBoost = true
      answer.myBoostSlots = mine.map((boost) => boost.slot)
    }
    if (isAdmin(channel.member)) {
      // @TODO gift codes and giveaways: end with the payments' folder. Until then no boost is a gift.
      answer.giftBoosts = 0
      answer.premiumAudience = { _: 'statsPercentValue', part: await premiumMembers(ctx, row.id), total: row.members }
    }
    return answer
  },
  { flood: 'read' },
)

/** https://core.telegram.org/api/links#boost-links */
async function boostLink(ctx: Ctx, channel: ChannelRef): Promise<string> {
  const [name] = await activeUsernames(ctx, channel.peer)
  return name ? `https://t.me/boost/${name.username}` : `https://t.me/boost?c=${channel.id}`
}

/** How many of a channel's members have Premium: counted from those who have it, who are few. */
async function premiumMembers(ctx: Ctx, channelId: number): Promise<number> {
  const { count } = await ctx.db
    .selectFrom('premium as p')
    .innerJoin('channel_member as m', (j) => j.onRef('m.user_id', '=', 'p.owner').on('m.channel_id', '=', channelId))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('m.state', '=', 0)
    .executeTakeFirstOrThrow()
  return count
}
