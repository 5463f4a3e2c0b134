import { viewBoost } from '../../domain/boost-slots.ts'
import { complete } from '../../domain/complete.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { looksAfter } from './boosted.ts'
import { boostsAt } from './list.ts'

export default method(
  'premium.getBoostsList',
  async (ctx, req) => {
    const channel = await looksAfter(ctx, req.peer)
    // @TODO gift codes and giveaways: end with the payments' folder. Until then no boost is a gift.
    const count = req.gifts ? 0 : channel.row.boosts
    const limit = pageLimit(req.limit)
    const rows = req.gifts ? [] : await boostsAt(ctx, channel.peer, req.offset, limit + 1)
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return complete<tl.premium_boostsList>(ctx, {
      _: 'premium.boostsList',
      count,
      boosts: shown.map(viewBoost),
      nextOffset: last && `${last.date}_${last.boost_id}`,
      users: [],
    })
  },
  { flood: 'read' },
)
