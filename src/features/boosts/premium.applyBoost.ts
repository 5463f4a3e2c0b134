import { applyBoosts, viewMyBoosts } from '../../domain/boost-slots.ts'
import { complete } from '../../domain/complete.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { boosted } from './boosted.ts'

export default method(
  'premium.applyBoost',
  async (ctx, req) => {
    await ctx.transact(async (tx) => {
      const channel = await boosted(tx, req.peer)
      await applyBoosts(tx, channel.peer, req.slots)
    })
    const myBoosts = await viewMyBoosts(ctx)
    return complete<tl.premium_myBoosts>(ctx, { _: 'premium.myBoosts', myBoosts, chats: [], users: [] })
  },
  { flood: 'write' },
)
