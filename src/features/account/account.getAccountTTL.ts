import { userRow } from '../../domain/user-rows.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.getAccountTTL',
  async (ctx) => ({ _: 'accountDaysTTL', days: (await userRow(ctx, ctx.userId))!.account_ttl }),
  { flood: 'read' },
)
