import { viewMyBoosts } from '../../domain/boost-slots.ts'
import { complete } from '../../domain/complete.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'premium.getMyBoosts',
  async (ctx) => {
    const myBoosts = await viewMyBoosts(ctx)
    return complete<tl.premium_myBoosts>(ctx, { _: 'premium.myBoosts', myBoosts, chats: [], users: [] })
  },
  { flood: 'read' },
)
