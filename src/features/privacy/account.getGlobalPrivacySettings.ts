import { userRow } from '../../domain/user-rows.ts'
import { globalPrivacy } from '../../domain/users.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.getGlobalPrivacySettings',
  async (ctx) => {
    const me = await userRow(ctx, ctx.userId)
    return (me && globalPrivacy(me)) ?? { _: 'globalPrivacySettings' }
  },
  { flood: 'read' },
)
