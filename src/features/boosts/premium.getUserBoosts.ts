import { access } from '../../domain/access.ts'
import { viewBoost } from '../../domain/boost-slots.ts'
import { complete } from '../../domain/complete.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { looksAfter } from './boosted.ts'
import { boostsFrom } from './list.ts'

export default method(
  'premium.getUserBoosts',
  async (ctx, req) => {
    const channel = await looksAfter(ctx, req.peer)
    const user = await access.user(ctx, req.userId)
    const boosts = (await boostsFrom(ctx, channel.peer, user.id)).map(viewBoost)
    return complete<tl.premium_boostsList>(ctx, {
      _: 'premium.boostsList',
      count: boosts.length,
      boosts,
      users: [],
    })
  },
  { flood: 'read' },
)
