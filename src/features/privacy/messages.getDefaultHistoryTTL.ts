import { userRow } from '../../domain/user-rows.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getDefaultHistoryTTL',
  async (ctx) => ({ _: 'defaultHistoryTTL', period: (await userRow(ctx, ctx.userId))?.history_ttl ?? 0 }),
  { flood: 'read' },
)
