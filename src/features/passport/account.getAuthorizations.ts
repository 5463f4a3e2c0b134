import { authorizationsOf, viewAuthorization } from '../../domain/authorizations.ts'
import { userRow } from '../../domain/user-rows.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.getAuthorizations',
  async (ctx) => {
    const [user, rows] = await Promise.all([userRow(ctx, ctx.userId), authorizationsOf(ctx, ctx.userId)])
    return {
      _: 'account.authorizations',
      authorizationTtlDays: user!.authorization_ttl,
      authorizations: rows.map((row) => viewAuthorization(ctx, row)),
    }
  },
  { flood: 'read' },
)
