import { userRow } from '../../domain/user-rows.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.getContentSettings',
  async (ctx) => {
    const me = await userRow(ctx, ctx.userId)
    return {
      _: 'account.contentSettings',
      sensitiveEnabled: me?.sensitive === 1 || undefined,
      sensitiveCanChange: true,
    }
  },
  { flood: 'read' },
)
