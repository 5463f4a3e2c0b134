import { viewUsers } from '../../domain/users.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'help.getSupport',
  async (ctx) => {
    const someone = await ctx.db
      .selectFrom('user')
      .select(['id', 'phone'])
      .where('support', '=', 1)
      .where('deleted', '=', 0)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    // Nobody is support staff until the operator says so.
    if (!someone) throw new RpcError('NOT_IMPLEMENTED')
    const [user] = await viewUsers(ctx, [someone.id])
    return { _: 'help.support', phoneNumber: someone.phone ?? '', user: user! }
  },
  { flood: 'read' },
)
