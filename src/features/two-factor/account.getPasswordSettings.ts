import { checkPassword, viewSecure } from '../../domain/passwords.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.getPasswordSettings',
  async (ctx, req) => {
    const row = await checkPassword(ctx, ctx.userId, req.password)
    return {
      _: 'account.passwordSettings',
      email: row?.email ?? undefined,
      secureSettings: row ? viewSecure(row) : undefined,
    }
  },
  { flood: 'password' },
)
